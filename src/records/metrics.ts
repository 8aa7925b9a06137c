import type { CallEvent } from '../events/call-event';
import type { CallMetrics } from './call-metrics';

/** Label of a trunk that the policy does not have: a dialplan may report any name. */
const UNKNOWN = 'unknown';

/**
 * Counts call events.
 * @param isTrunk whether the policy in force has a trunk of this name; no other name becomes a label
 */
export function countCalls(
  metrics: CallMetrics,
  isTrunk: (name: string) => boolean,
): (event: CallEvent) => void {
  const labelOf = (trunk: string) => (isTrunk(trunk) ? trunk : UNKNOWN);
  return (event) => {
    switch (event.kind) {
      case 'pbx-connected':
        metrics.connected.set({ pbx: event.pbx }, 1);
        return;
      case 'pbx-gone':
        metrics.connected.set({ pbx: event.pbx }, 0);
        return;
      case 'attempt-failed': {
        const { pbx, trunk, failure, observed } = event;
        // An observed attempt was already counted when it ended.
        if (!observed) metrics.attempts.inc({ pbx, trunk: labelOf(trunk), class: failure.class });
        return;
      }
      case 'attempt-observed': {
        const { pbx, failure } = event;
        // The PBX's own names of far ends are unbounded, so they are no label.
        const trunk = event.known ? labelOf(event.trunk) : 'other';
        metrics.attempts.inc({ pbx, trunk, class: failure?.class ?? 'answered' });
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
        metrics.answerSeconds.observe({ pbx: event.pbx }, event.ms / 1000);
        return;
      case 'answer-not-taken':
        metrics.answersFailed.inc({ pbx: event.pbx });
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
