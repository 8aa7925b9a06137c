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

/** A policy allows 20 attempts; a user's failed fork has 12 legs with channel names. Characters. */
const LONGEST_STATE = 8_192;

/** Nearly every attempt begins with the name of a trunk. */
export function trunkName(text: string): TrunkName | undefined {
  return isTrunkName(text) ? { trunk: text } : undefined;
}

/**
 * Reads `1/<start>/<policy>/<generation>`, then `/trunk:status:rang` for each attempt, with `:o` after a
 * reoffer, and `/>number:hops` for each followed redirection.
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
  const [name = '', status = '', rang, mark] = text.split(':');
  const named = nameOf(name);
  if (named === undefined)
    throw new ContractError(`an attempt in ${where} names the trunk ${quoted(name)}`);
  // A provisional status shows how far a call was at its time-out; it is no answer.
  const final = /^[3-6]\d\d$/.test(status);
  return {
    ...named,
    rang: rang === '1',
    ...(final && { sip: Number(status) }),
    ...(mark === 'o' && { reoffered: true as const }),
  };
}
