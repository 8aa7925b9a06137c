import type { CallEvent } from '../events/call-event';
import { statusKey } from '../figures/counts';
import type { Failure } from '../model/failure';
import { postDialDelay } from '../model/leg-times';
import type { CallMetrics } from './call-metrics';

/** Label of a trunk that the policy does not have: a dialplan may report any name. */
const UNKNOWN = 'unknown';
/** Label of far ends of the user's own dialplan: the PBX's own names of them are unbounded. */
const OTHER = 'other';

/**
 * Counts call events.
 * @param isTrunk whether the policy in force has a trunk of this name; no other name becomes a label
 */
export function countCalls(
  metrics: CallMetrics,
  isTrunk: (name: string) => boolean,
): (event: CallEvent) => void {
  const labelOf = (trunk: string, otherwise = UNKNOWN) => (isTrunk(trunk) ? trunk : otherwise);
  const failed = (of: { pbx: string; trunk: string }, failure: Failure): void => {
    metrics.attempts.inc({ ...of, class: failure.class });
    metrics.attemptsFailed.inc({ ...of, status: statusKey(failure.sip) });
  };
  return (event) => {
    switch (event.kind) {
      case 'pbx-connected':
        metrics.connected.set({ pbx: event.pbx }, 1);
        return;
      case 'pbx-gone':
        metrics.connected.set({ pbx: event.pbx }, 0);
        return;
      case 'hunt-begun':
        metrics.calls.inc({ pbx: event.pbx });
        return;
      case 'attempt-failed': {
        const { pbx, trunk, failure, observed } = event;
        // An observed attempt was already counted when it ended.
        if (!observed) failed({ pbx, trunk: labelOf(trunk) }, failure);
        return;
      }
      case 'attempt-answered': {
        const of = { pbx: event.pbx, trunk: labelOf(event.trunk) };
        metrics.attempts.inc({ ...of, class: 'answered' });
        metrics.callsAnswered.inc(of);
        if (event.retry) metrics.callsSaved.inc(of);
        return;
      }
      case 'attempt-timed': {
        const { pbx, hunt, trunk, times } = event;
        const delayMs = postDialDelay(times);
        if (delayMs === undefined) return;
        const of = { pbx, trunk: labelOf(trunk, hunt === undefined ? OTHER : UNKNOWN) };
        metrics.postDialDelaySeconds.observe(of, delayMs / 1000);
        return;
      }
      case 'attempt-observed': {
        const { pbx, failure } = event;
        const of = { pbx, trunk: event.known ? labelOf(event.trunk) : OTHER };
        if (failure) failed(of, failure);
        else metrics.attempts.inc({ ...of, class: 'answered' });
        return;
      }
      case 'call-observed':
        metrics.observedCalls.inc({ pbx: event.pbx, verdict: event.observed.verdict });
        return;
      case 'declined':
        metrics.declined.inc({ pbx: event.pbx });
        return;
      case 'late-answered':
        metrics.lateAnswers.inc({ pbx: event.pbx, trunk: labelOf(event.trunk) });
        return;
      case 'evidence-awaited':
        metrics.mirrorWaitSeconds.observe({ pbx: event.pbx }, event.ms / 1000);
        return;
      case 'decided': {
        const { pbx, decision, failure, planned, repeated, on } = event;
        const { kind } = decision.outcome;
        metrics.decisions.inc({ pbx, outcome: kind, class: failure?.class ?? 'none' });
        if (planned) metrics.plansUsed.inc({ pbx });
        const { alert } = decision;
        if (alert !== undefined && !repeated && on !== 'invalid-number')
          metrics.alerts.inc({ pbx, alert });
        return;
      }
      case 'answer-taken':
        metrics.handoverSeconds.observe({ pbx: event.pbx }, event.ms / 1000);
        return;
      case 'answer-not-taken':
        metrics.handoversFailed.inc({ pbx: event.pbx });
        return;
      case 'fell-back':
        metrics.fallbacks.inc({ pbx: event.pbx });
        return;
      case 'plan-mismatched':
        metrics.planMismatches.inc({ pbx: event.pbx });
        return;
      default:
    }
  };
}
