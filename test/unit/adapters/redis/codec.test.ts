import fc from 'fast-check';
import { decodeMessage, decodeState, encodeState } from '../../../../adapters/redis/codec';
import type { BreakerState } from '../../../../src/trunks/health/breaker/state';

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
  return decodeState(['v', body, String(age), String(remaining)], received);
}

describe('a state on its way through Redis', () => {
  it('keeps its distances in time, whatever the clocks of both ends', () => {
    expect(travel(held, 15_000, 1_015_000)).toEqual({
      ...held,
      hold: { ...held.hold, since: 1_010_000, until: 1_040_000 },
    });
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

describe('what another program has written', () => {
  it('is no state, and harms nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeState(['v', text, '0', ''], 0)).toBeUndefined();
        expect(decodeMessage(text)).toBeUndefined();
      }),
    );
  });
});
