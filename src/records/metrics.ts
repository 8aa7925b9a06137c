import type { CallEvent } from '../events/call-event';
import type { CallMetrics } from './call-metrics';

/** Counts what happens to calls. */
export function countCalls(metrics: CallMetrics): (event: CallEvent) => void {
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
        // An observed attempt was counted when it ended.
        if (!observed) metrics.attempts.inc({ pbx, trunk, class: failure.class });
        return;
      }
      case 'attempt-observed': {
        const { pbx, failure } = event;
        // The PBX's own names of far ends are no label: they have no bound.
        const trunk = event.known ? event.trunk : 'other';
        metrics.attempts.inc({ pbx, trunk, class: failure?.class ?? 'answered' });
        return;
      }
      case 'late-answered':
        metrics.lateAnswers.inc({ pbx: event.pbx, trunk: event.trunk });
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
