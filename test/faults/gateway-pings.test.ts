import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from 'winston';
import { FreeswitchAdapter } from '../../adapters/freeswitch/adapter';
import type { PbxListener, TrunkPing } from '../../src/calls/ports';
import { ESL_PASSWORD, ESL_SECRET, EslServer } from '../doubles/esl/server';
import { policyOf } from '../doubles/policies';
import { pause, until } from '../doubles/until';

/** A gateway before and after one OPTIONS, and the event of it, as a real FreeSWITCH told them. */
const FILE = join(__dirname, '../captures/freeswitch-1.11.1-pings/pings.jsonl');
const RECORDED = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map(
    (line) =>
      JSON.parse(line) as { event?: Record<string, string>; gateway?: string; xmlstatus?: string },
  );
const [BEFORE = '', AFTER = ''] = RECORDED.flatMap(({ gateway, xmlstatus }) =>
  gateway === 'qualified' ? [xmlstatus ?? ''] : [],
);
const EVENT = RECORDED.find(({ event }) => event?.['Gateway'] === 'qualified')?.event ?? {};

const UNUSED = () => undefined;

it('a gateway’s OPTIONS are told on each connection, from the event socket to the service', async () => {
  let server = new EslServer();
  await server.start();
  const { port } = server;
  const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { freeswitch: 'sofia/gateway/qualified/{number}' }, health: { options_ping: {} } }
routes: [{ digits: '*', trunks: [carrier-a] }]
`);
  const dropped: string[] = [];
  const pings: TrunkPing[] = [];
  let connected = 0;
  const adapter = new FreeswitchAdapter({
    observer: {
      host: '127.0.0.1',
      port,
      password: ESL_PASSWORD,
      timeoutMs: 1_000,
      heartbeatMs: 600_000,
    },
    handover: { host: '127.0.0.1', port: 0, peers: [] },
    secret: ESL_SECRET,
    policy,
    log: createLogger({ silent: true }),
    now: () => Date.now(),
    dropped: (reason) => dropped.push(reason),
  });
  const listener: PbxListener = {
    handover: UNUSED,
    planned: UNUSED,
    wentOn: UNUSED,
    begun: UNUSED,
    observed: UNUSED,
    observedCallOver: UNUSED,
    answered: UNUSED,
    timed: () => undefined,
    lateAnswer: UNUSED,
    fellBack: UNUSED,
    pinged: (ping) => pings.push(ping),
    sendsAgain: UNUSED,
    abandoned: UNUSED,
    callerGone: UNUSED,
    connection: (state) => void (connected += state.connected ? 1 : 0),
  };
  const pingOnce = async () => {
    server.gateways = { qualified: BEFORE };
    const asked = () => server.commands.filter((one) => one.includes('xmlstatus')).length;
    await until(() => asked() === 1);
    expect(server.commands).toContain('event json CUSTOM sofia::gateway_state');
    // Until its answer is read.
    await pause(50);
    server.gateways = { qualified: AFTER };
    server.event(EVENT);
  };
  try {
    server.gateways = { qualified: BEFORE };
    adapter.start(listener);
    await pingOnce();
    await until(() => pings.length === 1);
    await server.stop();
    server = new EslServer();
    server.gateways = { qualified: BEFORE };
    await server.start(port);
    await until(() => connected === 2);
    await pingOnce();
    await until(() => pings.length === 2);
    const up = { trunk: 'carrier-a', answered: true, sip: 200 };
    expect(pings).toEqual([up, up]);
    expect(dropped).toEqual([]);
  } finally {
    await adapter.stop();
    await server.stop();
  }
});
