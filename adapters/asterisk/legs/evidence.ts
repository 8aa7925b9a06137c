import type { DialStatus, Evidence } from '../../../src/model/failure';
import { REDIRECTED_CAUSE } from '../../../src/model/registries/q850';
import { causeEvidence, GIVEN_UP_CAUSE, isSipChannel, readTech, TIMER_B_MS } from './causes';
import type { AttemptReport } from '../handover/contract';
import type { LegRecord } from './legs';

/** Locally generated statuses: nothing could be sent (503), nothing came back (408, Timer B). */
const LOCAL_STATUSES = new Set([408, 503]);

/**
 * Evidence of an attempt from the dialplan's report, completed by the leg's own channel events. Most
 * trusted first.
 */
export function evidenceOf(report: AttemptReport, leg: LegRecord | undefined): Evidence[] {
  const events = leg && fromLeg(leg);
  const dialplan = fromReport(report, leg, events);
  if (!events) return [dialplan];
  if (dialplan.sip !== undefined) return [dialplan, events];
  // A caller who is handed over is still there, so the caller's CANCEL did not end the leg.
  if (events.origin === 'ours') return [dialplan];
  // The report has every real answer of the far side except a 3xx that was not followed.
  const invented = report.tech === '' && LOCAL_STATUSES.has(events.sip ?? 0);
  if (invented || wasNotSent(report, leg)) return [dialplan];
  return events.sip === undefined ? [dialplan, events] : [events, dialplan];
}

function fromReport(
  report: AttemptReport,
  leg: LegRecord | undefined,
  events: Evidence | undefined,
): Evidence {
  const heard = readTech(report.tech);
  const rang = report.rang || heard?.status === 180 || heard?.status === 181;
  const progress =
    rang || report.progress || (heard !== undefined && heard.status > 100 && heard.status < 200);
  const { earlyMediaMs, elapsedMs } = report;
  const common = {
    source: 'dialplan',
    rang,
    progress,
    ...(earlyMediaMs !== undefined && { earlyMediaMs }),
    ...(elapsedMs !== undefined && { failedAfterMs: elapsedMs }),
  };
  if (heard && heard.status >= 300 && !isOfEarlierInvite(heard.status, report, leg)) {
    // HANGUPCAUSE only repeats the status, less precisely; the wire had no cause.
    return { ...common, sip: heard.status, phrase: heard.phrase, origin: 'far' };
  }
  if (isRedirection(report, heard?.status)) {
    return { ...common, pbxCause: REDIRECTED_CAUSE, origin: 'far' };
  }
  const ended = report.leg !== '' && !isSipChannel(report.leg) ? endOfOtherLeg(report) : undefined;
  if (ended) return { ...common, ...ended };
  return { ...common, origin: originWithoutStatus(report, leg, events) };
}

/**
 * A 3xx that was not followed looks like this; the events with its status may still be on their way. The cause is the caller's
 * channel's: after an earlier attempt it is still that one's, as this one sets none. So of our own `Dial()`, which has one leg and
 * says how long it took, nothing but a 3xx makes a SIP leg busy without a final status; in a user's fork another leg may have been.
 */
function isRedirection(
  { dialStatus, cause, leg, elapsedMs }: AttemptReport,
  heard: number | undefined,
): boolean {
  if (dialStatus !== 'BUSY') return false;
  return cause === 0 || (elapsedMs !== undefined && isSipChannel(leg) && (heard ?? 100) < 200);
}

/** Final responses after which PJSIP sends another INVITE by itself. */
const RETRIED_STATUSES = new Set([401, 407, 422]);

/** The last final response was followed by another INVITE, and that one got no response. */
function isOfEarlierInvite(
  status: number,
  { dialStatus }: AttemptReport,
  leg: LegRecord | undefined,
): boolean {
  if (leg === undefined || leg.farEnd) return false;
  if (leg.givenUp) return true;
  // Dial() gave it up: the far side had not ended it.
  return dialStatus === 'NOANSWER' && leg.endedAt !== undefined && RETRIED_STATUSES.has(status);
}

const DIAL_STATUS: Readonly<Record<string, DialStatus>> = {
  BUSY: 'busy',
  CONGESTION: 'congestion',
  CHANUNAVAIL: 'unavailable',
};

/** DAHDI, IAX2 and the like have no status; their causes are the network's own. */
function endOfOtherLeg(
  report: AttemptReport,
): Omit<Evidence, 'source' | 'rang' | 'progress'> | undefined {
  const dialStatus = DIAL_STATUS[report.dialStatus];
  if (!dialStatus || report.cause === GIVEN_UP_CAUSE) return undefined;
  return { dialStatus, ...causeEvidence(report.leg, report.cause, false), origin: 'far' };
}

/** No final response came: our own time-out, or no leg was ever made. */
function originWithoutStatus(
  report: AttemptReport,
  leg: LegRecord | undefined,
  events: Evidence | undefined,
): Evidence['origin'] {
  if (report.tech === '' && events?.sip === 503) return 'local';
  if (wasNotSent(report, leg)) return 'local';
  if (report.dialStatus === 'NOANSWER') return 'no-response';
  // Dial() reports CHANUNAVAIL both for a leg that we gave up and for one that could not be made.
  if (leg || report.leg !== '' || report.cause === GIVEN_UP_CAUSE) return 'no-response';
  return 'local';
}

/** Cause that Asterisk makes of a 503, also of PJSIP's own. */
const CONGESTION = 34;

/**
 * Whether PJSIP could not send the INVITE, where events have no status (before 20.17, 22.7 and 23.1): the leg has the
 * cause of a 503, and no response was heard.
 */
function wasNotSent(
  { tech, dialStatus, cause }: AttemptReport,
  leg: LegRecord | undefined,
): boolean {
  if (leg?.farEnd === undefined || !isSipChannel(leg.name)) return false;
  if (leg.farEnd.techCause !== undefined || tech !== '') return false;
  return dialStatus === 'CONGESTION' && cause === CONGESTION;
}

/**
 * Evidence from channel events alone of a leg that ended without an answer. Dial's own status is not used:
 * 404, 488 and 603 are all NOANSWER there.
 * @param endedAt on the clock of `leg.dialledAt`; without it a locally generated 408 (Timer B) counts as
 * the carrier's (the class is the same)
 */
export function fromLeg(leg: LegRecord, endedAt?: number): Evidence {
  const ended = endedAt ?? leg.endedAt;
  const common = {
    source: 'channel-events',
    rang: leg.rang,
    progress: leg.rang || leg.progress,
    ...(ended !== undefined && { failedAfterMs: Math.max(0, ended - leg.dialledAt) }),
  };
  if (leg.farEnd) {
    const { techCause, cause = 0 } = leg.farEnd;
    if (isTimerB(leg, techCause, endedAt)) return { ...common, origin: 'no-response' };
    if (techCause !== undefined && techCause >= 300) {
      return { ...common, sip: techCause, origin: 'far' };
    }
    // Where events have no status, a 3xx that Dial() followed ends with cause 127.
    if (leg.forwarded) return { ...common, pbxCause: REDIRECTED_CAUSE, origin: 'far' };
    return { ...common, ...causeEvidence(leg.name, cause, leg.rang), origin: 'far' };
  }
  if (leg.forwarded) return { ...common, pbxCause: REDIRECTED_CAUSE, origin: 'far' };
  // The far side sent nothing final. Locally generated statuses (480 on Asterisk's time-out, 500 on a
  // cancelled leg) and causes (127, 38) are not passed on.
  if (isLeftByCaller(leg)) return { ...common, sip: 487, origin: 'ours' };
  return { ...common, origin: 'no-response' };
}

/** Dial() cancelled the leg, neither for a 3xx nor after the far side's end of it: the caller had left. */
export function isLeftByCaller({ dialStatus, forwarded, farEnd }: LegRecord): boolean {
  return dialStatus === 'CANCEL' && !forwarded && farEnd === undefined;
}

/** Nothing came from the leg until Timer B ran out, 32 s after the INVITE. */
function isTimerB(leg: LegRecord, techCause: number | undefined, endedAt?: number): boolean {
  if (techCause !== 408 || leg.rang || leg.progress || endedAt === undefined) return false;
  return endedAt - leg.dialledAt >= TIMER_B_MS;
}
