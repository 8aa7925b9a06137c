import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../adapters/asterisk/adapter';
import type {
  ConnectionState,
  Handover,
  ObservedAttempt,
  ObservedCallOver,
  PbxListener,
} from '../../src/calls/ports';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { policyOf } from '../doubles/policies';
import { until } from '../doubles/until';

const UNUSED = () => undefined;
const TEXT = `version: 1
mode: observe
emergency: []
trunks:
  carrier-a: { dial: { asterisk: 'PJSIP/{number}@carrier-a' }, health: { options_ping: { down: 3, up: 2 } }, first_response: 100ms }
routes: [{ digits: '*', trunks: [carrier-a] }]
`;
const POLICY = policyOf(TEXT);
/** That an adapter only observes is enough, whatever its policy says. */
const DECIDING = policyOf(TEXT.replace('mode: observe', 'mode: decide'));

let server: AriServer;
let adapter: AsteriskAdapter;
const states: ConnectionState[] = [];
const attempts: ObservedAttempt[] = [];
const over: ObservedCallOver[] = [];
const asked: Handover[] = [];

/** @param readOnly the user of ari.conf has read_only = yes */
async function observe(readOnly: boolean, policy = POLICY): Promise<void> {
  for (const list of [states, attempts, over, asked]) list.length = 0;
  server = await AriServer.start();
  server.behaviour.readOnly = readOnly;
  adapter = new AsteriskAdapter({
    url: server.url,
    user: USER,
    password: PASSWORD,
    timeoutMs: 10_000,
    policy,
    observe: true,
    log: createLogger({ silent: true }),
    now: () => Date.now(),
    dropped: UNUSED,
  });
  const listener: PbxListener = {
    handover: (handover) => asked.push(handover),
    planned: UNUSED,
    wentOn: UNUSED,
    begun: UNUSED,
    observed: (attempt) => attempts.push(attempt),
    observedCallOver: (call) => over.push(call),
    answered: UNUSED,
    timed: UNUSED,
    lateAnswer: UNUSED,
    fellBack: UNUSED,
    sendsAgain: UNUSED,
    pinged: UNUSED,
    abandoned: UNUSED,
    callerGone: UNUSED,
    connection: (state) => states.push(state),
  };
  expect(await adapter.misconfiguration()).toBeUndefined();
  adapter.start(listener);
  await until(() => states.some(({ connected }) => connected));
}

afterEach(async () => {
  await adapter.stop();
  await server.stop();
});

describe('an Asterisk that is only observed', () => {
  it.each([
    ['by a user who may write', false, ['PUT eventFilter', 'POST subscription']],
    // Tried once, and refused.
    ['by a user who may only read', true, ['PUT eventFilter']],
  ])('%s is not changed, whatever happens', async (_, readOnly, wrote) => {
    await observe(readOnly);
    const handovers = recordedEvents('503').filter(({ type }) => type === 'StasisStart');
    expect(handovers).toHaveLength(2);
    for (const event of [...handovers, ...recordedEvents('observed-503')]) server.send(event);
    server.send({ type: 'StasisStart', args: ['1', 'route'], channel: { id: 'a', name: 'x' } });
    await until(() => over.length > 0);
    await adapter.generationRaised('7');
    await adapter.policyChanged(POLICY);
    expect(asked).toEqual([]);
    expect(attempts).toMatchObject([{ trunk: 'carrier-a', caller: { extension: '9200' } }]);
    expect(server.globals.size).toBe(0);
    const writes = server.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)).toEqual(wrote);
  });

  it('tells its events to an application of another name, so that no call asks', async () => {
    await observe(true);
    const last = server.upgrades.at(-1);
    expect(last?.get('app')).toMatch(/^crankback-observe-[0-9a-f]{8}$/);
    expect(last?.get('subscribeAll')).toBe('true');
  });

  it('gives up no leg', async () => {
    await observe(false, DECIDING);
    const caller = { id: 'a', name: 'PJSIP/phone-1', dialplan: { context: 'crankback-emergency' } };
    const peer = { id: 'b', name: 'PJSIP/carrier-a-00000001' };
    server.send({ type: 'Dial', dialstatus: '', dialstring: '112@carrier-a', caller, peer });
    // Several times as long as first_response.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const asked = server.requests.filter(({ path }) => path.startsWith('/channels/'));
    expect(asked).toEqual([]);
  });

  it('has its events filtered where the user may', async () => {
    await observe(false);
    expect(server.upgrades.map((query) => query.get('subscribeAll'))).not.toContain('true');
  });
});
