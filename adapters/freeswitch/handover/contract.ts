import type { FellBack } from '../../../src/calls/ports';
import type { ContractVariable } from './contract-variables';
import { readContacts } from '../../../src/normalize/contacts';
import { splitTop } from '../../../src/normalize/header-values';
import { integer, variable, type ChannelData } from '../esl/channel-data';
import { readCallState, trunkName, type CallState } from '../../shared/call-state';
import {
  ContractError,
  isReportedEvent,
  isTrunkName,
  quoted,
  type ReportedEvent,
} from '../../shared/contract';
import { ownCopy } from '../../shared/own-copy';
import { percentDecoded } from '../../shared/percent-decoding';

/** The version that the shipped dialplan sets; both sides change together. */
export const CONTRACT_VERSION = '1';

/** The shipped dialplan's report in leg A's channel data at a handover. */
export interface Report {
  readonly event: ReportedEvent;
  /** Names this handover; an answer returns it. Empty if the call waits for no answer. */
  readonly asked: string;
  /** Leg A. */
  readonly uuid: string;
  /** Its channel name, `sofia/external/200@192.0.2.1`; untrusted. */
  readonly channel: string;
  /** Unix time in milliseconds, by FreeSWITCH's clock. */
  readonly at: number;
  readonly answered: boolean;
  readonly number: string;
  /** The number as the caller sent it, at most 64 characters, untrusted; only for `invalid-number`. */
  readonly raw: string;
  readonly from: string;
  readonly state: CallState;
  readonly mailbox: string;
  readonly context: string;
  readonly diverting: string;
  /** The attempt of our dialplan that the report is about. */
  readonly attempt?: OwnAttempt;
}

/** An attempt of our own dialplan in leg A's channel data. */
export interface OwnAttempt {
  readonly trunk: string;
  /** Names the attempt on each of its legs B. */
  readonly leg: string;
  /** Start of its bridge, Unix time in milliseconds by FreeSWITCH's clock. */
  readonly dialledAt: number;
}

/** The dialplan's report of a planned step, which needs no answer. */
export interface PlannedReport extends Report {
  readonly slot: { readonly sip: number; readonly afterProgress: boolean };
}

/**
 * Reads the event with this report.
 * @throws ContractError as `readReport`
 */
export function readPlanned(event: ChannelData): PlannedReport {
  const report = reportOf(event);
  const last = report.state.attempts.at(-1);
  if (report.event !== 'failed' || !report.attempt || !last) {
    throw new ContractError(`a plan used for ${quoted(report.event)}`);
  }
  const sip = Number(handedOver(event, 'crankback_sip'));
  const slot = { sip, afterProgress: handedOver(event, 'crankback_progress') === 'a' };
  // The call has its next step already; only the state still names the trunk that failed.
  return { ...report, attempt: { ...report.attempt, trunk: last.trunk }, slot };
}

/** `crankback_asked` of a call that waits for nobody. */
const NOT_ASKED = 'none';

/** Whether a call goes on, or has gone on, without anybody to ask. */
export function isUnattended(data: ChannelData): boolean {
  return handedOver(data, 'crankback_asked') === NOT_ASKED;
}

/** The dialplan's report of a step to another trunk while nobody could be asked. */
export interface UnattendedReport extends Report {
  /** The trunk that it dials now. */
  readonly next: string;
}

/**
 * Reads the event with this report.
 * @throws ContractError as `readReport`
 */
export function readUnattended(event: ChannelData): UnattendedReport {
  const report = reportOf(event);
  const { attempt, state } = report;
  const last = state.attempts.at(-1);
  if (report.event !== 'failed' || !attempt || !last) {
    throw new ContractError(`a step without crankback after ${quoted(report.event)}`);
  }
  // As of a planned step.
  return { ...report, attempt: { ...attempt, trunk: last.trunk }, next: attempt.trunk };
}

/** The dialplan's report of a call that has begun without asking, by what travels. */
export interface BegunReport extends Report {
  readonly trunk: string;
  /** The plan generation that FreeSWITCH had. */
  readonly generation: string;
}

/**
 * Reads the event with this report.
 * @throws ContractError as `readReport`
 */
export function readBegun(event: ChannelData): BegunReport {
  const report = reportOf(event);
  const trunk = handedOver(event, 'crankback_trunk') ?? '';
  if (report.event !== 'route' || !isTrunkName(trunk)) {
    throw new ContractError(`a call begun by ${quoted(report.event)} on ${quoted(trunk)}`);
  }
  return { ...report, trunk, generation: generationOf(event) ?? '' };
}

/** The plan generation under which a call has begun without asking; undefined for one that has asked. */
export function generationOf(data: ChannelData): string | undefined {
  return handedOver(data, 'crankback_state')?.split('/', 4)[3] || undefined;
}

/** A call that takes the static fallback, as the dialplan reports it; what it does not write so is left out. */
export function readFallback(
  event: ChannelData,
): Omit<FellBack, 'huntId'> & { readonly startedAt: number } {
  const number = handedOver(event, 'crankback_number') ?? '';
  const [, start] = /^\d{1,4}\/(\d{1,17})\//.exec(handedOver(event, 'crankback_state') ?? '') ?? [];
  const call = {
    startedAt: Math.round(Number(start ?? 0) / 1000),
    leg: channelName(event),
    number: NUMBER.pattern.test(number) ? number : '',
    from: 'crankback-static',
    answered: handedOver(event, 'crankback_asked') === undefined,
  };
  return ownCopy(call);
}

/**
 * Reads leg A's channel data of a handover.
 * @throws ContractError naming the variable that is wrong and what the dialplan should set
 */
export function readReport(data: ChannelData): Report {
  const report = reportOf(data);
  if (/^[\w-]{1,64}$/.test(report.asked)) return report;
  throw new ContractError(`crankback_asked is ${quoted(report.asked)}`);
}

/** Only this much of a channel's name is recorded, because a SIP user may have any length. Characters. */
const LONGEST_NAME = 256;
/** No numbering plan has longer numbers, and a longer one matches no rule. Characters. */
const LONGEST_CALLER = 64;
const NUMBER = { pattern: /^[0-9A-D*#+]{0,32}$/, expected: '0-9 A-D * # +, 32 characters at most' };
const NAME = { pattern: /^.{0,256}$/s, expected: '256 characters at most' };

/** @throws ContractError if the dialplan has set an unexpected value */
function checked(
  name: ContractVariable,
  data: ChannelData,
  { pattern, expected }: typeof NUMBER,
): string {
  const text = handedOver(data, name) ?? '';
  if (pattern.test(text)) return text;
  throw new ContractError(`${name} is ${quoted(text)}, expected ${expected}`);
}

function reportOf(data: ChannelData): Report {
  const version = handedOver(data, 'crankback_contract');
  if (version !== CONTRACT_VERSION) {
    throw new ContractError(
      `the dialplan speaks contract version ${quoted(version ?? 'none')}, this crankback speaks ${CONTRACT_VERSION}: install the dialplan that came with it`,
    );
  }
  const event = handedOver(data, 'crankback_event') ?? '';
  if (!isReportedEvent(event)) throw new ContractError(`unknown event ${quoted(event)}`);
  const uuid = data['Unique-ID'] ?? '';
  const timestamp = integer(data['Event-Date-Timestamp']);
  if (uuid === '' || timestamp === undefined) {
    throw new ContractError('channel data without Unique-ID or Event-Date-Timestamp');
  }
  if (uuid.length > LONGEST_NAME) {
    throw new ContractError(
      `Unique-ID is ${quoted(uuid)} and more, expected ${LONGEST_NAME} characters at most`,
    );
  }
  const attempt = readAttempt(data);
  const asked = handedOver(data, 'crankback_asked') ?? '';
  if (event === 'failed' && !attempt) {
    throw new ContractError('event "failed" without crankback_trunk and crankback_dialled');
  }
  return ownCopy({
    event,
    asked,
    uuid,
    channel: channelName(data),
    at: Math.round(timestamp / 1000),
    answered: data['Answer-State'] === 'answered',
    number: checked('crankback_number', data, NUMBER),
    raw: percentDecoded(handedOver(data, 'crankback_raw') ?? '').slice(0, 64),
    from: shownNumber(data).slice(0, LONGEST_CALLER),
    state: readState(handedOver(data, 'crankback_state') ?? ''),
    mailbox: checked('crankback_mailbox', data, NAME),
    context: checked('crankback_context', data, NAME),
    diverting: divertingOf(handedOver(data, 'sip_h_Diversion')),
    ...(attempt && { attempt }),
  });
}

/**
 * Reads the call's own memory, its start in microseconds.
 * @throws ContractError
 */
export function readState(text: string): CallState {
  return readCallState(text, {
    version: CONTRACT_VERSION,
    where: 'crankback_state',
    unit: 'microseconds',
    startOf: (start) => {
      const microseconds = integer(start);
      return microseconds === undefined ? undefined : Math.round(microseconds / 1000);
    },
    nameOf: trunkName,
  });
}

function readAttempt(data: ChannelData): OwnAttempt | undefined {
  const trunk = handedOver(data, 'crankback_trunk');
  const dialled = integer(handedOver(data, 'crankback_dialled'));
  if (trunk === undefined || dialled === undefined) return undefined;
  if (!isTrunkName(trunk)) throw new ContractError(`crankback_trunk is ${quoted(trunk)}`);
  return { trunk, leg: handedOver(data, 'crankback_leg') ?? '', dialledAt: dialled / 1000 };
}

function channelName(data: ChannelData): string {
  return (data['Channel-Name'] ?? '').slice(0, LONGEST_NAME);
}

/** What the callee is shown: the user's dialplan may have set another number than the caller's own. */
function shownNumber(data: ChannelData): string {
  return handedOver(data, 'effective_caller_id_number') ?? data['Caller-Caller-ID-Number'] ?? '';
}

/** As in the dialplan's shown-name: with these, sofia sends nothing at all. */
const UNSENDABLE = /["\\\x00-\x1f\x7f]/;

/**
 * Whether sofia cannot send the name that the callee would be shown: the dialplan has found no number to put in its place,
 * as the caller has none.
 */
export function hasUnsendableName(data: ChannelData): boolean {
  const name = handedOver(data, 'effective_caller_id_name') ?? data['Caller-Caller-ID-Name'] ?? '';
  return UNSENDABLE.test(name);
}

/** Number of the last diverting party (RFC 5806: the first value); empty if it is none. */
function divertingOf(header: string | undefined): string {
  const user = readContacts(splitTop(header?.slice(0, 256) ?? '', ',')[0] ?? '')[0]?.user ?? '';
  return NUMBER.pattern.test(user) ? user : '';
}

/** A variable of leg A in the contract. */
function handedOver(data: ChannelData, name: ContractVariable): string | undefined {
  return variable(data, name);
}
