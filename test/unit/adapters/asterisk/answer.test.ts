import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../../../adapters/asterisk/adapter';
import type { AsteriskTrunk } from '../../../../adapters/asterisk/trunks/trunk-names';
import { AriRest } from '../../../../adapters/asterisk/ari/rest';
import type { AnswerDetails, Handover } from '../../../../src/calls/ports';
import type { Decision } from '../../../../src/policy/decision/decision';
import { planOf, slotOf } from '../../../doubles/plans';
import { huntOf } from '../../../doubles/policies';

const HANDOVER: Handover = {
  huntId: 'a1@1795239432947',
  leg: 'PJSIP/caller-00000001',
  at: 1_795_239_432_950,
  exactRelay: true,
  exactDetails: false,
  event: { kind: 'route' },
  hunt: huntOf([]),
};
const DIAL: Decision = {
  outcome: { kind: 'dial', trunk: 'a', number: '200' },
  why: '',
  refused: [],
};
const PLANNED: AnswerDetails = {
  plan: planOf({ 503: slotOf({ kind: 'dial', trunk: 'b', number: '200' }) }),
};

function answering(trunks: readonly AsteriskTrunk[] = []) {
  const settled = () => Promise.resolve();
  const continued = jest.spyOn(AriRest.prototype, 'continueInDialplan').mockImplementation(settled);
  const set = jest.spyOn(AriRest.prototype, 'setVariable').mockImplementation(settled);
  const several = jest.spyOn(AriRest.prototype, 'setVariables').mockImplementation(settled);
  jest.spyOn(AriRest.prototype, 'setGlobal').mockImplementation(settled);
  jest.spyOn(AriRest.prototype, 'deleteGlobal').mockImplementation(settled);
  jest.spyOn(AriRest.prototype, 'global').mockResolvedValue('');
  jest.spyOn(AriRest.prototype, 'pjsipObject').mockResolvedValue(undefined);
  const adapter = new AsteriskAdapter({
    url: 'http://127.0.0.1:1',
    user: 'crankback',
    password: 'secret',
    timeoutMs: 1_000,
    policy: { hash: 'p', trunks: new Map(trunks.map((trunk) => [trunk.name, trunk])) },
    log: createLogger({ silent: true }),
    now: () => 0,
    dropped: () => undefined,
  });
  return { adapter, continued, set, several };
}

afterEach(() => jest.restoreAllMocks());

describe('an answer leaves before anything else is done', () => {
  it('to a failure', async () => {
    const { adapter, continued } = answering();
    const answered = adapter.answer(HANDOVER, DIAL, {});
    expect(continued).toHaveBeenCalledWith('a1', 'crankback-dial', '*a');
    await answered;
  });

  it('with a plan that Asterisk has already', async () => {
    const { adapter, continued } = answering();
    await adapter.answer(HANDOVER, DIAL, PLANNED);
    continued.mockClear();
    const answered = adapter.answer(HANDOVER, DIAL, PLANNED);
    expect(continued).toHaveBeenCalledTimes(1);
    await answered;
  });
});

describe('a call brings along what Asterisk is not known to have', () => {
  const trunk = (name: string): AsteriskTrunk => ({
    name,
    dial: { asterisk: `PJSIP/{number}@${name}` },
    firstResponse: 4_000,
    ringTimeout: 30_000,
  });
  const variables = (name: string) =>
    [
      [`CRANKBACK_DIAL_${name}`, `PJSIP/\${CB_TO}@${name}`],
      [`CRANKBACK_RING_TIMEOUT_${name}`, '30'],
    ] as const;

  it('of its trunk and of those that its plan may dial, in one request', async () => {
    const { adapter, several, continued } = answering([trunk('a'), trunk('b'), trunk('c')]);
    await adapter.answer(HANDOVER, DIAL, PLANNED);
    expect(several.mock.calls).toEqual([['a1', [...variables('a'), ...variables('b')]]]);
    expect(several.mock.invocationCallOrder[0]).toBeLessThan(
      continued.mock.invocationCallOrder[0] ?? 0,
    );
  });

  it('and nothing of what is published', async () => {
    const trunks = [trunk('a'), trunk('b')];
    const { adapter, several } = answering(trunks);
    const policy = { hash: 'p', trunks: new Map(trunks.map((one) => [one.name, one])) };
    await adapter.policyChanged(policy);
    await adapter.answer(HANDOVER, DIAL, PLANNED);
    expect(several).not.toHaveBeenCalled();
  });
});

describe('the state of the call keeps what an attempt was', () => {
  const relay: Decision = { ...DIAL, outcome: { kind: 'relay', sip: 503 } };
  const redirect: Decision = {
    ...DIAL,
    outcome: { kind: 'redirect', trunk: 'a', number: '49', target: '49', hops: 1 },
  };
  it.each([
    ['a phrase said more', DIAL, '/b:403:0', ['b:403::no-credit'], '/b:403:0::no-credit'],
    ['a Reason said more', DIAL, '/b:503:0', ['b:503::busy'], '/b:503:0::busy'],
    [
      'an earlier one, known only since',
      DIAL,
      '/b:503:0/c:500:0',
      ['b:503::no-route', 'c:500::trunk-failed'],
      '/b:503:0::no-route/c:500:0',
    ],
    ['before a redirection', redirect, '/b::0', ['b:::redirected'], '/b::0::redirected'],
    ['the status says it', DIAL, '/b:503:0', ['b:503::trunk-congested'], undefined],
    ['nothing came', DIAL, '/b::0', ['b:::trunk-timeout'], undefined],
    ['the hunt ends', relay, '/b:403:0', ['b:403::no-credit'], undefined],
    ['before the first attempt', DIAL, '', [], undefined],
    [
      "a leg of the user's own that is no trunk's",
      DIAL,
      '/=PJSIP~desk-01:486:0/b:403:0',
      ['b:403::no-credit'],
      '/=PJSIP~desk-01:486:0/b:403:0::no-credit',
    ],
  ])('%s', async (_, decision, steps, attempts, kept) => {
    const { adapter, continued, set } = answering();
    const head = '1/1795239432.947/p/k';
    const hunt = huntOf(attempts);
    const handover = { ...HANDOVER, hunt, state: `${head}${steps}` };
    await adapter.answer(handover, decision, { attempts: hunt.attempts });
    const states = set.mock.calls.filter(([, name]) => name === 'CRANKBACK_STATE');
    const expected = kept === undefined ? [] : [['a1', 'CRANKBACK_STATE', `${head}${kept}`]];
    expect(states).toEqual(expected);
    // A state that came later could undo what the next attempt has written.
    const [answered = 0] = continued.mock.invocationCallOrder;
    expect(set.mock.invocationCallOrder.every((order) => order < answered)).toBe(true);
  });
});
