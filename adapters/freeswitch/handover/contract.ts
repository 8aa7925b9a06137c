import { integer, variable, type ChannelData } from '../esl/channel-data';
import { percentDecoded } from '../esl/message';
import { EVENTS, type ContractVariable, type ReportedEvent } from './contract-variables';

/** The version that the shipped dialplan sets; both sides change together. */
export const CONTRACT_VERSION = '1';

/** What the shipped dialplan says in leg A's channel data when it hands a call over. */
export interface Report {
  readonly event: ReportedEvent;
  /** Names this handover, and an answer brings it back; empty where nobody waits for one. */
  readonly asked: string;
  /** Leg A. */
  readonly uuid: string;
  /** Its channel name, `sofia/external/200@192.0.2.1`; hostile. */
  readonly channel: string;
  /** Milliseconds since the epoch, by FreeSWITCH's clock. */
  readonly at: number;
  readonly answered: boolean;
  readonly number: string;
  /** The number as the caller sent it, at most 64 characters, hostile; only for `invalid-number`. */
  readonly raw: string;
  readonly from: string;
  readonly state: CallState;
  readonly mailbox: string;
  readonly context: string;
  readonly diverting: string;
  /** The attempt of our dialplan that this is about. */
  readonly attempt?: OwnAttempt;
}

/** Where leg A's channel data tells of an attempt of our own dialplan. */
export interface OwnAttempt {
  readonly trunk: string;
  /** Unique-ID of leg B. */
  readonly leg: string;
  /** When its bridge began, milliseconds since the epoch by FreeSWITCH's clock. */
  readonly dialledAt: number;
}

/** The call's own memory, kept by the dialplan alone; see `crankback_state` there. */
export interface CallState {
  /** Milliseconds since the epoch, by FreeSWITCH's clock. */
  readonly startedAt: number;
  readonly attempts: readonly StateAttempt[];
  /** The last 3xx that was followed. */
  readonly redirected?: { readonly target: string; readonly hops: number };
}

export interface StateAttempt {
  readonly trunk: string;
  /** Final SIP status; absent when none came. */
  readonly sip?: number;
  readonly rang: boolean;
  /** It was a second offer of other codecs. */
  readonly reoffered?: true;
}

/** The channel data is not of this contract. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

const TRUNK = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** What the dialplan says when it went on by a plan: as a report that nobody has to answer. */
export interface PlannedReport extends Report {
  readonly slot: { readonly sip: number; readonly heard: boolean };
}

/**
 * Reads the event that brings it.
 * @throws ContractError as `readReport`
 */
export function readPlanned(event: ChannelData): PlannedReport {
  const report = reportOf(event);
  const last = report.state.attempts.at(-1);
  if (report.event !== 'failed' || !report.attempt || !last) {
    throw new ContractError(`a plan used for ${quote(report.event)}`);
  }
  const sip = Number(handedOver(event, 'crankback_sip'));
  const slot = { sip, heard: handedOver(event, 'crankback_heard') === 'h' };
  // The call has its next step already: only the state still names the trunk that failed.
  return { ...report, attempt: { ...report.attempt, trunk: last.trunk }, slot };
}

/**
 * Reads leg A's channel data of a handover.
 * @throws ContractError naming the variable that is wrong and what the dialplan should set
 */
export function readReport(data: ChannelData): Report {
  const report = reportOf(data);
  if (/^[\w-]{1,64}$/.test(report.asked)) return report;
  throw new ContractError(`crankback_asked is ${quote(report.asked)}`);
}

function reportOf(data: ChannelData): Report {
  const version = handedOver(data, 'crankback_contract');
  if (version !== CONTRACT_VERSION) {
    throw new ContractError(
      `the dialplan speaks contract version ${quote(version ?? 'none')}, this crankback speaks ${CONTRACT_VERSION}: install the dialplan that came with it`,
    );
  }
  const event = handedOver(data, 'crankback_event') ?? '';
  if (!isEvent(event)) throw new ContractError(`unknown event ${quote(event)}`);
  const uuid = data['Unique-ID'] ?? '';
  const timestamp = integer(data['Event-Date-Timestamp']);
  if (uuid === '' || timestamp === undefined) {
    throw new ContractError('channel data without Unique-ID or Event-Date-Timestamp');
  }
  const attempt = readAttempt(data);
  const asked = handedOver(data, 'crankback_asked') ?? '';
  if (event === 'failed' && !attempt) {
    throw new ContractError('event "failed" without crankback_trunk and crankback_dialled');
  }
  return {
    event,
    asked,
    uuid,
    channel: data['Channel-Name'] ?? '',
    at: Math.round(timestamp / 1000),
    answered: data['Answer-State'] === 'answered',
    number: handedOver(data, 'crankback_number') ?? '',
    raw: percentDecoded(handedOver(data, 'crankback_raw') ?? '').slice(0, 64),
    from: data['Caller-Caller-ID-Number'] ?? '',
    state: readState(handedOver(data, 'crankback_state') ?? ''),
    mailbox: handedOver(data, 'crankback_mailbox') ?? '',
    context: handedOver(data, 'crankback_context') ?? '',
    diverting: divertingOf(handedOver(data, 'sip_h_Diversion')),
    ...(attempt && { attempt }),
  };
}

/** `1/<start in microseconds>/<policy>/<epoch>` and `/trunk:status:rang` for each attempt, `:o` behind a re-offer. */
export function readState(text: string): CallState {
  const [version, start, , , ...steps] = text.split('/');
  const startedAt = integer(start);
  if (version !== CONTRACT_VERSION || startedAt === undefined) {
    throw new ContractError(
      `crankback_state is ${quote(text)}, expected 1/<microseconds>/<policy>/<epoch>`,
    );
  }
  const followed = steps.findLast((step) => step.startsWith('>'));
  return {
    startedAt: Math.round(startedAt / 1000),
    attempts: steps.filter((step) => !step.startsWith('>')).map(readPastAttempt),
    ...(followed !== undefined && { redirected: readRedirection(followed) }),
  };
}

/** `>49301234:1`: the new number, and how many redirections this hunt has followed. */
function readRedirection(text: string): { target: string; hops: number } {
  const [, target, hops] = /^>([0-9A-D*#+]{1,32}):(\d{1,2})$/.exec(text) ?? [];
  if (target === undefined || hops === undefined)
    throw new ContractError(`a redirection in crankback_state is ${quote(text)}`);
  return { target, hops: Number(hops) };
}

function readPastAttempt(text: string): StateAttempt {
  const [trunk = '', status = '', rang, mark] = text.split(':');
  if (!TRUNK.test(trunk))
    throw new ContractError(`an attempt in crankback_state names the trunk ${quote(trunk)}`);
  const final = /^[3-6]\d\d$/.test(status);
  return {
    trunk,
    rang: rang === '1',
    ...(final && { sip: Number(status) }),
    ...(mark === 'o' && { reoffered: true as const }),
  };
}

function readAttempt(data: ChannelData): OwnAttempt | undefined {
  const trunk = handedOver(data, 'crankback_trunk');
  const dialled = integer(handedOver(data, 'crankback_dialled'));
  if (trunk === undefined || dialled === undefined) return undefined;
  if (!TRUNK.test(trunk)) throw new ContractError(`crankback_trunk is ${quote(trunk)}`);
  return { trunk, leg: handedOver(data, 'crankback_leg') ?? '', dialledAt: dialled / 1000 };
}

/** The number of the last who diverted (RFC 5806: the first value); empty where it is none. */
function divertingOf(header: string | undefined): string {
  return /sips?:([0-9A-D*#+]{1,32})@/.exec(header?.slice(0, 256) ?? '')?.[1] ?? '';
}

/** A variable of leg A that the contract has. */
function handedOver(data: ChannelData, name: ContractVariable): string | undefined {
  return variable(data, name);
}

function isEvent(text: string): text is ReportedEvent {
  return (EVENTS as readonly string[]).includes(text);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
