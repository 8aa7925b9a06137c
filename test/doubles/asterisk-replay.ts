import { readReport, type Report } from '../../adapters/asterisk/handover/contract';
import { readEvent } from '../../adapters/asterisk/ari/events';
import { evidenceOf, fromLeg } from '../../adapters/asterisk/legs/evidence';
import { Legs, type LegRecord } from '../../adapters/asterisk/legs/legs';
import type { Failure } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';

/** What the adapter makes of a recorded call. */
export interface Replay {
  readonly reports: readonly Report[];
  /** Of each report of a failed attempt, in order. */
  readonly reported: readonly Failure[];
  /** Of each leg that ended unanswered, from its channel events alone; the first that was dialled first. */
  readonly legs: readonly { readonly leg: LegRecord; readonly failure: Failure }[];
  readonly answered: number;
  /** Legs still remembered after the last event. */
  readonly left: number;
}

/** The way recorded events take through the adapter, up to the failure that the policy decides on. */
export function replay(events: readonly object[]): Replay {
  const tracker = new Legs();
  const reports: Report[] = [];
  const reported: Failure[] = [];
  const legs: { leg: LegRecord; failure: Failure }[] = [];
  const dialled: LegRecord[] = [];
  let answered = 0;
  for (const recorded of events) {
    const event = readEvent(recorded);
    if (event === undefined) continue;
    if (event === 'unusable') throw new Error(JSON.stringify(recorded));
    if (event.type === 'StasisStart') {
      const report = readReport(event.args);
      reports.push(report);
      const [attempt] = report.attempts;
      if (!attempt) continue;
      const leg = tracker.latestOf(
        event.channel.id,
        ({ name }) => attempt.leg === '' || name === attempt.leg,
      );
      reported.push(normalize(evidenceOf(attempt, leg)));
      continue;
    }
    const change = tracker.apply(event, 0);
    if (change?.kind === 'dialled') dialled.push(change.leg);
    if (change?.kind === 'answered') answered += 1;
    if (change?.kind === 'ended') {
      legs.push({ leg: change.leg, failure: normalize([fromLeg(change.leg)]) });
    }
  }
  // Of a redirected call, the leg that redirected may end last.
  legs.sort((a, b) => dialled.indexOf(a.leg) - dialled.indexOf(b.leg));
  return { reports, reported, legs, answered, left: tracker.size };
}
