import type { FailedAttempt, HandoverEvent, LegEvidence } from '../../../src/calls/ports';
import type { Contact, Evidence } from '../../../src/model/failure';
import type { Codec } from '../../../src/model/media';
import type { Hunt, PastAttempt } from '../../../src/policy/hunt';
import type { MirroredLegs } from '../../shared/mirrored-legs';
import { callIdOf, variable, type ChannelData } from '../esl/channel-data';
import type { OwnAttempt, Report } from './contract';
import { attemptsOf } from '../legs/at-once';
import { evidenceOf, fromChannelData, fromLeg } from '../legs/evidence';
import type { EndedLeg, EndedLegs } from '../legs/legs';
import { legIdsOf } from './legs-of-report';
import type { TrunkNames } from '../trunks/trunk-names';

/** Context for reading a report. */
export interface ReportContext {
  readonly trunkNames: TrunkNames;
  readonly legs: Pick<EndedLegs, 'get' | 'ofAttempt' | 'isOfAnother' | 'report'>;
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
  if (attempts.length === 0) return undefined;
  return { kind: 'failed', attempts, ...(report.event === 'failed-only' && { usersOwn: true }) };
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

function ownAttempt(own: OwnAttempt, data: ChannelData, known: ReportContext): FailedAttempt {
  const { trunk, leg: attempt, dialledAt } = own;
  const legs = known.legs.ofAttempt(attempt);
  const status = variable(data, 'sip_invite_failure_status');
  const isDecisive = ({ data: leg }: EndedLeg) => variable(leg, 'sip_term_status') === status;
  const [first, ...others] = legs;
  if (!known.trunkNames.mayFork(trunk) || (others.length === 0 && (!first || isDecisive(first)))) {
    const decisive = legs.find(isDecisive) ?? legs.at(-1);
    return { trunk, counted: false, ...legOfAttempt(data, decisive?.data, dialledAt, known) };
  }
  const ends: LegEvidence[] = legs.map((leg) => endedLeg(leg.data, known));
  // The end of the leg whose answer leg A has may not have been seen.
  const told = fromChannelData(data, dialledAt);
  if (told.origin === 'far' && !legs.some(isDecisive)) ends.push({ evidence: [told] });
  return { trunk, counted: false, ...oneOfLegs(ends) };
}

/** The single leg of an attempt of our own. */
function legOfAttempt(
  data: ChannelData,
  leg: ChannelData | undefined,
  dialledAt: number,
  { mirrored }: ReportContext,
): LegEvidence {
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
  return withMirrored(evidence, callId, mirrored);
}

/** One of several legs, by its own end. */
function endedLeg(leg: ChannelData, { mirrored }: ReportContext): LegEvidence {
  return withMirrored([fromLeg(leg)], callIdOf(leg), mirrored);
}

function withMirrored(
  evidence: readonly Evidence[],
  callId: string | undefined,
  mirrored: ReportContext['mirrored'],
): LegEvidence {
  const late = mirrored.awaited(callId, evidence);
  return late ? { evidence, late } : { evidence: [...evidence, ...mirrored.evidence(callId)] };
}

/** Several legs as one attempt. */
function oneOfLegs(legs: readonly LegEvidence[]): Pick<FailedAttempt, 'otherLegs'> & LegEvidence {
  const [first = { evidence: [] }, ...otherLegs] = legs;
  return { ...first, ...(otherLegs.length > 0 && { otherLegs }) };
}

function farStatus(evidence: readonly Evidence[]): number | undefined {
  return evidence.find(({ sip, origin }) => sip !== undefined && origin === 'far')?.sip;
}

/** Every trunk leg of the user's own bridge, each once; the phones that rang at once are one attempt. */
function usersAttempts(data: ChannelData, known: ReportContext): FailedAttempt[] {
  const { legs, trunkNames } = known;
  const seen = legIdsOf(data).flatMap((uuid) => legs.get(uuid) ?? []);
  if (seen.length === 0) {
    // Without the observer there is only what leg A has kept of the last leg. Later ends no longer count.
    for (const uuid of legIdsOf(data)) legs.report(uuid);
    const trunk = trunkNames.trunksIn(variable(data, 'last_arg') ?? '').at(-1);
    return trunk === undefined
      ? []
      : [{ trunk, counted: false, evidence: [fromChannelData(data, 0)] }];
  }
  const ofTrunks = seen.flatMap(({ uuid, data: leg }) => {
    const trunk = trunkNames.trunkOf(leg) ?? trunkNames.groupTrunkOf(leg, data);
    return trunk === undefined ? [] : [{ trunk, uuid, data: leg }];
  });
  return attemptsOf(ofTrunks, trunkNames).map(({ trunk, legs: own }) => ({
    trunk,
    // A leg that was observed has been counted by itself.
    counted: own.map(({ uuid }) => legs.report(uuid)).some((counted) => counted),
    ...oneOfLegs(own.map((leg) => endedLeg(leg.data, known))),
  }));
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
