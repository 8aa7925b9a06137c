import type { Codec } from '../../../src/model/media';
import { codecsIn } from '../trunks/codecs';
import { EVENTS, type Fields, type ReportedEvent } from './contract-fields';

/** The version that the shipped dialplan sends first; both sides change together. */
export const CONTRACT_VERSION = '1';

/** What `Stasis(crankback,…)` of the shipped dialplan says. */
export interface Report {
  readonly event: ReportedEvent;
  readonly number: string;
  /** The number as the caller sent it, at most 64 characters, hostile; only for `invalid-number`. */
  readonly raw: string;
  readonly state: CallState;
  /** As the user's dialplan set it; empty means not set. */
  readonly mailbox: string;
  /** The user's context that the call came from. */
  readonly context: string;
  /** Who diverted the call here, a number; empty means nobody. */
  readonly diverting: string;
  /** Codecs of leg A, the one in use first; empty where the dialplan does not tell. */
  readonly native: readonly Codec[];
  /**
   * What the last Dial() left behind: nothing before the first, one attempt of ours, or every leg of
   * the user's own Dial() (`failed-only`, trunks not yet known).
   */
  readonly attempts: readonly AttemptReport[];
}

/** The call's own memory, kept by the dialplan alone; see `CRANKBACK_STATE` there. */
export interface CallState {
  /** Milliseconds since the epoch, by the PBX's clock. */
  readonly startedAt: number;
  readonly attempts: readonly StateAttempt[];
  /** The last 3xx that was followed. */
  readonly redirected?: { readonly target: string; readonly hops: number };
}

/** An attempt in the call's own memory: of ours by its trunk, of the user's Dial() by its leg. */
export type StateAttempt = (
  | { readonly trunk: string }
  /** Channel name, `~` for each character that a state cannot hold. */
  | { readonly leg: string }
) & {
  /** Final SIP status; absent when none came. */
  readonly sip?: number;
  readonly rang: boolean;
  /** It was a second offer of other codecs. */
  readonly reoffered?: true;
};

/** What `Dial()` left behind of one leg. */
export interface AttemptReport {
  /** Absent for a leg of the user's own Dial(). */
  readonly trunk?: string;
  /** Channel name of leg B; empty when nothing ever came back from it. Hostile: may hold a number. */
  readonly leg: string;
  readonly dialStatus: string;
  /** HANGUPCAUSE of leg A. */
  readonly cause: number;
  /** `SIP 503 Service Unavailable`; also a provisional status after a time-out, or empty. */
  readonly tech: string;
  readonly rang: boolean;
  readonly progress: boolean;
  /** From the first early media to the failure; absent without early media. Milliseconds. */
  readonly earlyMediaMs?: number;
  /** What leg B was told to offer; absent for what its endpoint is configured for. */
  readonly offered?: readonly Codec[];
}

/** The arguments are not of this contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const TRUNK = /^[a-z0-9][a-z0-9-]{0,30}$/;

/**
 * Reads the arguments of a StasisStart event.
 * @throws ContractError naming the field that is wrong and what the dialplan should send
 */
export function readReport(args: readonly string[]): Report {
  const [version, event = '', ...rest] = args;
  if (version !== CONTRACT_VERSION) {
    throw new ContractError(
      `the dialplan speaks contract version ${JSON.stringify(version ?? 'none')}, this crankback speaks ${CONTRACT_VERSION}: install the dialplan that came with it`,
    );
  }
  if (!isEvent(event)) throw new ContractError(`unknown event ${JSON.stringify(event)}`);
  const pairs = rest.map((field) => split(field, '='));
  const fields: Fields = new Map<string, string>(pairs);
  const attempts = fields.has('trunk') ? [readAttempt(fields)] : readLegs(pairs);
  if (event === 'failed' && attempts[0]?.trunk === undefined) {
    throw new ContractError('event "failed" without the field "trunk"');
  }
  if (event === 'mailbox-missing' && attempts.length === 0) {
    throw new ContractError('event "mailbox-missing" without the field "trunk" or "leg"');
  }
  return {
    event,
    number: fields.get('number') ?? '',
    raw: decode(decode(fields.get('raw') ?? '')),
    state: readState(fields.get('state') ?? ''),
    mailbox: decode(fields.get('mailbox') ?? ''),
    context: fields.get('context') ?? '',
    diverting: fields.get('diverting') ?? '',
    native: codecsIn(fields.get('native') ?? ''),
    attempts,
  };
}

/** `1/<start in seconds>/<policy>/<epoch>` and `/trunk:status:rang` for each attempt, `:o` behind a re-offer. */
export function readState(text: string): CallState {
  const [version, start = '', , , ...steps] = text.split('/');
  const attempts = steps.filter((step) => !step.startsWith('>'));
  const followed = steps.findLast((step) => step.startsWith('>'));
  const startedAt = Math.round(Number(start) * 1000);
  if (version !== CONTRACT_VERSION || !/^\d{1,12}(\.\d{1,9})?$/.test(start)) {
    throw new ContractError(
      `the field "state" is ${JSON.stringify(text)}, expected 1/<seconds>/<policy>/<epoch>`,
    );
  }
  return {
    startedAt,
    attempts: attempts.map(readPastAttempt),
    ...(followed !== undefined && { redirected: readRedirection(followed) }),
  };
}

/** `>49301234:1`: the new number, and how many redirections this hunt has followed. */
function readRedirection(text: string): { target: string; hops: number } {
  const [, target, hops] = /^>([0-9A-D*#+]{1,32}):(\d{1,2})$/.exec(text) ?? [];
  if (target === undefined || hops === undefined)
    throw new ContractError(`a redirection in "state" is ${JSON.stringify(text)}`);
  return { target, hops: Number(hops) };
}

function readPastAttempt(text: string): StateAttempt {
  const [name = '', status = '', rang = '', mark = ''] = text.split(':');
  // A provisional status is where a time-out found the call, not an answer to it.
  const final = /^[3-6]\d\d$/.test(status);
  const said = {
    rang: rang === '1',
    ...(final && { sip: Number(status) }),
    ...(mark === 'o' && { reoffered: true as const }),
  };
  if (name.startsWith('=')) return { leg: name.slice(1), ...said };
  if (TRUNK.test(name)) return { trunk: name, ...said };
  throw new ContractError(`an attempt in "state" names the trunk ${JSON.stringify(name)}`);
}

/** `leg=…,tech=…` for each leg; what stands before the first leg holds for all of them. */
function readLegs(pairs: readonly (readonly [string, string])[]): AttemptReport[] {
  const starts = pairs.flatMap(([name], index) => (name === 'leg' ? [index] : []));
  const common = pairs.slice(0, starts[0] ?? 0);
  return starts.map((start, index) =>
    readAttempt(new Map<string, string>([...common, ...pairs.slice(start, starts[index + 1])])),
  );
}

function readAttempt(fields: Fields): AttemptReport {
  const trunk = fields.get('trunk');
  if (trunk !== undefined && !TRUNK.test(trunk))
    throw new ContractError(`the field "trunk" is ${JSON.stringify(trunk)}`);
  const cause = Number(fields.get('cause') || 0);
  const progressAt = milliseconds(fields.get('progress_ms'));
  const elapsed = milliseconds(fields.get('elapsed_ms'));
  const offered = codecsIn(fields.get('offer') ?? '');
  return {
    ...(trunk !== undefined && { trunk }),
    leg: fields.get('leg') ?? '',
    dialStatus: fields.get('dialstatus') ?? '',
    cause: Number.isInteger(cause) ? cause : 0,
    // Encoded twice: once by variable name against the dialplan's own parser, once for the arguments.
    tech: decode(decode(fields.get('tech') ?? '')),
    rang: milliseconds(fields.get('ring_ms')) !== undefined,
    progress: progressAt !== undefined,
    ...(progressAt !== undefined &&
      elapsed !== undefined && { earlyMediaMs: Math.max(0, elapsed - progressAt) }),
    ...(offered.length > 0 && { offered }),
  };
}

function isEvent(text: string): text is ReportedEvent {
  return EVENTS.some(({ name }) => name === text);
}

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function split(field: string, by: string): [string, string] {
  const at = field.indexOf(by);
  return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}

/** Percent-decoding that survives any bytes: what is not UTF-8 is read as Latin-1. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(parseInt(hex, 16)),
    );
  }
}
