import { ContractError } from '../../../../../adapters/shared/contract';
import { readPlanned } from '../../../../../adapters/asterisk/plan/planned-event';

/** As a real Asterisk 22.10 passed it on. */
const EVENT = {
  eventname: 'crankback',
  version: '1',
  number: '201',
  trunk: 'carrier-a',
  leg: 'PJSIP/carrier-a-00000006',
  dialstatus: 'CONGESTION',
  cause: '34',
  sip: '503',
  from: '1795653231056',
  state: '1/1795653231.051/50ab912c5417/mwwtkgcp-1/carrier-a:503:0',
  at: '1795653231061',
};

describe('the event of a planned step', () => {
  it('reads as a report of the failed attempt with the standard phrase', () => {
    expect(readPlanned(EVENT)).toMatchObject({
      event: 'failed',
      number: '201',
      slot: { sip: 503, afterProgress: false },
      state: {
        startedAt: 1_795_653_231_051,
        attempts: [{ trunk: 'carrier-a', sip: 503, rang: false }],
      },
      attempts: [
        { trunk: 'carrier-a', tech: 'SIP 503 Service Unavailable', rang: false, progress: false },
      ],
    });
  });

  it('tells early media and its time', () => {
    const heard = { ...EVENT, at: '1795653231956', ring_ms: '', progress_ms: '200' };
    expect(readPlanned(heard)).toMatchObject({
      slot: { sip: 503, afterProgress: true },
      attempts: [{ progress: true, earlyMediaMs: 700 }],
    });
  });

  it.each([
    ['of another version', { ...EVENT, version: '2' }],
    ['without a state', { ...EVENT, state: '' }],
    ['without a trunk', { ...EVENT, trunk: 7 }],
    ['of somebody else', { hello: 'world' }],
  ])('is refused when it is one %s', (_, event) => {
    expect(() => readPlanned(event)).toThrow(ContractError);
  });
});
