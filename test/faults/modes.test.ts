import { Registry } from 'prom-client';
import { createLogger } from 'winston';
import { AsteriskAdapter } from '../../adapters/asterisk/adapter';
import { recordedStream } from '../../src/app/records';
import { CallPipeline } from '../../src/calls/pipeline';
import type { CallEvent } from '../../src/events/call-event';
import type { Policy } from '../../src/policy/policy';
import { createCallMetrics } from '../../src/records/call-metrics';
import { Journal } from '../../src/records/journal';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { policyOf } from '../doubles/policies';
import { until } from '../doubles/until';

jest.setTimeout(60_000);

const UNUSED = () => undefined;

/** The file observes; these trunks are decided. */
function deciding(...trunks: string[]): Policy {
  const mode = (name: string) => (trunks.includes(name) ? 'mode: decide, ' : '');
  return policyOf(`version: 1
mode: observe
emergency: []
trunks:
  carrier-a: { ${mode('carrier-a')}dial: { asterisk: 'PJSIP/{number}@carrier-a' } }
  carrier-b: { ${mode('carrier-b')}dial: { asterisk: 'PJSIP/{number}@carrier-b' } }
routes:
  - { digits: '3*', trunks: [carrier-a, carrier-b] }
  - { digits: '4*', trunks: [carrier-b, carrier-a] }
`);
}

let server: AriServer;
let adapter: AsteriskAdapter;
let calls: CallPipeline;
let policy: Policy;
const events: CallEvent[] = [];
const registry = new Registry();
const metrics = createCallMetrics(registry);

beforeEach(async () => {
  events.length = 0;
  registry.resetMetrics();
  server = await AriServer.start();
  policy = deciding('carrier-a');
  const log = createLogger({ silent: true });
  const now = () => Date.now();
  const settings = { url: server.url, user: USER, password: PASSWORD, timeoutMs: 10_000 };
  adapter = new AsteriskAdapter({ ...settings, policy, log, now, dropped: UNUSED });
  const stream = recordedStream({
    ...{ log, metrics, journal: new Journal({ hunts: 10 }), dialects: new Map() },
    isTrunk: (name) => policy.trunks.has(name),
  });
  const health = {
    ...{ report: UNUSED, left: UNUSED, timed: UNUSED, abandon: UNUSED },
    ...{ pinged: UNUSED, sendsAgain: UNUSED },
  };
  calls = new CallPipeline({
    ...{ pbx: 'asterisk', port: adapter, trunks: new InProcessTrunks(), health, now },
    policy: () => policy,
    raiseGeneration: UNUSED,
    emit: (event) => {
      events.push(event);
      stream.emit(event);
    },
  });
});

afterEach(async () => {
  await adapter.stop();
  await server.stop();
});

async function connected(): Promise<void> {
  calls.start();
  await until(() => calls.connectionState().connected);
}

async function reloaded(next: Policy): Promise<void> {
  await adapter.policyChanged(next);
  policy = next;
}

const channel = (id: string) => ({ id, name: `PJSIP/caller-${id}`, state: 'Ring' });

/** @param attempts as the dialplan keeps them in the call's state */
function asks(
  id: string,
  number: string,
  more: readonly string[] = ['route'],
  attempts = '',
): void {
  const [event = '', ...fields] = more;
  const state = `state=1/1795653231.05${id}//${attempts}`;
  const args = ['1', event, `number=${number}`, state, 'context=phones', ...fields];
  // By the PBX's clock, so that no hunt is too old however slow this machine is.
  const timestamp = new Date(1_795_653_231_500).toISOString();
  server.send({ type: 'StasisStart', timestamp, args, channel: channel(id) });
}

/** Where each call was sent, by leg A: a step of our dialplan, or its own way on. */
const sent = (id: string) =>
  server.requests
    .filter(({ path }) => path === `/channels/${id}/continue`)
    .map(({ query }) =>
      query['context'] ? `${query['context']} ${query['extension']}` : 'its own',
    );

/** The dialplan goes its static way: it says so, dials a carrier, and ends. */
function goesItsStaticWay(id: string, number: string, trunk: string): void {
  const caller = { ...channel(id), dialplan: { context: 'crankback-fallback', exten: number } };
  const peer = { id: `${id}-b`, name: `PJSIP/${trunk}-00000001` };
  server.send({
    ...{ type: 'ChannelUserevent', eventname: 'crankback-fallback', channel: channel(id) },
    userevent: { number, state: `1/1795653231.05${id}//`, from: 'crankback-ask' },
  });
  server.send({ type: 'Dial', dialstatus: '', dialstring: `${number}@${trunk}`, caller, peer });
  server.send({ type: 'ChannelHangupRequest', channel: peer, cause: 34, tech_cause: 503 });
  server.send({ type: 'ChannelDestroyed', channel: peer, cause: 34, tech_cause: 503 });
  server.send({ type: 'Dial', dialstatus: 'CONGESTION', dialstring: '', caller, peer });
  server.send({ type: 'ChannelDestroyed', channel: channel(id), cause: 34 });
}

const told = (kind: CallEvent['kind']) => events.filter((event) => event.kind === kind);

describe('a policy that decides some calls and observes others', () => {
  it('decides the one route and leaves the other alone, and the other way round after a change', async () => {
    await connected();
    asks('1', '301');
    asks('2', '401');
    await until(() => sent('1').length + sent('2').length === 2);
    expect([sent('1'), sent('2')]).toEqual([
      [expect.stringMatching(/^crankback-(dial|plan) .*carrier-a$/)],
      ['its own'],
    ]);
    goesItsStaticWay('2', '401', 'carrier-b');
    await until(() => told('call-observed').length > 0);
    expect(told('call-observed')).toMatchObject([
      { number: '401', observed: { verdict: 'would-go-on' } },
    ]);
    await reloaded(deciding('carrier-b'));
    // The first call's attempt has failed: it goes on as it began.
    const result = ['dialstatus=CONGESTION', 'cause=34', 'tech=SIP%20503%20X'];
    asks('1', '301', ['failed', 'trunk=carrier-a', ...result], '/carrier-a:503:0');
    asks('3', '301');
    asks('4', '401');
    await until(() => sent('1').length === 2 && sent('3').length + sent('4').length === 2);
    expect(sent('1')[1]).toMatch(/^crankback-dial \*?carrier-b/);
    expect([sent('3'), sent('4')]).toEqual([
      ['its own'],
      [expect.stringMatching(/^crankback-(dial|plan) .*carrier-b$/)],
    ]);
    expect(told('fell-back')).toEqual([]);
    expect(told('declined')).toHaveLength(2);
  });

  it('compares a failed attempt of the user’s own, and does not count it twice', async () => {
    await connected();
    const peer = { id: '5-b', name: 'PJSIP/carrier-b-00000005' };
    const caller = { ...channel('5'), dialplan: { context: 'phones', exten: '70301' } };
    server.send({ type: 'Dial', dialstatus: '', dialstring: '301@carrier-b', caller, peer });
    server.send({ type: 'ChannelHangupRequest', channel: peer, cause: 34, tech_cause: 503 });
    server.send({ type: 'ChannelDestroyed', channel: peer, cause: 34, tech_cause: 503 });
    const report = ['dialstatus=CONGESTION', 'cause=34', `leg=${peer.name}`, 'tech=SIP%20503%20X'];
    asks('5', '301', ['failed-only', ...report], '/=PJSIP~carrier-b-00000005:503:0');
    await until(() => sent('5').length > 0);
    expect(sent('5')).toEqual(['its own']);
    server.send({ type: 'ChannelDestroyed', channel: channel('5'), cause: 34 });
    await until(() => told('call-observed').length > 0);
    expect(told('call-observed')).toMatchObject([{ number: '301' }]);
    expect(told('attempt-observed')).toHaveLength(1);
    expect(adapter.tracked()).toMatchObject({ hunts: 0, observed: 0 });
  });

  it('needs a user who may write, and names the trunk that is decided', async () => {
    server.behaviour.readOnly = true;
    const why =
      /user "crankback" may only read .* no mode: decide at trunk carrier-a of the policy \[CB3005\]$/;
    expect(await adapter.misconfiguration()).toMatch(why);
    calls.start();
    await until(() => told('pbx-gone').length > 0);
    expect(calls.connectionState()).toMatchObject({ connected: false });
    expect(told('pbx-gone')).toMatchObject([{ why: expect.stringMatching(why) as string }]);
  });
});
