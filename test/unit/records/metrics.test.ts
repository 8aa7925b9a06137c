import { Registry } from 'prom-client';
import type { CallEvent } from '../../../src/events/call-event';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { countCalls } from '../../../src/records/metrics';
import { failureOf } from '../../doubles/policies';

describe('labels of trunks', () => {
  it.each([
    ['crankback_attempts_total', 'attempt-failed', { failure: failureOf(503) }],
    ['crankback_attempts_total', 'attempt-observed', { known: true }],
    ['crankback_late_answers_total', 'late-answered', {}],
  ])('of %s are of trunks that the policy has, after %s', async (name, kind, more) => {
    const registry = new Registry();
    const count = countCalls(createCallMetrics(registry), (trunk) => trunk === 'carrier-a');
    for (const trunk of ['carrier-a', 'made-up-1', 'made-up-2', '__proto__'])
      count({ kind, at: 0, pbx: 'freeswitch', trunk, ...more } as unknown as CallEvent);
    const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
    expect(values.map(({ labels, value }) => [labels.trunk, value])).toEqual([
      ['carrier-a', 1],
      ['unknown', 3],
    ]);
  });
});
