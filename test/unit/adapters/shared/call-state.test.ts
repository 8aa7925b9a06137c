import fc from 'fast-check';
import {
  amendedState,
  readCallState,
  redirectionStep,
  trunkName,
  type StateDialect,
  type TrunkName,
} from '../../../../adapters/shared/call-state';
import { FAILURE_CLASSES } from '../../../../src/model/classes';
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

describe('the class of an attempt', () => {
  it.each([
    ['an older state has none', '7/2///a:403:0', undefined],
    ['behind the status', '7/2///a:403:0::no-credit', 'no-credit'],
    ['behind the mark of a reoffer', '7/2///a:488:0:o:media-address', 'media-address'],
    ['without a status', '7/2///a::0::redirected', 'redirected'],
    ['one that a newer crankback wrote', '7/2///a:403:0::sold-out', undefined],
    ['what is none', '7/2///a:403:0::constructor', undefined],
    ['what anybody may write', '7/2///a:403:0::${EVAL(x)}', undefined],
  ])('%s', (_, text, expected) => {
    expect(read(text).attempts[0]?.class).toBe(expected);
  });

  it.each([
    // The state, what is known, the state to keep.
    ['a phrase says more than its status', 'a:403:0', { class: 'no-credit' }, 'a:403:0::no-credit'],
    ['a Reason says more', 'a:503:', { class: 'busy' }, 'a:503:::busy'],
    ['a redirection without a status', 'a::0', { class: 'redirected' }, 'a::0::redirected'],
    ['ringing by early media', 'a::0', { class: 'no-answer' }, 'a::0::no-answer'],
    ['a reoffer', 'a:488:0:o', { class: 'media-address' }, 'a:488:0:o:media-address'],
    ['the status says the same', 'a:503:0', { class: 'trunk-congested' }, 'a:503:0'],
    ['status and ringing say the same', 'a:480:1', { class: 'no-answer', rang: true }, 'a:480:1'],
    ['nothing could be sent', 'a::0', { class: 'local-unreachable' }, 'a::0'],
    ['nothing came', 'a::', { class: 'trunk-timeout' }, 'a::'],
    ["the PBX's own 503", 'a:503:', { class: 'local-unreachable' }, 'a:503:'],
    [
      'mirrored SIP has seen ringing',
      'a:503:',
      { class: 'trunk-congested', rang: true },
      'a:503:1',
    ],
    ['mirrored SIP has seen none', 'a:503:1', { class: 'trunk-congested' }, 'a:503:'],
    ['another class than before', 'a:503:0::busy', { class: 'no-route' }, 'a:503:0::no-route'],
    ['what nobody can read', 'a:hello', { class: 'no-route' }, 'a:hello'],
  ] as const)('is written where status and ringing do not say it: %s', (_, step, known, kept) => {
    expect(amendedState(`7/2//k/${step}`, [{ rang: false, ...known }])).toBe(`7/2//k/${kept}`);
  });

  it('is written for each attempt, between redirections', () => {
    const known = [
      { rang: false, class: 'no-credit' },
      undefined,
      { rang: true, class: 'declined' },
    ] as const;
    expect(amendedState('7/2/p/k/a:403:0/>49:1/b:503:0/c:480:1', known)).toBe(
      '7/2/p/k/a:403:0::no-credit/>49:1/b:503:0/c:480:1::declined',
    );
    expect(amendedState('7/2//k/phones:503:0', [{ rang: true, class: 'busy', sip: 486 }])).toBe(
      '7/2//k/phones:486:1',
    );
    expect(amendedState('7/2/p/k', known)).toBe('7/2/p/k');
    expect(amendedState('', known)).toBe('');
  });

  it('is read as it was written, and writing it again changes nothing', () => {
    const status = fc.oneof(fc.constant(''), fc.integer({ min: 300, max: 699 }).map(String));
    const attempt = fc.record({
      step: fc.tuple(status, fc.constantFrom('', '0', '1'), fc.constantFrom('', ':o')),
      rang: fc.boolean(),
      class: fc.constantFrom(...FAILURE_CLASSES),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 6 }), (attempts) => {
        const steps = attempts.map(({ step: [sip, rang, mark] }) => `/a:${sip}:${rang}${mark}`);
        const written = amendedState(`7/2//k${steps.join('')}`, attempts);
        expect(amendedState(written, attempts)).toBe(written);
        const back = read(written).attempts;
        expect(back.map(({ rang }) => rang)).toEqual(attempts.map(({ rang }) => rang));
        for (const [index, { class: name }] of attempts.entries()) {
          expect([name, undefined]).toContain(back[index]?.class);
        }
      }),
    );
  });
});
