import { known, timeOf } from '../../../src/http/v1/told/units';

test.each([
  0, 999, 1_000, 1_795_239_432_947, 1_795_239_432_948, 1_795_239_433_000, 7.9, -1, 59_999,
])('the time %d is told as Date tells it', (ms) => {
  expect(timeOf(ms)).toBe(new Date(Math.floor(ms)).toISOString());
  // Another time of the same second.
  expect(timeOf(Math.floor(ms / 1_000) * 1_000 + 5)).toMatch(/\.005Z$/);
});

test.each([NaN, Infinity, 9e15])('%d is no time', (ms) => {
  expect(() => timeOf(ms)).toThrow(RangeError);
  expect(timeOf(1)).toBe('1970-01-01T00:00:00.001Z');
});

test('known fields are those that there are', () => {
  expect(Object.keys(known({ a: 1, b: undefined, c: null, d: '' }))).toEqual(['a', 'c', 'd']);
});
