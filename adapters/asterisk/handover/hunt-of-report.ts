import type { FailedAttempt, HandoverEvent } from '../../../src/calls/ports';
import type { Contact, Evidence } from '../../../src/model/failure';
import type { Codec } from '../../../src/model/media';
import { numberOfUser } from '../../../src/normalize/contacts';
import type { Hunt, PastAttempt } from '../../../src/policy/hunt';
import { REDIRECTED_CAUSE } from '../../../src/model/registries/q850';
import { offerable } from '../trunks/codecs';
import { amendedState } from '../../shared/call-state';
import { readState, type AttemptReport, type Report } from './contract';
import type { Channel } from '../ari/events';
import { evidenceOf } from '../legs/evidence';
import type { LegRecord, Legs } from '../legs/legs';
import type { TrunkNames } from '../trunks/trunk-names';

/** Context for reading a report. */
export interface ReportContext {
  readonly trunkNames: TrunkNames;
  readonly legs: Pick<Legs, 'latestOf'>;
  /** Codecs that this Asterisk can translate. */
  readonly translated: readonly Codec[];
  /** Codecs that a trunk's endpoint is configured to offer, if known. */
  readonly configuredOffer: (trunk: string) => readonly Codec[] | undefined;
  /** Evidence from the leg's mirrored SIP, if any. */
  readonly mirrored: (leg: LegRecord | undefined) => readonly Evidence[];
  /** The same, if it is still on its way. */
  readonly awaited: (
    leg: LegRecord | undefined,
    told: readonly Evidence[],
  ) => Promise<readonly Evidence[]> | undefined;
}

/** @returns undefined if there is nothing to decide: no leg of the user's own Dial() is a trunk's */
export function eventOf(
  report: Report,
  callerId: string,
  known: ReportContext,
): HandoverEvent | undefined {
  if (report.event === 'invalid-number') return { kind: 'invalid-number', number: report.raw };
  if (report.event === 'route') return { kind: 'route' };
  const attempts = report.attempts.flatMap((attempt) => attemptOf(attempt, callerId, known));
  if (attempts.length === 0) return undefined;
  return { kind: 'failed', attempts, ...(report.event === 'failed-only' && { usersOwn: true }) };
}

/** The hunt of a report. */
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

/** Whether a 3xx ended the attempt and its Contact has not come yet. */
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
  const late = awaited(leg, told);
  return [
    {
      trunk,
      counted: attempt.trunk === undefined && leg?.counted === true,
      evidence: [...told, ...(late ? [] : mirrored(leg))],
      ...(late && { late }),
    },
  ];
}

/** Legs of the user's own Dial() count only if they are a trunk's. */
export function pastAttempts(
  { state }: Report,
  { trunkNames }: Pick<ReportContext, 'trunkNames'>,
): PastAttempt[] {
  return state.attempts.flatMap((past) => {
    if ('trunk' in past) return [past];
    const { leg, ...known } = past;
    const trunk = trunkNames.trunkOfStateLeg(leg);
    return trunk === undefined ? [] : [{ trunk, ...known }];
  });
}

/** The call's state with what is known by now of its attempts; undefined if Asterisk has it already. */
export function stateToKeep(
  text: string,
  attempts: readonly PastAttempt[],
  trunkNames: TrunkNames,
): string | undefined {
  if (text === '' || attempts.length === 0) return undefined;
  const left = [...attempts];
  const known = readState(text).attempts.map((past) => {
    const trunk = 'trunk' in past ? past.trunk : trunkNames.trunkOfStateLeg(past.leg);
    return trunk !== undefined && left[0]?.trunk === trunk ? left.shift() : undefined;
  });
  const amended = amendedState(text, known);
  return amended === text ? undefined : amended;
}

/** Contacts from mirrored SIP with their hosts; otherwise from the PBX, which reports only the user part. */
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
    if (leg?.forwardTo) return [{ user: numberOfUser(leg.forwardTo), host: '' }];
  }
  return [];
}

function isRedirection({ sip, pbxCause }: Evidence): boolean {
  return sip === undefined ? pbxCause === REDIRECTED_CAUSE : sip < 400;
}
