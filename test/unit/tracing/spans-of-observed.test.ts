import { observe, type SeenAttempt } from '../../../src/observe/observed-call';
import { callObserved } from '../../../src/calls/events-of-observation';
import type { CallObserved } from '../../../src/events/call-event';
import { failureOf, policyOf, START } from '../../doubles/policies';
import { drawn, spansOfSeen } from '../../doubles/traced-calls';
import type { SpanPlan } from '../../../src/tracing/span';

const POLICY = policyOf(`version: 1
mode: observe
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
`);

interface Call {
  readonly attempts: readonly SeenAttempt[];
  readonly answered?: boolean;
  readonly answeredHere?: boolean;
  readonly number?: string;
  readonly callId?: string;
  /** Milliseconds since START. */
  readonly over?: number;
}

/** From and to in milliseconds since START; without a status it was answered. */
function tried(
  trunk: string,
  [from, to]: readonly [number, number],
  sip?: number,
  more: Parameters<typeof failureOf>[1] & { readonly unknown?: true } = {},
): SeenAttempt {
  const { unknown, ...evidence } = more;
  return {
    ...{ trunk, known: !unknown, beganAt: START + from, endedAt: START + to },
    trunks: { obstacles: {}, turn: 0 },
    ...(sip !== undefined && { failure: failureOf(sip, evidence) }),
  };
}

function seen(told: Call): CallObserved {
  const { attempts, answered = false, answeredHere = false, over = 5_000 } = told;
  const { number = '+493012345678', callId = 'leg-a@phone' } = told;
  const observed = observe(POLICY, { hunt: { number }, attempts, answeredHere });
  if (!observed) throw new Error('nothing to compare');
  const caller = { id: '1795239432.7', leg: 'PJSIP/phone-1', extension: number, callId };
  const call = `1795239432.7@${START}`;
  const outcome = { ...observed, caller, call, number, startedAt: START, answered };
  return callObserved({ at: START + over, pbx: 'asterisk' }, outcome, POLICY);
}

const A = tried('carrier-a', [0, 400], 503, { phrase: 'All Circuits Busy' });

const everySpan = (span: SpanPlan): readonly SpanPlan[] => [
  span,
  ...span.children.flatMap(everySpan),
];

describe('a call that was only observed', () => {
  it('is the call, its hunt, and beside each failed attempt what would have been done', () => {
    const call = spansOfSeen(seen({ attempts: [A, tried('carrier-c', [450, 900], 500)] }));
    expect(drawn(call)).toEqual([
      '0-5000 call',
      '  0-900 hunt',
      '    0-400 attempt carrier-a: 503 All Circuits Busy (trunk-congested)',
      '    400-400 would dial',
      expect.stringMatching(/^ {4}450-900 attempt carrier-c: 500/),
      expect.stringMatching(/^ {4}900-900 would /),
    ]);
  });

  it('has the verdict, the mode, and what was done instead', () => {
    const call = spansOfSeen(seen({ attempts: [A, tried('carrier-c', [450, 900], 500)] }));
    expect(call.attributes).toEqual({
      'crankback.call.id': `1795239432.7@${START}`,
      'crankback.call.leg': 'PJSIP/phone-1',
      'crankback.call.mode': 'observe',
      'crankback.call.number': '+493012345678',
      'crankback.call.result': 'unanswered',
      'crankback.observed.place': 1,
      'crankback.observed.verdict': 'would-dial-other',
      'crankback.observed.why': 'the call was tried elsewhere, but not where the policy has it',
      'crankback.pbx': 'asterisk',
      'crankback.policy.hash': POLICY.hash,
      'crankback.sip.call_id': 'leg-a@phone',
    });
    expect(call.children[0]?.attributes).toEqual({
      'crankback.hunt.attempts': 2,
      'crankback.hunt.result': 'unanswered',
    });
    const would = call.children[0]?.children[1];
    expect(would).toMatchObject({
      kind: 'internal',
      attributes: {
        'crankback.decision.outcome': 'dial',
        'crankback.failure.class': 'trunk-congested',
        'crankback.observed.did': 'dialled',
        'crankback.observed.did_trunk': 'carrier-c',
        'crankback.trunk': 'carrier-b',
      },
    });
  });

  it('is no error: what its caller got is not known', () => {
    const call = spansOfSeen(seen({ attempts: [A] }));
    expect(everySpan(call).filter(({ error }) => error !== undefined)).toHaveLength(1);
    expect(call.error).toBeUndefined();
  });

  it('does not say who answered: of trunks that were dialled at once only the first is known', () => {
    const fork = [tried('carrier-b', [450, 2_000], 486), tried('carrier-c', [460, 2_000])];
    const call = spansOfSeen(seen({ attempts: [A, ...fork], answered: true, over: 62_000 }));
    expect(drawn(call).map((line) => line.trim())).toEqual([
      '0-62000 call',
      // Nor when: the conversation is no part of it.
      '0-400 hunt',
      '0-400 attempt carrier-a: 503 All Circuits Busy (trunk-congested)',
      '400-400 would dial',
    ]);
    expect(call.children[0]?.attributes).toEqual({
      'crankback.hunt.attempts': 2,
      'crankback.hunt.result': 'answered',
    });
  });

  it.each<[string, Call]>([
    ['answered-here', { attempts: [A], answered: true, answeredHere: true }],
    ['unanswered', { attempts: [A] }],
    ['abandoned', { attempts: [A, tried('carrier-b', [450, 900], 487, { origin: 'ours' })] }],
  ])('has the result %s', (result, call) => {
    expect(spansOfSeen(seen(call)).attributes['crankback.call.result']).toBe(result);
  });

  it('names no span by a trunk that the policy does not have, and asks nothing of it', () => {
    const other = tried('PJSIP/anything', [0, 300], 503, { unknown: true });
    const call = spansOfSeen(seen({ attempts: [other, tried('carrier-a', [310, 400], 503)] }));
    const [first, second] = call.children[0]?.children ?? [];
    expect(first?.name).toBe('attempt');
    expect(first?.attributes).not.toHaveProperty('peer.service');
    expect(second?.name).toBe('attempt carrier-a');
    expect(call.attributes['crankback.observed.place']).toBe(2);
  });
});

describe('what others wrote of a call that was only observed', () => {
  const NUMBER = '+4917112345678';
  const hostile = (phrase: string, callId: string) =>
    seen({ attempts: [tried('carrier-a', [0, 400], 503, { phrase })], number: NUMBER, callId });

  it('is escaped', () => {
    const text = JSON.stringify(spansOfSeen(hostile('\u202eBusy\r\n', 'a\r\nb')));
    expect(text).toContain(String.raw`\\u202eBusy\\u000d\\u000a`);
    expect(text).not.toMatch(/\u202e|\\r|\\n/);
  });

  it('has no number where numbers are masked', () => {
    const event = hostile(`no ${NUMBER}`, `${NUMBER}@phone`);
    expect(JSON.stringify(spansOfSeen(event))).toContain('17112345678');
    const call = spansOfSeen(event, { maskNumbers: true });
    expect(call.attributes['crankback.call.number']).toBe('+4**********78');
    expect(JSON.stringify(call)).not.toContain('17112345678');
  });

  it('is bounded, however long it is', () => {
    const long = 'x'.repeat(100_000);
    expect(JSON.stringify(spansOfSeen(hostile(long, long))).length).toBeLessThan(10_000);
  });
});
