import type { Codec } from '../../../src/model/media';
import { readCallState, trunkName, type CallState, type TrunkName } from '../../shared/call-state';
import {
  ContractError,
  isReportedEvent,
  isTrunkName,
  quoted,
  type ReportedEvent,
} from '../../shared/contract';
import { percentDecoded } from '../../shared/percent-decoding';
import { codecsIn } from '../trunks/codecs';
import type { Fields } from './contract-fields';

/** The version that the shipped dialplan sends first; both sides change together. */
export const CONTRACT_VERSION = '1';

/** A report of the shipped dialplan: `Stasis(crankback,…)`. */
export interface Report {
  readonly event: ReportedEvent;
  readonly number: string;
  /** The number as the caller sent it, at most 64 characters, untrusted; only for `invalid-number`. */
  readonly raw: string;
  readonly state: CallState<StateName>;
  /** The same as the dialplan has it. */
  readonly stateText: string;
  /** Which connection's variables Asterisk has; undefined where the dialplan does not tell. */
  readonly session?: string;
  /** Set by the user's dialplan; empty if not set. */
  readonly mailbox: string;
  /** The user's context that the call came from. */
  readonly context: string;
  /** Number that diverted the call here; empty if none. */
  readonly diverting: string;
  /** Codecs of leg A, the one in use first; empty if the dialplan does not report them. */
  readonly native: readonly Codec[];
  /**
   * Results of the last Dial(): none before the first, one attempt of ours, or every leg of the user's own
   * Dial() (`failed-only`, trunks not yet known).
   */
  readonly attempts: readonly AttemptReport[];
}

/** Name of an attempt in the call's own memory: its trunk, or the leg of the user's own Dial(). */
export type StateName =
  | TrunkName
  /** Channel name, with `~` for each character that a state cannot contain. */
  | { readonly leg: string };

/** Result of `Dial()` for one leg. */
export interface AttemptReport {
  /** Absent for a leg of the user's own Dial(). */
  readonly trunk?: string;
  /** Channel name of leg B; empty if nothing ever came back from it. Untrusted: may contain a number. */
  readonly leg: string;
  readonly dialStatus: string;
  /** HANGUPCAUSE of leg A. */
  readonly cause: number;
  /** `SIP 503 Service Unavailable`; also a provisional status after a time-out, or empty. */
  readonly tech: string;
  readonly rang: boolean;
  readonly progress: boolean;
  /** From `Dial()` to its end; absent where the dialplan does not tell. Milliseconds. */
  readonly elapsedMs?: number;
  /** From the first early media to the failure; absent without early media. Milliseconds. */
  readonly earlyMediaMs?: number;
  /** Codecs that leg B was told to offer; absent: as its endpoint is configured. */
  readonly offered?: readonly Codec[];
}

/** Asterisk gives an application 128 arguments at most. */
const MOST_FIELDS = 256;
/** A reason phrase of 1,000 characters, encoded twice, has 5,000; a state 8,192. Characters. */
const LONGEST_FIELD = 16_384;
/** What a caller sent in place of a number. Characters. */
const LONGEST_RAW = 64;

/**
 * Reads the arguments of a StasisStart event.
 * @throws ContractError naming the field that is wrong and what the dialplan should send
 */
export function readReport(args: readonly string[]): Report {
  const [version, event = '', ...rest] = args;
  if (version !== CONTRACT_VERSION) {
    throw new ContractError(
      `the dialplan speaks contract version ${quoted(version ?? 'none')}, this crankback speaks ${CONTRACT_VERSION}: install the dialplan that came with it`,
    );
  }
  if (!isReportedEvent(event)) throw new ContractError(`unknown event ${quoted(event)}`);
  if (rest.length > MOST_FIELDS) {
    throw new ContractError(`${rest.length} fields, expected ${MOST_FIELDS} at most`);
  }
  const tooLong = rest.find((field) => field.length > LONGEST_FIELD);
  if (tooLong !== undefined) {
    throw new ContractError(
      `a field is ${quoted(tooLong)} and more, expected ${LONGEST_FIELD} characters at most`,
    );
  }
  const pairs = rest.map((field) => split(field, '='));
  const fields: Fields = new Map<string, string>(pairs);
  const attempts = fields.has('trunk') ? [readAttempt(fields)] : readLegs(pairs);
  if (event === 'failed' && attempts[0]?.trunk === undefined) {
    throw new ContractError('event "failed" without the field "trunk"');
  }
  if (event === 'mailbox-missing' && attempts.length === 0) {
    throw new ContractError('event "mailbox-missing" without the field "trunk" or "leg"');
  }
  const session = fields.get('session');
  return {
    event,
    ...(session !== undefined && { session }),
    number: fields.get('number') ?? '',
    raw: percentDecoded(percentDecoded(fields.get('raw') ?? '')).slice(0, LONGEST_RAW),
    state: readState(fields.get('state') ?? ''),
    stateText: fields.get('state') ?? '',
    mailbox: percentDecoded(fields.get('mailbox') ?? ''),
    context: fields.get('context') ?? '',
    diverting: fields.get('diverting') ?? '',
    native: codecsIn(fields.get('native') ?? ''),
    attempts,
  };
}

/**
 * The call's own memory, its start in seconds; a leg of the user's own Dial() follows `=`.
 * @throws ContractError
 */
export function readState(text: string): CallState<StateName> {
  return readCallState(text, {
    version: CONTRACT_VERSION,
    where: 'the field "state"',
    unit: 'seconds',
    startOf: (start) =>
      /^\d{1,12}(\.\d{1,9})?$/.test(start) ? Math.round(Number(start) * 1000) : undefined,
    nameOf: (name) => (name.startsWith('=') ? { leg: name.slice(1) } : trunkName(name)),
  });
}

/** `leg=…,tech=…` for each leg; fields before the first leg apply to all legs. */
function readLegs(pairs: readonly (readonly [string, string])[]): AttemptReport[] {
  const starts = pairs.flatMap(([name], index) => (name === 'leg' ? [index] : []));
  const common = pairs.slice(0, starts[0] ?? 0);
  return starts.map((start, index) =>
    readAttempt(new Map<string, string>([...common, ...pairs.slice(start, starts[index + 1])])),
  );
}

function readAttempt(fields: Fields): AttemptReport {
  const trunk = fields.get('trunk');
  if (trunk !== undefined && !isTrunkName(trunk))
    throw new ContractError(`the field "trunk" is ${quoted(trunk)}`);
  const cause = Number(fields.get('cause') || 0);
  const progressAt = milliseconds(fields.get('progress_ms'));
  const elapsed = milliseconds(fields.get('elapsed_ms'));
  const offered = codecsIn(fields.get('offer') ?? '');
  return {
    ...(trunk !== undefined && { trunk }),
    leg: fields.get('leg') ?? '',
    dialStatus: fields.get('dialstatus') ?? '',
    cause: Number.isInteger(cause) ? cause : 0,
    // Encoded twice: by variable name against the dialplan's own parser, then for the arguments.
    tech: percentDecoded(percentDecoded(fields.get('tech') ?? '')),
    rang: milliseconds(fields.get('ring_ms')) !== undefined,
    progress: progressAt !== undefined,
    ...(elapsed !== undefined && { elapsedMs: elapsed }),
    ...(progressAt !== undefined &&
      elapsed !== undefined && { earlyMediaMs: Math.max(0, elapsed - progressAt) }),
    ...(offered.length > 0 && { offered }),
  };
}

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function split(field: string, by: string): [string, string] {
  const at = field.indexOf(by);
  return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}
