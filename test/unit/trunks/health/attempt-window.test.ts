import fc from 'fast-check';
import { numberMark } from '../../../../src/trunks/health/number-mark';
import { DEFAULT_HEALTH } from '../../../../src/policy/health-settings';
import {
  AttemptWindow,
  NO_COUNTS,
  reasonToTrip,
} from '../../../../src/trunks/health/attempt-window';

const { trip } = DEFAULT_HEALTH;
const arbitraryCalls = fc.array(
  fc.record({ wait: fc.nat({ max: 4000 }), works: fc.boolean(), mark: fc.nat({ max: 5 }) }),
  { maxLength: 120 },
);

describe('a window', () => {
  it('counts what a list of all calls would, within one slot', () => {
    fc.assert(
      fc.property(arbitraryCalls, (calls) => {
        const window = new AttemptWindow(() => trip);
        const slot = trip.ratio.window / 10;
        const seen: { at: number; works: boolean; mark: number }[] = [];
        let now = 0;
        let streak: number[] = [];
        for (const { wait, works, mark } of calls) {
          now += wait;
          seen.push({ at: now, works, mark });
          streak = works ? [] : [...streak, mark];
          if (works) window.worked(now);
          else window.fault(now, mark);
        }
        const first = (Math.floor(now / slot) - 9) * slot;
        const recent = seen.filter(({ at }) => at >= first);
        const faulty = recent.filter(({ works }) => !works);
        expect(window.counts(now)).toEqual({
          attempts: recent.length,
          faults: faulty.length,
          numbers: Math.min(3, new Set(faulty.map(({ mark }) => mark)).size),
          streak: streak.length,
          streakNumbers: Math.min(3, new Set(streak).size),
        });
      }),
    );
  });

  it('holds the same amount of memory after a million numbers as after a thousand', () => {
    const size = (calls: number) => {
      const window = new AttemptWindow(() => trip);
      for (let call = 0; call < calls; call++) window.fault(call, call % 65_536);
      return JSON.stringify(window, (_key, value: unknown) =>
        value instanceof Set ? [...(value as Set<number>)].map(() => 0) : value,
      ).replace(/\d+/g, '0').length;
    };
    expect(size(1_000_000)).toBe(size(50_000));
  });

  it('survives a clock that is set back', () => {
    const window = new AttemptWindow(() => trip);
    window.fault(1e12, 1);
    window.fault(0, 2);
    window.worked(1);
    expect(window.counts(2)).toMatchObject({ attempts: 2, faults: 1, streak: 0 });
  });
});

describe('a window whose settings change with the policy', () => {
  const of = (distinctNumbers: number, window = trip.ratio.window) => ({
    ...trip,
    distinctNumbers,
    ratio: { ...trip.ratio, window },
  });

  it('counts as many different numbers as are asked for now', () => {
    let now = of(1);
    const window = new AttemptWindow(() => now);
    window.fault(0, 1);
    now = of(3);
    for (const mark of [2, 3, 4]) window.fault(1, mark);
    expect(window.counts(2)).toMatchObject({ numbers: 3, streakNumbers: 3 });
  });

  it('begins to count anew with another length, and the streak goes on', () => {
    let now = of(3, 60_000);
    const window = new AttemptWindow(() => now);
    window.fault(50_000, 1);
    now = of(3, 10_000);
    expect(window.counts(50_001)).toMatchObject({ attempts: 0, streak: 1 });
    window.fault(50_002, 2);
    expect(window.counts(59_000)).toMatchObject({ attempts: 1, streak: 2 });
    expect(window.counts(70_000)).toMatchObject({ attempts: 0, streak: 2 });
  });
});

describe('a reason to trip', () => {
  const streak = { ...NO_COUNTS, streak: 5, streakNumbers: 3 };
  const ratio = { ...NO_COUNTS, attempts: 20, faults: 10, numbers: 3 };

  it('is a streak, or a share of enough attempts', () => {
    expect(reasonToTrip(streak, trip)).toBe('streak');
    expect(reasonToTrip(ratio, trip)).toBe('ratio');
    expect(reasonToTrip(NO_COUNTS, trip)).toBeUndefined();
  });

  it.each([
    ['a streak too short', { ...streak, streak: 4 }],
    ['a streak on too few numbers', { ...streak, streakNumbers: 2 }],
    ['too few attempts', { ...ratio, attempts: 19 }],
    ['too small a share', { ...ratio, faults: 9 }],
    ['too few numbers', { ...ratio, numbers: 2 }],
  ])('is not %s', (_name, counts) => {
    expect(reasonToTrip(counts, trip)).toBeUndefined();
  });
});

describe('a mark', () => {
  it('is a 16-bit number, the same for the same number', () => {
    fc.assert(
      fc.property(fc.string(), (number) => {
        const mark = numberMark(number);
        expect(mark).toBe(numberMark(number));
        expect(mark).toBe(mark & 0xffff);
      }),
    );
  });

  it('tells neighbouring numbers apart', () => {
    const marks = Array.from({ length: 100 }, (_, index) => numberMark(`+4930555${1000 + index}`));
    expect(new Set(marks).size).toBeGreaterThan(98);
  });
});
