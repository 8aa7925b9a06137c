import {
  readCallState,
  redirectionStep,
  trunkName,
  type StateDialect,
  type TrunkName,
} from '../../../../adapters/shared/call-state';
import { ContractError } from '../../../../adapters/shared/contract';

const DIALECT: StateDialect<TrunkName> = {
  version: '7',
  where: 'the memory',
  unit: 'hours',
  startOf: (text) => (/^\d+$/.test(text) ? Number(text) * 3_600_000 : undefined),
  nameOf: trunkName,
};
const read = (text: string) => readCallState(text, DIALECT);

it('the memory of a call has its start, its attempts and the last redirection', () => {
  expect(read('7/2/policy/0/a:503:/b:180:1/>49:1/c:488:0:o/>50:2')).toEqual({
    startedAt: 7_200_000,
    attempts: [
      { trunk: 'a', sip: 503, rang: false },
      { trunk: 'b', rang: true },
      { trunk: 'c', sip: 488, rang: false, reoffered: true },
    ],
    redirected: { target: '50', hops: 2 },
  });
});

it('a redirection is read as it is written', () => {
  const redirected = { target: '+4930*1', hops: 3 };
  expect(read(`7/2///${redirectionStep(redirected)}`).redirected).toEqual(redirected);
});

it('a dialect may name attempts by something else', () => {
  const named = readCallState('7/2///=leg:486:1', {
    ...DIALECT,
    nameOf: (text) => ({ leg: text.slice(1) }),
  });
  expect(named.attempts).toEqual([{ leg: 'leg', sip: 486, rang: true }]);
});

it.each([
  ['another version', '8/2//', 'the memory is "8/2//", expected 7/<hours>/<policy>/<generation>'],
  ['a start that is no time', '7/x//', 'the memory is "7/x//"'],
  ['nothing', '', 'the memory is ""'],
  ['more than any call has', `7/2//${'/a:503:0'.repeat(1_100)}`, '8192 characters at most'],
  ['a hostile trunk', '7/2///A&B:503:', 'an attempt in the memory names the trunk "A&B"'],
  ['a redirection to no number', '7/2///>x:1', 'a redirection in the memory is ">x:1"'],
])('%s is refused and says why', (_, text, message) => {
  expect(() => read(text)).toThrow(ContractError);
  expect(() => read(text)).toThrow(message);
});
