import type { CallEvent } from '../../../src/events/call-event';
import { failed, routed, setUp } from '../../doubles/call-pipeline';
import { START } from '../../doubles/policies';
import { drawn, notesOf, savedCall, spansOf } from '../../doubles/traced-calls';
import type { SpanPlan } from '../../../src/tracing/span';

const without = (...kinds: readonly CallEvent['kind'][]) =>
  savedCall().filter(({ kind }) => !kinds.includes(kind));

function everySpan(span: SpanPlan): readonly SpanPlan[] {
  return [span, ...span.children.flatMap(everySpan)];
}

describe('a call that was saved', () => {
  it('is the call, its hunt, and what was decided and tried, with the times of the wire', () => {
    expect(drawn(spansOf(savedCall()))).toEqual([
      '0-62000 call',
      '  0-2400 hunt',
      '    3-9 decide dial',
      '    20-390 attempt carrier-a: 503 All Circuits Busy (trunk-congested)',
      '    401-405 decide dial',
      '    410-2400 attempt carrier-b [first response 430] [ringing 700] [answer 2400]',
    ]);
  });

  it('says who called whom, why, and what came back', () => {
    const call = spansOf(savedCall());
    expect(call).toMatchObject({
      kind: 'server',
      attributes: {
        'crankback.call.id': '1795239432.7@1',
        'crankback.call.number': '+493012345678',
        'crankback.call.result': 'answered',
        'crankback.pbx': 'asterisk',
        'crankback.policy.hash': 'abc',
        'crankback.sip.call_id': 'leg-a@phone',
      },
    });
    const [hunt] = call.children;
    expect(hunt?.attributes).toEqual({
      'crankback.hunt.attempts': 2,
      'crankback.hunt.result': 'answered',
      'crankback.hunt.saved': true,
      'crankback.hunt.trunk': 'carrier-b',
    });
    const [, carrierA, decision, carrierB] = hunt?.children ?? [];
    expect(carrierA).toMatchObject({
      kind: 'client',
      attributes: {
        'crankback.attempt.place': 1,
        'crankback.failure.class': 'trunk-congested',
        'crankback.sip.call_id': 'a@pbx',
        'crankback.sip.status': 503,
        'error.type': 'trunk-congested',
        'peer.service': 'carrier-a',
      },
    });
    expect(decision?.attributes).toEqual({
      'crankback.decision.on': 'failed',
      'crankback.decision.outcome': 'dial',
      'crankback.decision.passed_over': ['carrier-x (held by an operator)'],
      'crankback.decision.planned': false,
      'crankback.decision.rule': 'policy.yaml:14',
      'crankback.decision.why': 'carrier-a is full',
      'crankback.failure.class': 'trunk-congested',
      'crankback.trunk': 'carrier-b',
    });
    expect(carrierB?.attributes).toMatchObject({
      'crankback.codecs': ['PCMA'],
      'network.peer.address': '192.0.2.7',
      'network.peer.port': 5060,
    });
  });

  it('without mirrored SIP and leg times has those of decisions and reports', () => {
    expect(drawn(spansOf(without('attempt-timed')))).toEqual([
      '0-62000 call',
      '  0-2405 hunt',
      '    3-9 decide dial',
      '    5-400 attempt carrier-a: 503 All Circuits Busy (trunk-congested)',
      '    401-405 decide dial',
      '    402-2405 attempt carrier-b [answer 2405]',
    ]);
  });

  it('has the same spans whenever the times of its legs come', () => {
    const events = savedCall();
    const times = events.filter(({ kind }) => kind === 'attempt-timed');
    const [begun, ...others] = without('attempt-timed');
    const first = [...(begun ? [begun] : []), ...times.toReversed(), ...others];
    expect(spansOf(first)).toEqual(spansOf(events));
  });

  it('that is not over goes as far as is known', () => {
    expect(drawn(spansOf(without('hunt-ended')))[0]).toBe('0-2410 call');
  });
});

describe('a call that was not answered', () => {
  const failedCall = (sip: number) => {
    const events: CallEvent[] = [];
    const { listener } = setUp({ consumer: (event) => events.push(event) });
    listener.handover(routed('1234'));
    listener.handover(failed(sip, '1234'));
    listener.callerGone(routed('1234').huntId);
    return spansOf(events);
  };

  it('with a network’s fault is an error, as with a server of HTTP', () => {
    const call = failedCall(503);
    expect(drawn(call).map((line) => line.trim().replace(/^\S+ /, ''))).toEqual([
      'call: 503',
      'hunt: 503',
      'decide dial',
      // All at the same time of the test's clock.
      'decide relay',
      'attempt carrier-a: 503 As Sent (trunk-congested)',
    ]);
    expect(call.attributes).toMatchObject({
      'crankback.call.result': 'refused',
      'crankback.sip.status': 503,
    });
  });

  it('because the callee is busy is none', () => {
    const call = failedCall(404);
    expect(call.error).toBeUndefined();
    expect(call.attributes['crankback.call.result']).toBe('refused');
  });

  it('since the PBX took its static way is an error that says where', () => {
    const of = { pbx: 'asterisk', hunt: '1795239432.7@1', at: START + 900 } as const;
    const call = spansOf([
      ...savedCall().slice(0, 2),
      {
        ...{ kind: 'fell-back', ...of, leg: 'PJSIP/phone-1', number: '1' },
        ...{ from: 'crankback-timeout', answered: false },
      },
    ]);
    expect(call.error).toBe('fallback: crankback-timeout');
    expect(call.attributes['crankback.call.result']).toBe('fallback');
  });

  it('because its caller hung up first was abandoned', () => {
    const [begun, decided] = savedCall();
    const ended = savedCall().at(-1);
    const call = spansOf([begun, decided, ended].filter((one) => one !== undefined));
    expect(call.attributes['crankback.call.result']).toBe('abandoned');
    expect(drawn(call).at(-1)).toBe('    5-62000 attempt carrier-a');
  });
});

describe('what others wrote', () => {
  const NUMBER = '+4917112345678';
  const hostile = {
    number: NUMBER,
    callerCallId: `${NUMBER}@phone`,
    phrase: `\u202eBusy\r\n ${NUMBER}`,
    why: `the carrier said ${NUMBER}`,
  };

  it('is escaped in every name and attribute', () => {
    const text = JSON.stringify(spansOf(savedCall(hostile)));
    expect(text).toContain(String.raw`\\u202eBusy\\u000d\\u000a`);
    expect(text).not.toMatch(/\u202e|\\r|\\n/);
  });

  it('has no number where numbers are masked', () => {
    const spans = everySpan(spansOf(savedCall(hostile), { maskNumbers: true }));
    const { attributes } = spans[0] ?? {};
    expect(attributes?.['crankback.call.number']).toBe('+4**********78');
    expect(JSON.stringify(spans)).not.toContain('17112345678');
  });

  it('is bounded, however long it is', () => {
    const long = 'x'.repeat(100_000);
    const told = { callerCallId: long, phrase: long, why: long, number: long };
    expect(JSON.stringify(spansOf(savedCall(told))).length).toBeLessThan(20_000);
    expect(JSON.stringify(notesOf(savedCall(told))).length).toBeLessThan(20_000);
  });

  it('is no span’s name where the policy has no such trunk', () => {
    const [begun] = savedCall();
    const failure = savedCall().find((event) => event.kind === 'attempt-failed');
    if (!begun || !failure) throw new Error('no such event');
    const call = spansOf([begun, { ...failure, trunk: 'PJSIP/anything' }]);
    expect(drawn(call).at(-1)).toMatch(/ attempt: 503/);
    expect(call.children[0]?.children[0]?.attributes).not.toHaveProperty('peer.service');
  });
});
