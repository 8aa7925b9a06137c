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

/** What a counter or histogram has after these events. */
async function after(events: readonly object[], name: string) {
  const registry = new Registry();
  const count = countCalls(createCallMetrics(registry), (trunk) => trunk.startsWith('carrier-'));
  for (const event of events) count({ at: 0, pbx: 'asterisk', ...event } as unknown as CallEvent);
  const { values = [] } = (await registry.getSingleMetric(name)?.get()) ?? {};
  return values as readonly ((typeof values)[number] & { metricName?: string })[];
}

describe('an answer is that of the callee', () => {
  const begun = { kind: 'hunt-begun' };
  const answered = (trunk: string, retry: boolean) => ({ kind: 'attempt-answered', trunk, retry });
  const mailbox = { kind: 'decided', on: 'failed', decision: { outcome: { kind: 'voicemail' } } };
  const taken = { kind: 'answer-taken', ms: 3 };
  const late = { kind: 'late-answered', trunk: 'carrier-a' };
  const events = [
    ...[begun, begun, begun, answered('carrier-a', false), answered('carrier-b', true)],
    ...[mailbox, taken, late],
  ];

  it.each([
    ['crankback_calls_total', [[undefined, 3]]],
    [
      'crankback_calls_answered_total',
      [
        ['carrier-a', 1],
        ['carrier-b', 1],
      ],
    ],
    ['crankback_calls_saved_total', [['carrier-b', 1]]],
    [
      'crankback_attempts_total',
      [
        ['carrier-a', 1],
        ['carrier-b', 1],
      ],
    ],
  ])('in %s', async (name, expected) => {
    const values = await after(events, name);
    expect(values.map(({ labels, value }) => [labels.trunk, value])).toEqual(expected);
  });
});

it('failed attempts count by final status, of which no carrier makes up a new one', async () => {
  const failed = (sip?: number) => ({
    ...{ kind: 'attempt-failed', trunk: 'carrier-a', failure: { class: 'unknown', sip } },
  });
  const values = await after(
    [failed(503), failed(503), failed(497), failed(498), failed()],
    'crankback_attempts_failed_total',
  );
  expect(values.map(({ labels, value }) => [labels.status, value])).toEqual([
    ['503', 2],
    ['4xx', 2],
    ['none', 1],
  ]);
});

it('the delay until callers hear something counts once for each attempt', async () => {
  const timed = (trunk: string, times: object, hunt?: string) => ({
    ...{ kind: 'attempt-timed', trunk, hunt, times: { invitedAt: 10_000, ...times } },
  });
  const values = await after(
    [
      timed('carrier-a', { rangAt: 12_500, answeredAt: 20_000 }, 'h1'),
      timed('carrier-a', { rangAt: 12_500, answeredAt: 20_000, endedAt: 90_000 }, 'h1'),
      timed('carrier-a', { answeredAt: 10_500 }, 'h2'),
      timed('carrier-a', { rangAt: 11_000, endedAt: 30_000 }, 'h3'),
      timed('carrier-a', { endedAt: 10_100 }, 'h4'),
      timed('sofia/gateway/of-the-user', { rangAt: 11_000 }),
      timed('no-trunk', { rangAt: 11_000 }, 'h5'),
    ],
    'crankback_post_dial_delay_seconds',
  );
  const of = (suffix: string) =>
    values
      .filter((one) => one.metricName?.endsWith(suffix))
      .map(({ labels, value }) => [labels.trunk, value]);
  expect(of('_count')).toEqual([
    ['carrier-a', 3],
    ['other', 1],
    ['unknown', 1],
  ]);
  expect(of('_sum')[0]).toEqual(['carrier-a', 4]);
});
