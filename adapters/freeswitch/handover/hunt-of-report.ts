import type { FailedAttempt, HandoverEvent } from '../../../src/calls/ports';
import type { Contact, Evidence } from '../../../src/model/failure';
import type { Codec } from '../../../src/model/media';
import type { Hunt, PastAttempt } from '../../../src/policy/hunt';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import { callIdOf, variable, type ChannelData } from '../esl/channel-data';
import type { OwnAttempt, Report } from './contract';
import { evidenceOf, fromChannelData, fromLeg } from '../legs/evidence';
import type { EndedLegs } from '../legs/legs';
import { valuesOf } from '../esl/message';
import type { TrunkNames } from '../trunks/trunk-names';

/** Context for reading a report. */
export interface ReportContext {
  readonly trunkNames: TrunkNames;
  readonly legs: Pick<EndedLegs, 'get' | 'ofAttempt' | 'report'>;
  /** Evidence from the legs' mirrored SIP, if any. */
  readonly mirrored: Pick<MirroredLegs, 'evidence' | 'awaited'>;
}

/** @returns undefined if there is nothing to decide: no leg of the user's own bridge is a trunk's */
export function eventOf(
  report: Report,
  data: ChannelData,
  known: ReportContext,
): HandoverEvent | undefined {
  if (report.event === 'invalid-number') return { kind: 'invalid-number', number: report.raw };
  if (report.event === 'route') return { kind: 'route' };
  const attempts = report.attempt
    ? [ownAttempt(report.attempt, data, known)]
    : usersAttempts(data, known);
  return attempts.length === 0 ? undefined : { kind: 'failed', attempts };
}

/**
 * The hunt of a report.
 * @param codecs codecs that this FreeSWITCH can translate
 */
export function huntOf(report: Report, event: HandoverEvent, codecs: readonly Codec[]): Hunt {
  const { state, number, from, mailbox, context, diverting } = report;
  const failed = event.kind === 'failed' ? event.attempts : [];
  const contacts = contactsOf(failed);
  // For our own attempt, the state has only what the dialplan could see of it.
  const earlier =
    report.attempt && failed.length > 0 ? state.attempts.slice(0, -1) : state.attempts;
  const reoffered = report.attempt && state.attempts.at(-1)?.reoffered;
  const now = failed.map((one) => ({ ...pastOf(one), ...(reoffered && { reoffered }) }));
  const attempts = [...earlier, ...now];
  return {
    number,
    startedAt: state.startedAt,
    attempts,
    mailboxMissing: report.event === 'mailbox-missing',
    context,
    codecs,
    ...(from && { from }),
    ...(mailbox && { mailbox }),
    ...(diverting && { diverting }),
    ...state.redirected,
    ...(contacts.length > 0 && { contacts }),
  };
}

function ownAttempt(
  { trunk, leg: attempt, dialledAt }: OwnAttempt,
  data: ChannelData,
  { legs, mirrored }: ReportContext,
): FailedAttempt {
  const leg = legs.ofAttempt(attempt, variable(data, 'sip_invite_failure_status'))?.data;
  const callId = leg && callIdOf(leg);
  const sip = mirrored.evidence(callId);
  const seen = sip.find(({ provisional }) => provisional !== undefined);
  // api_on_ring of this very leg sets it; leg A's own times may be an earlier attempt's. Sofia takes a 183
  // without SDP for ringing and a 180 with SDP for early media; only mirrored SIP distinguishes them.
  const rang = seen ? seen.rang : variable(data, 'crankback_rang') === '1';
  const evidence = evidenceOf(data, leg, dialledAt).map((one) => ({
    ...one,
    rang: seen ? rang : one.rang || rang,
    progress: one.progress || rang,
  }));
  const late = mirrored.awaited(callId, evidence);
  return {
    trunk,
    counted: false,
    evidence: [...evidence, ...(late ? [] : sip)],
    ...(late && { late }),
  };
}

function farStatus(evidence: readonly Evidence[]): number | undefined {
  return evidence.find(({ sip, origin }) => sip !== undefined && origin === 'far')?.sip;
}

/** Every trunk leg of the user's own bridge, each once. */
function usersAttempts(data: ChannelData, known: ReportContext): FailedAttempt[] {
  const { legs, trunkNames, mirrored } = known;
  const seen = legIdsOf(data).flatMap((uuid) => legs.get(uuid) ?? []);
  if (seen.length === 0) {
    // Without the observer there is only what leg A has kept of the last leg. Later ends no longer count.
    for (const uuid of legIdsOf(data)) legs.report(uuid);
    const trunk = trunkNames.trunksIn(variable(data, 'last_arg') ?? '').at(-1);
    return trunk === undefined
      ? []
      : [{ trunk, counted: false, evidence: [fromChannelData(data, 0)] }];
  }
  return seen.flatMap(({ uuid, data: leg }) => {
    const trunk = trunkNames.trunkOf(leg);
    if (trunk === undefined) return [];
    const own = [fromLeg(leg)];
    const callId = callIdOf(leg);
    const late = mirrored.awaited(callId, own);
    const evidence = late ? own : [...own, ...mirrored.evidence(callId)];
    return [{ trunk, counted: legs.report(uuid), evidence, ...(late && { late }) }];
  });
}

/** More legs than any bridge has; those behind them are left out. */
export const MOST_LEGS = 100;

/** The legs of the last bridge, each as `uuid;name;number`; `MOST_LEGS` at most. */
export function legIdsOf(data: ChannelData): readonly string[] {
  const legs = legsIn(data).slice(0, MOST_LEGS);
  return [...new Set(legs.map((leg) => leg.split(';')[0] ?? ''))].filter((uuid) => uuid !== '');
}

/** Whether a report has more legs than are looked at. */
export function hasTooManyLegs(data: ChannelData): boolean {
  return legsIn(data).length > MOST_LEGS;
}

function legsIn(data: ChannelData): readonly string[] {
  return valuesOf(variable(data, 'originated_legs'));
}

function pastOf({ trunk, evidence }: FailedAttempt): PastAttempt {
  const sip = farStatus(evidence);
  return {
    trunk,
    rang: evidence.some(({ rang }) => rang),
    ...(sip !== undefined && { sip }),
  };
}

/** Sofia keeps no Contact of a 3xx; only mirrored SIP has it. */
function contactsOf(attempts: readonly FailedAttempt[]): readonly Contact[] {
  const all = attempts.flatMap(({ evidence }) => evidence);
  return all.find(({ contacts }) => contacts !== undefined)?.contacts ?? [];
}
