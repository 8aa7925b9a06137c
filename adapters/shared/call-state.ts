import { classOfStatus, FAILURE_CLASSES, type FailureClass } from '../../src/model/classes';
import { ContractError, isTrunkName, quoted } from './contract';

/**
 * The call's own memory, kept only by the dialplan: `CRANKBACK_STATE` on Asterisk, `crankback_state` on
 * FreeSWITCH.
 */
export interface CallState<Name = TrunkName> {
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  readonly attempts: readonly StateAttempt<Name>[];
  /** The last 3xx followed. */
  readonly redirected?: { readonly target: string; readonly hops: number };
}

/** An attempt in the call's own memory. */
export type StateAttempt<Name = TrunkName> = Name & {
  /** Final SIP status; absent if none came. */
  readonly sip?: number;
  readonly rang: boolean;
  /** Absent where it follows from status and ringing; see `amendedState`. */
  readonly class?: FailureClass;
  /** The attempt was a reoffer. */
  readonly reoffered?: true;
};

export interface TrunkName {
  readonly trunk: string;
}

/** Differences between the state texts of two dialplans. */
export interface StateDialect<Name> {
  /** The contract's version, at the beginning of the text. */
  readonly version: string;
  /** Name of the text's place, for the operator: `crankback_state`. */
  readonly where: string;
  /** Unit of the start, for the operator: `seconds`. */
  readonly unit: string;
  /** Start of the hunt, Unix time in milliseconds; undefined if the text is no time. */
  readonly startOf: (text: string) => number | undefined;
  /** Name of the trunk in an attempt; undefined for any other text. */
  readonly nameOf: (text: string) => Name | undefined;
}

const CLASSES: ReadonlyMap<string, FailureClass> = new Map(
  FAILURE_CLASSES.map((name) => [name, name]),
);

/** A policy allows 20 attempts; a user's failed fork has 12 legs with channel names. Characters. */
const LONGEST_STATE = 8_192;

/** Nearly every attempt begins with the name of a trunk. */
export function trunkName(text: string): TrunkName | undefined {
  return isTrunkName(text) ? { trunk: text } : undefined;
}

/**
 * Reads `1/<start>/<policy>/<generation>`, then `/trunk:status:rang` for each attempt, with `:o` after a
 * reoffer and the class behind it (`:o:no-credit`, `::no-credit`), and `/>number:hops` for each followed
 * redirection. An older state has no classes. A class that this crankback does not know is left out: a
 * newer one may have written it.
 * @throws ContractError naming the part that is wrong
 */
export function readCallState<Name>(text: string, dialect: StateDialect<Name>): CallState<Name> {
  const { version: expected, where, unit, startOf } = dialect;
  if (text.length > LONGEST_STATE) {
    throw new ContractError(
      `${where} is ${quoted(text)} and more, expected ${LONGEST_STATE} characters at most`,
    );
  }
  const [version, start = '', , , ...steps] = text.split('/');
  const startedAt = startOf(start);
  if (version !== expected || startedAt === undefined) {
    throw new ContractError(
      `${where} is ${quoted(text)}, expected ${expected}/<${unit}>/<policy>/<generation>`,
    );
  }
  const followed = steps.findLast(isRedirection);
  return {
    startedAt,
    attempts: steps
      .filter((step) => !isRedirection(step))
      .map((step) => readAttempt(step, dialect)),
    ...(followed !== undefined && { redirected: readRedirection(followed, where) }),
  };
}

/** A followed redirection as a step of the state, without the leading slash. */
export function redirectionStep({
  target,
  hops,
}: {
  readonly target: string;
  readonly hops: number;
}): string {
  return `>${target}:${hops}`;
}

function isRedirection(step: string): boolean {
  return step.startsWith('>');
}

function readRedirection(text: string, where: string): { target: string; hops: number } {
  const [, target, hops] = /^>([0-9A-D*#+]{1,32}):(\d{1,2})$/.exec(text) ?? [];
  if (target === undefined || hops === undefined)
    throw new ContractError(`a redirection in ${where} is ${quoted(text)}`);
  return { target, hops: Number(hops) };
}

function readAttempt<Name>(
  text: string,
  { where, nameOf }: StateDialect<Name>,
): StateAttempt<Name> {
  const [name = '', status = '', rang, mark, word = ''] = text.split(':');
  const named = nameOf(name);
  if (named === undefined)
    throw new ContractError(`an attempt in ${where} names the trunk ${quoted(name)}`);
  // A provisional status shows how far a call was at its time-out; it is no answer.
  const final = /^[3-6]\d\d$/.test(status);
  const failureClass = CLASSES.get(word);
  return {
    ...named,
    rang: rang === '1',
    ...(failureClass !== undefined && { class: failureClass }),
    ...(final && { sip: Number(status) }),
    ...(mark === 'o' && { reoffered: true as const }),
  };
}

/** What is known of an attempt by now. */
export interface KnownAttempt {
  readonly rang: boolean;
  readonly class?: FailureClass;
  /** Replaces a status that the dialplan wrote of another leg of the attempt. */
  readonly sip?: number;
}

/**
 * The state with what is known by now of its attempts, in their order: ringing, status, and the class where status and
 * ringing do not say it. An attempt that is undefined, or that cannot be read, stays as it is.
 */
export function amendedState(text: string, known: readonly (KnownAttempt | undefined)[]): string {
  let attempt = 0;
  const [version, start, policy, generation, ...steps] = text.split('/');
  const amended = steps.map((step) => {
    if (isRedirection(step)) return step;
    const about = known[attempt++];
    return about ? amendedStep(step, about) : step;
  });
  return [version, start, policy, generation, ...amended]
    .filter((part) => part !== undefined)
    .join('/');
}

function amendedStep(step: string, { rang, class: name, sip }: KnownAttempt): string {
  const [, head = '', written = '', was, mark = ''] =
    /^([^:]+):(\d{0,3}):([01]?)(?::(o?)(?::[a-z-]{0,32})?)?$/.exec(step) ?? [];
  if (was === undefined) return step;
  const status = written === '' || sip === undefined ? written : String(sip);
  const rings = rang ? '1' : was.replace('1', '');
  const plain = `${head}:${status}:${rings}`;
  if (name !== undefined && !isImplied(name, status, rang)) return `${plain}:${mark}:${name}`;
  return mark === '' ? plain : `${plain}:${mark}`;
}

/** RFC 3261 8.1.3.1: a PBX's own 503 is a call that could not be sent, and its own 408 is silence. */
const NO_ANSWER_CAME: ReadonlySet<string> = new Set(['', '408', '503']);

/** Whether a reader without the class would treat the attempt in the same way. */
function isImplied(name: FailureClass, status: string, rang: boolean): boolean {
  if (!rang && NO_ANSWER_CAME.has(status) && UNANSWERED.has(name)) return true;
  if (!/^[3-6]/.test(status)) return rang && name === 'no-answer';
  return name === classOfStatus(Number(status), { rang, ours: false });
}

const UNANSWERED: ReadonlySet<FailureClass> = new Set(['local-unreachable', 'trunk-timeout']);
