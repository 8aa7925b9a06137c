import { FAULTS } from '../../../../lab/faults/catalogue';
import { ANSWERED, REFUSED, type PlannedCall } from '../../../../lab/faults/call-mix';
import type { Fault } from '../../../../lab/faults/fault';
import type { SeenCall } from '../../../../lab/faults/seen';
import { callsFor, durationOf, judgeAll, LEAD, recoveryOf } from '../../../../lab/faults/timeline';

const fault: Fault = {
  name: 'test',
  about: '',
  holdMs: 1000,
  recoversWithinMs: 5000,
  fallback: true,
  kinds: { before: ANSWERED, while: ANSWERED },
  break: () => Promise.resolve(),
  heal: () => Promise.resolve(),
};
const moments = { brokenAt: 4000, healedAt: 5000 };
const calls = callsFor(fault, 1, 0);

/** One call a second; these went the fallback. */
function seen(byFallback: readonly number[], from: readonly PlannedCall[] = calls) {
  return new Map(
    from.map(({ number }, index): [string, SeenCall] => {
      const invitedAt = index * 1000;
      const trunk = byFallback.includes(index) ? 'carrier-b' : 'carrier-a';
      const attempt = {
        trunk,
        callId: number,
        invitedAt: invitedAt + 5,
        said: [100, 200],
      } as const;
      return [
        number,
        { number, invitedAt, finals: [200], finalAt: invitedAt + 100, attempts: [attempt] },
      ];
    }),
  );
}
const harmed = (of: Fault, byFallback: readonly number[]) =>
  judgeAll(calls, seen(byFallback), of, moments).flatMap(({ harms, seen: it }) =>
    harms.length > 0 ? [it!.invitedAt / 1000] : [],
  );

test('the fallback is owed only from the fault until the latest allowed recovery', () => {
  expect(harmed(fault, [3, 4, 5, 10, 11])).toEqual([3, 11]);
});

test('a fault that crankback survives owes no fallback', () => {
  expect(harmed({ ...fault, fallback: false }, [4])).toEqual([4]);
});

test('a PBX that dies takes its calls along; the later ones count', () => {
  expect(harmed({ ...fault, fallback: false, pbxDies: true }, [3, 4, 5, 11])).toEqual([3, 11]);
});

test('once another policy is in force, only its way is owed', () => {
  const swapped: Fault = {
    ...fault,
    fallback: false,
    laterOrder: ['carrier-b', 'carrier-a', 'carrier-c'],
  };
  const all = calls.map((_, index) => index);
  expect(harmed(swapped, all.slice(6))).toEqual([]);
  expect(harmed(swapped, all.slice(6, 12))).toEqual(all.slice(12));
});

test('recovery counts from healing to the first of the calls that are all decided by the policy', () => {
  const recovery = (byFallback: readonly number[]) =>
    recoveryOf(judgeAll(calls, seen(byFallback), fault, moments), moments);
  expect(recovery([])).toBeUndefined();
  expect(recovery([4])).toBe(0);
  expect(recovery([4, 7])).toBe(3000);
  expect(recovery([calls.length - 1])).toBe(Infinity);
});

test('the calls of a fault with its own kinds change while it is broken', () => {
  const refusing = { ...fault, kinds: { before: ANSWERED, while: REFUSED } };
  const placed = callsFor(refusing, 10, 100);
  const refused = placed.flatMap(({ kind }, index) => (kind === REFUSED[0] ? [index] : []));
  expect(refused).toEqual(Array.from({ length: 10 }, (_, index) => LEAD * 10 + index));
  expect(new Set(placed.map(({ number }) => number)).size).toBe(placed.length);
});

test('the names of faults are distinct, and the short run takes five minutes', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  // Between two faults crankback is restarted; before the first one everything is.
  const BETWEEN = 9;
  const START = 30;
  const quick = FAULTS.filter((each) => each.quick);
  const seconds = quick.reduce((sum, each) => sum + durationOf(each) + BETWEEN, START);
  expect(seconds).toBeLessThanOrEqual(300);
});

test('a way around a trunk is owed while the PBX may not dial it, and ever since while it may be held', () => {
  const decided = { ...fault, fallback: false };
  expect(harmed({ ...decided, detour: 'meanwhile' }, [3, 4, 5, 10, 11])).toEqual([3, 11]);
  expect(harmed({ ...decided, detour: 'ever since' }, [3, 4, 5, 10, 11])).toEqual([3]);
});
