import fc from 'fast-check';
import { decodeMessage, decodeState, encodeState } from '../../../../adapters/redis/codec';
import { LAST_GENERATION, type BreakerState } from '../../../../src/trunks/health/breaker/state';

const held: BreakerState = {
  phase: 'held',
  generation: 2,
  trips: 3,
  hold: {
    id: 'i1:7',
    cause: 'faults',
    class: 'trunk-timeout',
    absolute: false,
    why: '5 faults in a row',
    since: 10_000,
    until: 40_000,
  },
};

function travel(state: BreakerState, sent: number, received: number) {
  const { body, age, remaining } = encodeState(state, sent);
  const decoded = decodeState(['v', body, String(age), String(remaining), ''], received);
  return decoded.ok ? decoded.value : decoded.why;
}

describe('a state on its way through Redis', () => {
  it('keeps its distances in time, whatever the clocks of both ends', () => {
    expect(travel(held, 15_000, 1_015_000)).toEqual({
      ...held,
      hold: { ...held.hold, since: 1_010_000, until: 1_040_000 },
    });
  });

  it('keeps a hold for quality, which has no class', () => {
    const why = 'ASR 22% of 60 attempts in 10m, below 35%';
    const { id, absolute, since } = held.hold;
    const hold = { id, absolute, since, until: 40_000, cause: 'quality', why } as const;
    const poor: BreakerState = { ...held, hold };
    expect(travel(poor, 15_000, 15_000)).toEqual(poor);
  });

  it('keeps a hold without an end', () => {
    const endless = { id: 'x', cause: 'operator', absolute: true, why: 'w', since: 9 } as const;
    expect(travel({ ...held, hold: endless }, 15_000, 15_000)).toEqual({ ...held, hold: endless });
  });

  it('keeps when a trunk was closed', () => {
    const closed: BreakerState = { phase: 'closed', generation: 1, trips: 1, since: 9_000 };
    expect(travel(closed, 10_000, 20_000)).toEqual({ ...closed, since: 19_000 });
  });
});

describe('what this instance writes', () => {
  it('is always taken by the others, whatever a reason holds and however far its times lie', () => {
    const endless = {
      ...held,
      hold: {
        ...held.hold,
        why: `\u001b[2J\u202e${'😀'.repeat(400)}\ud800`,
        since: -1e15,
        until: 1e15,
      },
    };
    expect(travel(endless, 0, 0)).toMatchObject({
      phase: 'held',
      hold: { id: 'i1:7', why: expect.stringMatching(/^\?\[2J\?(😀)+$/) as string },
    });
  });

  it('is short enough for Redis and a message', () => {
    const long = { ...held, hold: { ...held.hold, why: '😀'.repeat(10_000) } };
    const { body } = encodeState(long, 15_000);
    expect(Buffer.byteLength(body)).toBeLessThan(4096);
  });
});

describe('what another program has written', () => {
  const body = (more: object) => JSON.stringify({ generation: 1, trips: 0, ...more });
  const hold = { id: 'h', cause: 'rule', absolute: false, why: 'w' };

  it('is taken without the fields that this version does not know', () => {
    const text = body({ x: 1, hold: { ...hold, y: 2 }, ['__proto__']: { z: 3 } });
    const decoded = decodeState(['v', text, '5', '5', ''], 10);
    expect(decoded).toEqual({
      ok: true,
      value: { phase: 'held', generation: 1, trips: 0, hold: { ...hold, since: 5, until: 15 } },
    });
  });

  it.each([
    ['a generation without successor', body({ generation: 2 ** 53 - 1 }), '0', '', 'generation'],
    [
      'a generation beyond the last',
      body({ generation: LAST_GENERATION + 1 }),
      '0',
      '',
      'generation',
    ],
    ['trips without end', body({ trips: 1e300 }), '0', '', 'trips'],
    ['an age that is no number', body({}), 'NaN', '', 'age'],
    ['no age', body({}), '', '', 'age'],
    ['an age of a thousand years', body({}), String(3.2e13), '', 'age'],
    ['an end that is none', body({ hold }), '0', 'Infinity', 'remaining'],
    [
      'a reason that is too long',
      body({ hold: { ...hold, why: 'x'.repeat(301) } }),
      '0',
      '',
      'hold.why',
    ],
    [
      'a reason that steers terminals',
      body({ hold: { ...hold, why: '\u001b' } }),
      '0',
      '',
      'hold.why',
    ],
    ['an id with a line break', body({ hold: { ...hold, id: 'a\nb' } }), '0', '', 'hold.id'],
    ['an unknown cause', body({ hold: { ...hold, cause: 'x' } }), '0', '', 'hold.cause'],
  ])('is refused with %s, and the place is named', (_name, text, age, remaining, place) => {
    const decoded = decodeState(['v', text, age, remaining, ''], 0);
    expect(decoded).toEqual({ ok: false, why: expect.stringContaining(place) as string });
  });

  it('takes an age before now as none: clocks are set back', () => {
    const decoded = decodeState(['v', body({}), '-5000', '', ''], 100);
    expect(decoded).toMatchObject({ ok: true, value: { since: 100 } });
  });

  it('is no state, and harms nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeState(['v', text, '0', '', ''], 0).ok).toBe(false);
        expect(decodeMessage(text).ok).toBe(false);
      }),
    );
  });
});
