import { badnessOf } from '../../../../src/trunks/health/breaker/badness';
import { leastBad } from '../../../../src/policy/routes/least-bad';
import type { Side } from '../../../../src/trunks/health/attempt-outcome';
import type { HoldCause } from '../../../../src/trunks/health/breaker/state';
import type { TrunkHealth } from '../../../../src/trunks/health/health-store';

/** As decisions ask: absolute holds are no candidates. */
function lastResort(trunks: readonly TrunkHealth[]): TrunkHealth | undefined {
  const candidates = trunks.filter(({ hold }) => !hold?.absolute);
  return candidates[leastBad(candidates.map(badnessOf)) ?? -1];
}

function trunk(
  name: string,
  about: {
    until?: number;
    absolute?: boolean;
    side?: Side;
    trips?: number;
    over?: boolean;
    cause?: HoldCause;
  } = {},
): TrunkHealth {
  const { until, absolute = false, side = 'far', trips = 1, over = false } = about;
  const { cause = 'faults' } = about;
  return {
    trunk: name,
    phase: over ? 'half-open' : 'held',
    access: 'held',
    trips,
    hold: {
      id: name,
      cause,
      why: '',
      since: 0,
      absolute,
      side,
      ...(until !== undefined && { until }),
    },
  };
}

describe('the last resort', () => {
  it.each([
    ['whose hold is over', trunk('b', { over: true, trips: 9 })],
    ['that is held for its quality alone', trunk('b', { cause: 'quality', trips: 9, until: 99 })],
    ['with fewer trips in a row', trunk('b', { trips: 0, until: 99 })],
    ['that is back first', trunk('b', { until: 5 })],
  ])('is the trunk %s', (_name, better) => {
    expect(lastResort([trunk('a', { until: 50 }), better])?.trunk).toBe('b');
  });

  it('is the first of the route among equals', () => {
    expect(lastResort([trunk('a', { until: 5 }), trunk('b', { until: 5 })])?.trunk).toBe('a');
  });

  it('is one that can be sent on at all', () => {
    const list = [trunk('a', { side: 'local', until: 1 }), trunk('b', { until: 900, trips: 7 })];
    expect(lastResort(list)?.trunk).toBe('b');
  });

  it('is never a trunk held by hand or for credit', () => {
    expect(lastResort([trunk('a', { absolute: true }), trunk('b', { until: 9 })])?.trunk).toBe('b');
    expect(lastResort([trunk('a', { absolute: true })])).toBeUndefined();
    expect(lastResort([])).toBeUndefined();
  });
});
