import { isBehind } from '../../../../adapters/redis/stream-id';

it.each([
  ['1795837359833-1', '1795837359833-0', true],
  ['1795837359833-10', '1795837359833-9', true],
  ['999-0', '1000-0', false],
  ['1000-0', '1000-0', false],
  ['18446744073709551615-18446744073709551615', '18446744073709551615-18446744073709551614', true],
  ['', '1-0', false],
  ['1-0', '', false],
])('"%s" comes behind "%s": %s', (id, other, expected) => {
  expect(isBehind(id, other)).toBe(expected);
});
