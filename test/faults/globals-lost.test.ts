import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../adapters/asterisk/adapter';
import type { ConnectionState, Handover, PbxListener } from '../../src/calls/ports';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { policyOf } from '../doubles/policies';
import { until } from '../doubles/until';

const UNUSED = () => undefined;
const POLICY = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: 'PJSIP/{number}@carrier-a' } }
routes: [{ digits: '*', trunks: [carrier-a] }]
`);

let server: AriServer;
let adapter: AsteriskAdapter;
const states: ConnectionState[] = [];
const handed: { readonly handover: Handover; readonly published: string | undefined }[] = [];

beforeEach(async () => {
  states.length = 0;
  handed.length = 0;
  server = await AriServer.start();
  adapter = new AsteriskAdapter({
    url: server.url,
    user: USER,
    password: PASSWORD,
    timeoutMs: 10_000,
    policy: POLICY,
    log: createLogger({ silent: true }),
    now: () => Date.now(),
    dropped: UNUSED,
  });
  const listener: PbxListener = {
    handover: (handover) =>
      handed.push({ handover, published: server.globals.get('CRANKBACK_DIAL_carrier-a') }),
    planned: UNUSED,
    wentOn: UNUSED,
    begun: UNUSED,
    observed: UNUSED,
    observedCallOver: UNUSED,
    answered: UNUSED,
    timed: () => undefined,
    lateAnswer: UNUSED,
    fellBack: UNUSED,
    sendsAgain: UNUSED,
    pinged: UNUSED,
    abandoned: UNUSED,
    callerGone: UNUSED,
    connection: (state) => states.push(state),
  };
  adapter.start(listener);
  await until(() => states.some(({ connected }) => connected));
});

afterEach(async () => {
  await adapter.stop();
  await server.stop();
});

function asks(...args: string[]): void {
  const channel = { id: 'a1', name: 'PJSIP/caller-00000001', state: 'Ring' };
  server.send({ type: 'StasisStart', args, channel });
}

const ROUTE = ['1', 'route', 'number=201', 'state=1/1795653231.051//'];

it('a call that shows that Asterisk has lost everything is handed over once it has it again', async () => {
  server.globals.clear();
  asks(...ROUTE, 'session=');
  await until(() => handed.length > 0);
  expect(handed).toMatchObject([{ published: 'PJSIP/${CB_TO}@carrier-a' }]);
  const since = states.slice(states.findIndex(({ connected }) => connected));
  expect(since).toEqual([
    { connected: true },
    { connected: false, why: expect.stringContaining('has lost what crankback told it') as string },
    { connected: true },
  ]);
});

it('a call that shows no loss is handed over at once', async () => {
  const requests = server.requests.length;
  asks(...ROUTE, `session=${server.globals.get('CRANKBACK_SESSION') ?? ''}`);
  await until(() => handed.length > 0);
  expect(server.requests).toHaveLength(requests);
});

it('a channel made to look for the dialplan is no call', async () => {
  asks('look');
  asks(...ROUTE);
  await until(() => handed.length > 0);
  expect(handed).toHaveLength(1);
  expect(server.channels).toEqual([]);
});

it('a dialplan that is missing keeps the connection from being usable, and says why', async () => {
  server.behaviour.missing = ['crankback-ask,s,1'];
  server.closeWebSockets();
  await until(() =>
    states.some(
      (state) => !state.connected && /dialplan of crankback is not loaded/.test(state.why),
    ),
  );
});
