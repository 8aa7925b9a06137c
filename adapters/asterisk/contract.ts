import type { PastAttempt } from '../../src/policy/hunt';

/** The version that the shipped dialplan sends first; both sides change together. */
export const CONTRACT_VERSION = '1';

/** What `Stasis(crankback,…)` of the shipped dialplan says. */
export interface Report {
  readonly event: 'route' | 'failed' | 'mailbox-missing' | 'invalid-number';
  readonly number: string;
  /** The number as the caller sent it, at most 64 characters, hostile; only for `invalid-number`. */
  readonly raw: string;
  readonly state: CallState;
  /** As the user's dialplan set it; empty means not set. */
  readonly mailbox: string;
  /** The last attempt; absent before the first. */
  readonly attempt?: AttemptReport;
}

/** The call's own memory, kept by the dialplan alone; see `CRANKBACK_STATE` there. */
export interface CallState {
  /** Milliseconds since the epoch, by the PBX's clock. */
  readonly startedAt: number;
  readonly attempts: readonly PastAttempt[];
}

/** What `Dial()` left behind. */
export interface AttemptReport {
  readonly trunk: string;
  /** Channel name of leg B; empty when nothing ever came back from it. */
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
}

/** The arguments are not of this contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const EVENTS = new Set(['route', 'failed', 'mailbox-missing', 'invalid-number']);
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
  if (!EVENTS.has(event)) throw new ContractError(`unknown event ${JSON.stringify(event)}`);
  const fields = new Map(rest.map((field) => split(field, '=')));
  const attempt = fields.has('trunk') ? readAttempt(fields) : undefined;
  if (!attempt && (event === 'failed' || event === 'mailbox-missing')) {
    throw new ContractError(`event "${event}" without the field "trunk"`);
  }
  return {
    event: event as Report['event'],
    number: fields.get('number') ?? '',
    raw: decode(decode(fields.get('raw') ?? '')),
    state: readState(fields.get('state') ?? ''),
    mailbox: decode(fields.get('mailbox') ?? ''),
    ...(attempt && { attempt }),
  };
}

/** `1/<start in seconds>/<policy>/<epoch>` and `/trunk:status:rang` for each attempt. */
export function readState(text: string): CallState {
  const [version, start = '', , , ...attempts] = text.split('/');
  const startedAt = Math.round(Number(start) * 1000);
  if (version !== CONTRACT_VERSION || !/^\d{1,12}(\.\d{1,9})?$/.test(start)) {
    throw new ContractError(
      `the field "state" is ${JSON.stringify(text)}, expected 1/<seconds>/<policy>/<epoch>`,
    );
  }
  return { startedAt, attempts: attempts.map(readPastAttempt) };
}

function readPastAttempt(text: string): PastAttempt {
  const [trunk = '', status = '', rang = ''] = text.split(':');
  if (!TRUNK.test(trunk))
    throw new ContractError(`an attempt in "state" names the trunk ${JSON.stringify(trunk)}`);
  // A provisional status is where a time-out found the call, not an answer to it.
  const final = /^[3-6]\d\d$/.test(status);
  return { trunk, rang: rang === '1', ...(final && { sip: Number(status) }) };
}

function readAttempt(fields: ReadonlyMap<string, string>): AttemptReport {
  const trunk = fields.get('trunk') ?? '';
  if (!TRUNK.test(trunk)) throw new ContractError(`the field "trunk" is ${JSON.stringify(trunk)}`);
  const cause = Number(fields.get('cause') || 0);
  const progressAt = milliseconds(fields.get('progress_ms'));
  const elapsed = milliseconds(fields.get('elapsed_ms'));
  return {
    trunk,
    leg: fields.get('leg') ?? '',
    dialStatus: fields.get('dialstatus') ?? '',
    cause: Number.isInteger(cause) ? cause : 0,
    // Encoded twice: once by variable name against the dialplan's own parser, once for the arguments.
    tech: decode(decode(fields.get('tech') ?? '')),
    rang: milliseconds(fields.get('ring_ms')) !== undefined,
    progress: progressAt !== undefined,
    ...(progressAt !== undefined &&
      elapsed !== undefined && { earlyMediaMs: Math.max(0, elapsed - progressAt) }),
  };
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
