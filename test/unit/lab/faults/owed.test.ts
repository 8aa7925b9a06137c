import { callsOfKinds, digitPattern, MIX, ORDER, numberOf } from '../../../../lab/faults/call-mix';
import { byDetour, byFallback, byPolicy } from '../../../../lab/faults/owed';

const kind = (name: string) => {
  const found = MIX.find((each) => each.name === name);
  if (!found) throw new Error(`no kind ${name}`);
  return found;
};

test.each([
  ['answered', ['carrier-a'], 200],
  ['503, then the next trunk', ['carrier-a', 'carrier-b'], 200],
  ['503 twice, asked', ['carrier-a', 'carrier-b', 'carrier-c'], 200],
  ['486 with a mailbox', ['carrier-a'], 200],
  ['486 without a mailbox', ['carrier-a'], 486],
  ['488', ['carrier-a'], 488],
  ['silence, then the next trunk', ['carrier-a', 'carrier-b'], 200],
  ['rings, then 503', ['carrier-a'], 503],
])('the policy owes "%s" %j and %d', (name, trunks, final) => {
  expect(byPolicy(kind(name))).toEqual({ by: 'policy', trunks, final });
});

test('another order of the trunks is another way', () => {
  const order = ['carrier-a', 'carrier-c', 'carrier-b'] as const;
  expect(byPolicy(kind('503, then the next trunk'), order).trunks).toEqual([
    'carrier-a',
    'carrier-c',
  ]);
});

test('wherever the policy loses a call, the fallback dials carrier-b', () => {
  expect(byFallback(kind('503 twice, asked'))).toEqual([
    { by: 'fallback', trunks: ['carrier-b'], final: 503 },
    { by: 'fallback', trunks: ['carrier-a', 'carrier-b'], final: 503 },
    { by: 'fallback', trunks: ['carrier-a', 'carrier-b', 'carrier-b'], final: 503 },
  ]);
});

test('an answered call is not lost any more', () => {
  expect(byFallback(kind('answered'))).toEqual([
    { by: 'fallback', trunks: ['carrier-b'], final: 200 },
  ]);
});

test('a callee that has rung is not rung again', () => {
  expect(byFallback(kind('rings, then 503'))).toContainEqual({
    by: 'fallback',
    trunks: ['carrier-a'],
    final: 503,
  });
});

test('around held trunks a call tries one at least, and none twice', () => {
  const ways = byDetour(kind('answered')).map(({ trunks }) => trunks.join());
  expect(ways.sort()).toEqual([...ORDER]);
  const refused = byDetour({
    name: 'refused',
    way: 'planned',
    meets: { 'carrier-a': 503, 'carrier-b': 503, 'carrier-c': 503 },
  });
  expect(refused).toHaveLength(15);
  expect(new Set(refused.map(({ final }) => final))).toEqual(new Set([503]));
});

test('each carrier reads its own digit', () => {
  const number = numberOf(kind('503 twice, asked'), 42);
  expect(number).toBe('4001000042');
  const read = (carrier: (typeof ORDER)[number]) =>
    new RegExp(digitPattern(carrier)).exec(`${number}@`)?.[1];
  expect(ORDER.map(read)).toEqual(['0', '0', '1']);
});

test('no two calls have the same number', () => {
  const numbers = callsOfKinds(MIX, 500, 7).map(({ number }) => number);
  expect(new Set(numbers).size).toBe(500);
});
