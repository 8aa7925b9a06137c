import winston from 'winston';
import { OptionsPings } from '../../../../../adapters/asterisk/trunks/options-pings';
import type { AsteriskTrunk } from '../../../../../adapters/asterisk/trunks/trunk-names';
import type { TrunkPing } from '../../../../../src/calls/ports';

const TRUNK: AsteriskTrunk = {
  name: 'carrier-a',
  dial: { asterisk: 'PJSIP/{number}@isp' },
  firstResponse: 4000,
  ringTimeout: 30_000,
  health: { ping: { down: 3, up: 2 } },
};
const URI = 'sip:192.0.2.7:5060';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** As Asterisk 22.10.1 shows them. */
function setUp({ aor = {}, mirrored }: { aor?: object; mirrored?: () => number | undefined } = {}) {
  let state: string | Error | undefined = 'online';
  const asked: string[] = [];
  const pings: TrunkPing[] = [];
  const warnings: unknown[] = [];
  const log = winston.createLogger({
    format: winston.format((info) => {
      warnings.push(info['why']);
      return false;
    })(),
    transports: [new winston.transports.Console()],
  });
  const objects: Record<string, Record<string, string>> = {
    'endpoint isp': { aors: 'isp-out' },
    'aor isp-out': {
      qualify_frequency: '10',
      qualify_2xx_only: 'false',
      contact: URI,
      ...aor,
    },
  };
  const qualify = new OptionsPings({
    rest: {
      endpointState: (technology, endpoint) => {
        asked.push(`${technology}/${endpoint}`);
        return state instanceof Error ? Promise.reject(state) : Promise.resolve(state);
      },
      pjsipObject: (type, name) => {
        const found = objects[`${type} ${name}`];
        return Promise.resolve(found && new Map(Object.entries(found)));
      },
    },
    log,
    pinged: (ping) => pings.push(ping),
    ...(mirrored && { mirror: { pingStatus: (uri) => (uri === URI ? mirrored() : undefined) } }),
  });
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const become = (next: typeof state) => (state = next);
  return { qualify, asked, pings, warnings, pass, become };
}

describe('what Asterisk’s OPTIONS have come to', () => {
  it('is asked as often as they are sent, and told with the status that the mirror shows', async () => {
    let status = 200;
    const { qualify, asked, pings, warnings, pass, become } = setUp({ mirrored: () => status });
    await qualify.follow([TRUNK]);
    await pass(10_000);
    status = 503;
    await pass(10_000);
    become('offline');
    await pass(10_000);
    expect(asked).toEqual(Array(3).fill('PJSIP/isp'));
    expect(pings).toEqual([
      { trunk: 'carrier-a', answered: true, sip: 200 },
      { trunk: 'carrier-a', answered: true, sip: 503 },
      { trunk: 'carrier-a', answered: false },
    ]);
    expect(warnings).toEqual([]);
  });

  it('is unclear without the mirror, and the log says what to do', async () => {
    const { qualify, pings, warnings, pass } = setUp();
    await qualify.follow([TRUNK]);
    await pass(10_000);
    expect(pings).toEqual([{ trunk: 'carrier-a', answered: true }]);
    expect(warnings).toEqual([
      'answers cannot be told apart without mirrored SIP or qualify_2xx_only=yes in pjsip.conf [isp]',
    ]);
  });

  it('is a 2xx where Asterisk takes nothing else for an answer', async () => {
    const { qualify, pings, warnings, pass } = setUp({ aor: { qualify_2xx_only: 'true' } });
    await qualify.follow([TRUNK]);
    await pass(10_000);
    expect(pings).toEqual([{ trunk: 'carrier-a', answered: true, sip: 200 }]);
    expect(warnings).toEqual([]);
  });

  it('is nothing while Asterisk is away, or does not know itself', async () => {
    const { qualify, pings, pass, become } = setUp({ mirrored: () => 200 });
    await qualify.follow([TRUNK]);
    for (const state of [new Error('closed'), 'unknown', undefined]) {
      become(state);
      await pass(10_000);
    }
    expect(pings).toEqual([]);
  });

  it.each([
    [
      { ...TRUNK, dial: { asterisk: 'IAX2/isp/{number}' } },
      {},
      'only PJSIP endpoints are qualified',
    ],
    [
      TRUNK,
      { qualify_frequency: '0' },
      'Asterisk sends no OPTIONS: qualify_frequency is 0 in pjsip.conf for [isp]',
    ],
    [
      { ...TRUNK, dial: { asterisk: 'PJSIP/{number}@nobody' } },
      {},
      'Asterisk sends no OPTIONS: qualify_frequency is 0 in pjsip.conf for [nobody]',
    ],
  ])('is not to be had, and the log says why', async (trunk, aor, why) => {
    const { qualify, asked, warnings, pass } = setUp({ aor, mirrored: () => 200 });
    await qualify.follow([trunk]);
    await pass(60_000);
    expect(asked).toEqual([]);
    expect(warnings).toEqual([why]);
  });

  it('is asked for where the policy says so, and no longer than that', async () => {
    const { qualify, asked, pass } = setUp({ mirrored: () => 200 });
    await qualify.follow([{ ...TRUNK, health: {} }]);
    await pass(60_000);
    expect(asked).toEqual([]);
    await qualify.follow([TRUNK]);
    await qualify.follow([]);
    await pass(60_000);
    expect(asked).toEqual([]);
    const reading = qualify.follow([TRUNK]);
    qualify.stop();
    await reading;
    await pass(60_000);
    expect(asked).toEqual([]);
  });
});
