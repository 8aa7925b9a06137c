import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import winston from 'winston';
import { OptionsPings } from '../../../../../adapters/freeswitch/trunks/options-pings';
import type { FreeswitchTrunk } from '../../../../../adapters/freeswitch/trunks/trunk-names';
import type { TrunkPing } from '../../../../../src/calls/ports';

interface Line {
  readonly ms: number;
  readonly event?: Readonly<Record<string, string>>;
  readonly gateway?: string;
  readonly xmlstatus?: string;
  readonly mirrored?: number;
}

/** Of a real FreeSWITCH. */
const FILE = join(__dirname, '../../../../captures/freeswitch-1.11.1-pings/pings.jsonl');
const RECORDED = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const URI = 'sip:127.0.0.23:15062;transport=udp';
const TOLD = trunkTo('sofia/gateway/qualified/{number}');
const UNTOLD = trunkTo('sofia/gateway/qualified-untold/{number}');

function trunkTo(freeswitch: string): FreeswitchTrunk {
  return {
    name: 'carrier',
    dial: { freeswitch },
    ringTimeout: 1,
    health: { ping: { down: 3, up: 2 } },
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function setUp({ mirrors = false, answers = new Map<string, string>() } = {}) {
  const pings: TrunkPing[] = [];
  const warnings: unknown[] = [];
  const subscribed: string[] = [];
  const log = winston.createLogger({
    format: winston.format((info) => {
      warnings.push(info['why']);
      return false;
    })(),
    transports: [new winston.transports.Console()],
  });
  let answer: { status: number; at: number } | undefined;
  const mirror = {
    pingStatus: (uri: string, withinMs: number) =>
      uri === URI && answer && Date.now() - answer.at <= withinMs ? answer.status : undefined,
  };
  const gateways = new OptionsPings({
    observer: {
      ask: (command, args) =>
        Promise.resolve(answers.get(`${command} ${args}`.replace('sofia xmlstatus gateway ', ''))),
      subscribe: (events) => Promise.resolve(void subscribed.push(events)),
    },
    log,
    pinged: (ping) => pings.push(ping),
    ...(mirrors && { mirror }),
  });
  /** As it happened, `follow` at the first line. */
  const play = async (trunks: readonly FreeswitchTrunk[]) => {
    const begun = Date.now();
    for (const { ms, event, gateway, xmlstatus, mirrored } of RECORDED) {
      await jest.advanceTimersByTimeAsync(Math.max(0, begun + ms - Date.now()));
      if (gateway !== undefined) answers.set(gateway, xmlstatus ?? '');
      if (mirrored !== undefined) answer = { status: mirrored, at: Date.now() };
      if (event) gateways.event(event);
      if (answers.size === 2 && subscribed.length === 0) await gateways.follow(trunks);
    }
    await jest.advanceTimersByTimeAsync(10_000);
  };
  return { gateways, pings, warnings, subscribed, answers, play };
}

/** `-` for an OPTIONS without an answer, `?` for one whose status is not known. */
function inShort(pings: readonly TrunkPing[]): string {
  return pings.map(({ answered, sip }) => (answered ? (sip ?? '?') : '-')).join(' ');
}

describe('what FreeSWITCH’s OPTIONS have come to', () => {
  it('is told once for each, with its status, by a gateway with ping-monitoring', async () => {
    const { pings, warnings, subscribed, play } = setUp();
    await play([TOLD]);
    // Without mirrored SIP, a closed port is what FreeSWITCH calls it.
    expect(inShort(pings)).toBe('200 200 503 503 500 500 200 - 405 405 503 200 200 200');
    expect(subscribed).toEqual(['CUSTOM sofia::gateway_state']);
    expect(warnings).toEqual([]);
  });

  it('is no 503 where mirrored SIP has none: nobody listened', async () => {
    const { pings, play } = setUp({ mirrors: true });
    await play([TOLD]);
    expect(inShort(pings)).toBe('200 200 503 503 500 500 200 - 405 405 - 200 200 200');
  });

  it('is counted once for each by any other gateway, with the status that the mirror shows', async () => {
    const { pings, warnings, play } = setUp({ mirrors: true });
    await play([UNTOLD]);
    expect(inShort(pings)).toBe('200 200 503 503 500 500 200 - 405 405 - 200 200 200');
    expect(warnings).toEqual([]);
  });

  it('is unclear without the mirror unless it changes, and the log says what to do', async () => {
    const { pings, warnings, play } = setUp();
    await play([UNTOLD]);
    expect(inShort(pings)).toBe('200 ? 503 - 500 ? ? - 405 ? 503 200 ? ?');
    expect(warnings).toEqual([
      'answers cannot be told apart without mirrored SIP or ping-monitoring=true at gateway qualified-untold',
    ]);
  });

  it('is each trunk’s that dials the gateway', async () => {
    const { pings, play } = setUp();
    const other = { ...trunkTo('sofia/gateway/lab::qualified/9{number}'), name: 'other' };
    await play([TOLD, other]);
    expect(pings.slice(0, 2)).toEqual([
      { trunk: 'carrier', answered: true, sip: 200 },
      { trunk: 'other', answered: true, sip: 200 },
    ]);
  });

  it.each([
    ['sofia/external/{number}@192.0.2.1', 'only sofia gateways are pinged'],
    ['sofia/gateway/nobody/{number}', 'FreeSWITCH has no gateway nobody'],
    [
      'sofia/gateway/unpinged/{number}',
      'FreeSWITCH sends no OPTIONS: ping is not set for gateway unpinged',
    ],
  ])('is not to be had of %s, and the log says why', async (dialString, why) => {
    const recorded = RECORDED.find(({ gateway }) => gateway === 'qualified')?.xmlstatus ?? '';
    const answers = new Map([
      ['nobody', 'Invalid Gateway!\n'],
      ['unpinged', recorded.replace('<pingfreq>5<', '<pingfreq>0<')],
    ]);
    const { gateways, pings, warnings } = setUp({ answers });
    await gateways.follow([trunkTo(dialString)]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(warnings).toEqual([why]);
    expect(pings).toEqual([]);
  });

  it('is asked for where the policy says so, and no longer than that', async () => {
    const { gateways, pings, subscribed, play } = setUp();
    await gateways.follow([{ ...TOLD, health: {} }]);
    expect(subscribed).toEqual([]);
    await play([]);
    expect(pings).toEqual([]);
    const { gateways: stopped, pings: none, answers } = setUp();
    answers.set('qualified', RECORDED[0]?.xmlstatus ?? '');
    const reading = stopped.follow([TOLD]);
    stopped.stop();
    await reading;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(none).toEqual([]);
  });

  it('is nothing while FreeSWITCH is away', async () => {
    const { gateways, pings, warnings } = setUp();
    await gateways.follow([TOLD]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([pings, warnings]).toEqual([[], []]);
  });
});
