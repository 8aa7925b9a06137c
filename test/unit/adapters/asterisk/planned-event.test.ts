import { ContractError } from '../../../../adapters/asterisk/contract';
import { readPlanned } from '../../../../adapters/asterisk/planned-event';

/** As a real Asterisk 22.10 passed it on. */
const EVENT = {
  version: '1',
  number: '201',
  state: '1/1795630177.636/b4d24ffde548/mwwfu6xy.1/carrier-a:503:0',
  trunk: 'carrier-a',
  leg: 'PJSIP/carrier-a-0000000d',
  dialstatus: 'CONGESTION',
  cause: '34',
  sip: '503',
  elapsed_ms: '5',
  ring_ms: '',
  progress_ms: '',
  heard: '0',
};

describe('the event of a planned step', () => {
  it('reads as a report of the failed attempt with the standard phrase', () => {
    expect(readPlanned(EVENT)).toMatchObject({
      event: 'failed',
      number: '201',
      slot: { sip: 503, heard: false },
      state: {
        startedAt: 1_795_630_177_636,
        attempts: [{ trunk: 'carrier-a', sip: 503, rang: false }],
      },
      attempts: [
        { trunk: 'carrier-a', tech: 'SIP 503 Service Unavailable', rang: false, progress: false },
      ],
    });
  });

  it('tells early media and its time', () => {
    const heard = { ...EVENT, heard: '1', elapsed_ms: '900', progress_ms: '200' };
    expect(readPlanned(heard)).toMatchObject({
      slot: { sip: 503, heard: true },
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
