import { readStat } from '../../../../lab/bench/failover/usage';

/** /proc/<pid>/stat of a container with an init, as read on Linux 6.18. */
const LINES = `1 (docker-init) S 0 1 1 0 -1 1077936384 158 0 0 0 3 1 0 0 20 0 1 0 4711 3121152 256 18446744073709551615 1 1 0 0 0 0 0 3145728 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0
7 (a (b) c) R 0 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4711 1000 10 18446744073709551615 1 1 0 0
8 (MainThread) S 1 1 1 0 -1 1077936384 31234 0 12 0 321 45 0 0 20 0 11 0 4712 1579255808 46933 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;

test('finds a process by one of its names', () => {
  expect(readStat(LINES, ['node', 'MainThread'])).toEqual({
    cpuMs: (321 + 45) * 10,
    residentMb: (46933 * 4096) / 1e6,
  });
});

test('a name may hold blanks and parentheses', () => {
  expect(readStat(LINES, ['a (b) c'])).toEqual({ cpuMs: 0, residentMb: 0.04096 });
});

test('a process that is not there is not found', () => {
  expect(readStat(LINES, ['asterisk'])).toBeUndefined();
  expect(readStat('', ['asterisk'])).toBeUndefined();
});
