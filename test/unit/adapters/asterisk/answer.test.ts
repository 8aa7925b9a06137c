import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../../../adapters/asterisk/adapter';
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

function answering() {
  const settled = () => Promise.resolve();
  const continued = jest.spyOn(AriRest.prototype, 'continueInDialplan').mockImplementation(settled);
  jest.spyOn(AriRest.prototype, 'setVariable').mockImplementation(settled);
  jest.spyOn(AriRest.prototype, 'setGlobal').mockImplementation(settled);
  const adapter = new AsteriskAdapter({
    url: 'http://127.0.0.1:1',
    user: 'crankback',
    password: 'secret',
    timeoutMs: 1_000,
    policy: { hash: 'p', trunks: new Map() },
    log: createLogger({ silent: true }),
    now: () => 0,
    dropped: () => undefined,
  });
  return { adapter, continued };
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
