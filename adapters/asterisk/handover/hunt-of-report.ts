import type { FailedAttempt, HandoverEvent } from '../../../src/calls/ports';
import type { Contact, Evidence } from '../../../src/model/failure';
import type { Codec } from '../../../src/model/media';
import type { Hunt, PastAttempt } from '../../../src/policy/hunt';
import { REDIRECTED_CAUSE } from '../legs/causes';
import { offerable } from '../trunks/codecs';
import type { AttemptReport, Report } from './contract';
import type { Channel } from '../ari/events';
import { evidenceOf } from '../legs/evidence';
import type { LegRecord, Legs } from '../legs/legs';
import type { TrunkNames } from '../trunks/trunk-names';

/** What a report is read with. */
export interface ReportContext {
  readonly trunkNames: TrunkNames;
  readonly legs: Pick<Legs, 'latestOf'>;
  /** Codecs that this Asterisk can translate. */
  readonly translated: readonly Codec[];
  /** What a trunk's endpoint is configured to offer, where that is known. */
  readonly configuredOffer: (trunk: string) => readonly Codec[] | undefined;
  /** What the leg's own SIP says, where it is mirrored. */
  readonly mirrored: (leg: LegRecord | undefined) => readonly Evidence[];
  /** The same, where it is still on its way. */
  readonly awaited: (
    leg: LegRecord | undefined,
    sip: number | undefined,
  ) => Promise<readonly Evidence[]> | undefined;
}

/** Undefined where there is nothing to decide: no leg of the user's own Dial() is a trunk's. */
export function eventOf(
  report: Report,
  callerId: string,
  known: ReportContext,
): HandoverEvent | undefined {
  if (report.event === 'invalid-number') return { kind: 'invalid-number', number: report.raw };
  if (report.event === 'route') return { kind: 'route' };
  const attempts = report.attempts.flatMap((attempt) => attemptOf(attempt, callerId, known));
  return attempts.length === 0 ? undefined : { kind: 'failed', attempts };
}

/** The hunt that a report is about. */
export function huntOf(
  report: Report,
  event: HandoverEvent,
  caller: Channel,
  known: ReportContext,
): Hunt {
  const { state, mailbox, diverting } = report;
  const from = caller.caller?.number;
  const contacts = event.kind === 'failed' ? contactsOf(event.attempts, caller.id, known) : [];
  return {
    number: report.number,
    startedAt: state.startedAt,
    attempts: pastAttempts(report, known),
    mailboxMissing: report.event === 'mailbox-missing',
    context: report.context,
    codecs: offerable(report.native, known.translated),
    ...(from && { from }),
    ...(mailbox && { mailbox }),
    ...(diverting && { diverting }),
    ...state.redirected,
    ...(contacts.length > 0 && { contacts }),
  };
}

/** Whether a 3xx ended the attempt of which the events have not told where it points to. */
export function isContactMissing(
  event: HandoverEvent,
  callerId: string,
  known: ReportContext,
): boolean {
  if (event.kind !== 'failed') return false;
  const redirected = event.attempts.some(({ evidence }) => evidence.some(isRedirection));
  return redirected && contactsOf(event.attempts, callerId, known).length === 0;
}

function attemptOf(
  attempt: AttemptReport,
  callerId: string,
  known: ReportContext,
): FailedAttempt[] {
  const { trunkNames, legs, mirrored, awaited } = known;
  const trunk = attempt.trunk ?? trunkNames.trunkOf(attempt.leg);
  if (trunk === undefined) return [];
  const leg = legs.latestOf(callerId, ({ name }) =>
    attempt.leg === '' ? trunkNames.trunkOf(name) === trunk : name === attempt.leg,
  );
  const offered = attempt.offered ?? known.configuredOffer(trunk);
  const told = evidenceOf(attempt, leg).map((it) => (offered ? { ...it, offered } : it));
  const late = awaited(leg, told.find(({ sip }) => sip !== undefined)?.sip);
  return [
    {
      trunk,
      counted: attempt.trunk === undefined && leg?.counted === true,
      evidence: [...told, ...(late ? [] : mirrored(leg))],
      ...(late && { late }),
    },
  ];
}

/** Legs of the user's own Dial() that were no trunk's never count. */
function pastAttempts({ state }: Report, { trunkNames }: ReportContext): PastAttempt[] {
  return state.attempts.flatMap((past) => {
    if ('trunk' in past) return [past];
    const trunk = trunkNames.trunkOfStateLeg(past.leg);
    const { rang, sip } = past;
    return trunk === undefined ? [] : [{ trunk, rang, ...(sip !== undefined && { sip }) }];
  });
}

/** From the mirrored SIP with their hosts, else from the PBX, which tells the user part alone. */
function contactsOf(
  attempts: readonly FailedAttempt[],
  callerId: string,
  { legs, trunkNames }: ReportContext,
): readonly Contact[] {
  for (const { trunk, evidence } of attempts) {
    const seen = evidence.find(({ contacts }) => contacts !== undefined)?.contacts;
    if (seen) return seen;
    if (!evidence.some(isRedirection)) continue;
    const leg = legs.latestOf(callerId, ({ name }) => trunkNames.trunkOf(name) === trunk);
    if (leg?.forwardTo) return [{ user: leg.forwardTo, host: '' }];
  }
  return [];
}

function isRedirection({ sip, q850 }: Evidence): boolean {
  return sip === undefined ? q850 === REDIRECTED_CAUSE : sip < 400;
}
