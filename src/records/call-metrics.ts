import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PbxPort } from '../calls/ports';
import { TrunkCounter, TrunkHistogram } from './sliced-metrics';

export interface CallMetrics {
  readonly connected: Gauge<'pbx'>;
  readonly calls: Counter<'pbx'>;
  readonly callsAnswered: TrunkCounter;
  readonly callsSaved: TrunkCounter;
  readonly attempts: TrunkCounter<'class'>;
  readonly attemptsFailed: TrunkCounter<'status'>;
  readonly postDialDelaySeconds: TrunkHistogram;
  readonly observedCalls: Counter<'pbx' | 'verdict'>;
  readonly declined: Counter<'pbx'>;
  readonly decisions: Counter<'pbx' | 'outcome' | 'class'>;
  readonly handoverSeconds: Histogram<'pbx'>;
  readonly mirrorWaitSeconds: Histogram<'pbx'>;
  readonly handoversFailed: Counter<'pbx'>;
  readonly fallbacks: Counter<'pbx'>;
  readonly lateAnswers: TrunkCounter;
  readonly plansUsed: Counter<'pbx'>;
  readonly planMismatches: Counter<'pbx'>;
  readonly alerts: Counter<'pbx' | 'alert'>;
  readonly eventsDropped: Counter<'pbx' | 'reason'>;
  readonly recordsLost: Counter<'consumer'>;
}

/** Registers crankback's metrics of calls. */
export function createCallMetrics(registry: Registry): CallMetrics {
  const registers = [registry];
  return {
    connected: new Gauge({
      name: 'crankback_pbx_connected',
      help: '1 while the PBX hands calls over to crankback',
      labelNames: ['pbx'],
      registers,
    }),
    calls: new Counter({
      name: 'crankback_calls_total',
      help: 'Calls that the policy decides, counted when they begin',
      labelNames: ['pbx'],
      registers,
    }),
    callsAnswered: new TrunkCounter(
      'crankback_calls_answered_total',
      'Decided calls that the callee answered, by the trunk that reached him; a mailbox is no callee',
    ).registerIn(registry),
    callsSaved: new TrunkCounter(
      'crankback_calls_saved_total',
      'Decided calls that the callee answered after an earlier attempt had failed, by the trunk that reached him',
    ).registerIn(registry),
    attempts: new TrunkCounter(
      'crankback_attempts_total',
      'Outbound attempts by trunk and failure class; class "answered" where the callee answered',
      ['class'],
    ).registerIn(registry),
    attemptsFailed: new TrunkCounter(
      'crankback_attempts_failed_total',
      'Failed outbound attempts by trunk and final SIP status; "none" where none came, "4xx" and the like for unregistered ones',
      ['status'],
    ).registerIn(registry),
    postDialDelaySeconds: new TrunkHistogram(
      'crankback_post_dial_delay_seconds',
      'From the INVITE to ringing, or to the answer if nothing rang; attempts without either are not counted',
      [0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30],
    ).registerIn(registry),
    observedCalls: new Counter({
      name: 'crankback_observed_calls_total',
      help: "Calls of the user's own dialplan with a failed attempt, by how the policy differs from what happened",
      labelNames: ['pbx', 'verdict'],
      registers,
    }),
    declined: new Counter({
      name: 'crankback_declined_total',
      help: 'Calls that came to crankback and were left to their own dialplan: the policy only observes them',
      labelNames: ['pbx'],
      registers,
    }),
    decisions: new Counter({
      name: 'crankback_decisions_total',
      help: 'Decisions by outcome and failure class',
      labelNames: ['pbx', 'outcome', 'class'],
      registers,
    }),
    handoverSeconds: new Histogram({
      name: 'crankback_handover_seconds',
      help: 'From a handover to the PBX having taken the decision',
      labelNames: ['pbx'],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
      registers,
    }),
    mirrorWaitSeconds: new Histogram({
      name: 'crankback_hep_wait_seconds',
      help: 'How long decisions waited for mirrored SIP; those that waited alone are counted',
      labelNames: ['pbx'],
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05],
      registers,
    }),
    handoversFailed: new Counter({
      name: 'crankback_handovers_failed_total',
      help: 'Decisions that the PBX did not take; these calls used the static fallback',
      labelNames: ['pbx'],
      registers,
    }),
    fallbacks: new Counter({
      name: 'crankback_fallbacks_total',
      help: 'Calls that the PBX has told of as gone its static way: without a decision, or with one that it could not carry out',
      labelNames: ['pbx'],
      registers,
    }),
    lateAnswers: new TrunkCounter(
      'crankback_late_answers_total',
      'Answers of a carrier after its leg had been given up; needs mirrored SIP',
    ).registerIn(registry),
    plansUsed: new Counter({
      name: 'crankback_plans_used_total',
      help: 'Decisions that the PBX carried out by a plan, without asking',
      labelNames: ['pbx'],
      registers,
    }),
    planMismatches: new Counter({
      name: 'crankback_plan_mismatches_total',
      help: 'Plans that said something else than the policy did once all was known; a fault of crankback',
      labelNames: ['pbx'],
      registers,
    }),
    alerts: new Counter({
      name: 'crankback_alerts_total',
      help: 'Alerts that rules of the policy have raised, by name',
      labelNames: ['pbx', 'alert'],
      registers,
    }),
    eventsDropped: new Counter({
      name: 'crankback_events_dropped_total',
      help: 'PBX events that could not be used, by reason',
      labelNames: ['pbx', 'reason'],
      registers,
    }),
    recordsLost: new Counter({
      name: 'crankback_records_lost_total',
      help: 'Call events that a consumer (log, metrics, journal, unclassified) could not take; "all" where too many waited',
      labelNames: ['consumer'],
      registers,
    }),
  };
}

/** Shows PBXes before anything happens at them: a counter that first appears with 1 is no increase to Prometheus. */
export function beginAtZero(metrics: CallMetrics, pbxes: readonly string[]): void {
  const { calls, fallbacks, handoversFailed, declined, plansUsed, planMismatches } = metrics;
  for (const pbx of pbxes) {
    metrics.connected.set({ pbx }, 0);
    for (const counter of [calls, fallbacks, handoversFailed, declined, plansUsed, planMismatches])
      counter.inc({ pbx }, 0);
  }
}

/** Shows the number of entries kept in memory for calls in progress, read at each scrape. */
export function showTracked(
  registry: Registry,
  pbxes: readonly { readonly pbx: string; readonly port: Pick<PbxPort, 'tracked'> }[],
): void {
  new Gauge({
    name: 'crankback_tracked',
    help: 'What is held in memory for calls under way, by kind',
    labelNames: ['pbx', 'kind'],
    registers: [registry],
    collect() {
      for (const { pbx, port } of pbxes) {
        for (const [kind, held] of Object.entries(port.tracked())) this.set({ pbx, kind }, held);
      }
    },
  });
}
