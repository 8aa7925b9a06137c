import { Registry } from 'prom-client';
import { Writable } from 'node:stream';
import { createLogger, format, transports } from 'winston';
import { FreeswitchAdapter } from '../../adapters/freeswitch/adapter';
import { createCallMetrics } from '../../src/records/call-metrics';
import { recordedStream } from '../../src/app/records';
import { CallPipeline } from '../../src/calls/pipeline';
import { Journal } from '../../src/records/journal';
import type { Policy } from '../../src/policy/policy';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';
import { proofOf } from '../../adapters/freeswitch/handover/proof';
import { ESL_PASSWORD, ESL_SECRET, EslCall, EslServer, eventBytes } from '../doubles/esl/server';
import { policyOf } from '../doubles/policies';
import { pause, until, untilAsync } from '../doubles/until';

const CALL = {
  'Unique-ID': 'uuid-a',
  'Event-Name': 'CHANNEL_DATA',
  'Event-Date-Timestamp': '1795494000725690',
  'Channel-Name': 'sofia%2Flab%2Fcaller%40192.0.2.1',
  'Answer-State': 'ringing',
  variable_crankback_contract: '1',
  variable_crankback_asked: 'uuid-1',
  variable_crankback_event: 'route',
  variable_crankback_number: '4930123',
  variable_crankback_state: '1%2F1795494000705690%2F%2F',
};
const LEG_END = {
  'Event-Name': 'CHANNEL_HANGUP_COMPLETE',
  'Unique-ID': 'uuid-b',
  'Call-Direction': 'outbound',
  'Channel-Name': 'sofia/lab/4930123',
  'Hangup-Cause': 'USER_BUSY',
  variable_sip_gateway_name: 'carrier-a',
  variable_sip_term_status: '486',
};

/** Long enough to see that something waits, on a busy machine too. */
const STEP_WAIT_MS = 300;

let server: EslServer;
let adapter: FreeswitchAdapter;
let calls: CallPipeline;
let journal: Journal;
let registry: Registry;
let lines: string[];
let trunks: InProcessTrunks;
let sentAgain: number;
let inForce: Policy;

/** Keeps of each log line its message, and its reason or why. */
function logToLines() {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      const { message, reason, why } = JSON.parse(chunk.toString()) as Record<string, string>;
      lines.push([message, reason ?? why].join(' '));
      done();
    },
  });
  return createLogger({ format: format.json(), transports: [new transports.Stream({ stream })] });
}

beforeEach(async () => {
  server = new EslServer();
  await server.start();
  lines = [];
  sentAgain = 0;
  const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: 'PJSIP/{number}@a', freeswitch: 'sofia/gateway/carrier-a/{number}' } }
routes: [{ digits: '*', trunks: [carrier-a] }]
`);
  registry = new Registry();
  const metrics = createCallMetrics(registry);
  const log = logToLines();
  const now = () => Date.now();
  const timing = { timeoutMs: 1_000, heartbeatMs: 600_000 };
  adapter = new FreeswitchAdapter(
    {
      observer: { host: '127.0.0.1', port: server.port, password: ESL_PASSWORD, ...timing },
      handover: { host: '127.0.0.1', port: 0, peers: ['127.0.0.1'] },
      secret: ESL_SECRET,
      policy,
      log,
      now,
      dropped: (reason) => metrics.eventsDropped.inc({ pbx: 'freeswitch', reason }),
    },
    STEP_WAIT_MS,
  );
  journal = new Journal({ hunts: 100 });
  trunks = new InProcessTrunks();
  const health = {
    report: () => undefined,
    abandon: () => undefined,
    pinged: () => undefined,
    left: () => undefined,
    timed: () => undefined,
    sendsAgain: () => void (sentAgain += 1),
  };
  const raiseGeneration = () => undefined;
  const dialects = new Map([['freeswitch', adapter.dialect]]);
  const events = recordedStream({
    log,
    metrics,
    journal,
    dialects,
    isTrunk: (name) => policy.trunks.has(name),
  });
  inForce = policy;
  const policyInForce = () => inForce;
  const parts = {
    pbx: 'freeswitch',
    port: adapter,
    policy: policyInForce,
    trunks,
    health,
    raiseGeneration,
  };
  calls = new CallPipeline({ ...parts, emit: (event) => events.emit(event), now });
  calls.start();
  await until(() => calls.connectionState().connected && adapter.handoverPort > 0);
});

afterEach(async () => {
  await adapter.stop();
  await server.stop();
});

async function counted(reason: string): Promise<number> {
  const found = new RegExp(`events_dropped_total\\{.*reason="${reason}"\\} (\\d+)`);
  return Number(found.exec(await registry.metrics())?.[1] ?? 0);
}

/** Whatever came before: a call is decided, and an event is read. */
async function expectAlive(): Promise<void> {
  await until(() => calls.connectionState().connected);
  const call = await EslCall.open(adapter.handoverPort);
  call.data({ ...CALL, 'Unique-ID': 'uuid-alive' });
  await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
  server.event({ ...LEG_END, 'Unique-ID': 'uuid-other' });
  await until(() => lines.includes('attempt '));
  call.socket.destroy();
}

describe('a call that is over before the reply to its answer is read', () => {
  it('leaves no timer of its attempt', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    expect(adapter.tracked()['timers']).toBe(1);
    server.event({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': CALL['Unique-ID'] });
    await until(() => adapter.tracked()['timers'] === 0);
    call.socket.write('Content-Type: command/reply\nReply-Text: +OK\n\n');
    await pause(50);
    expect(adapter.tracked()['timers']).toBe(0);
    call.socket.destroy();
  });
});

describe('an event that is longer than any', () => {
  it('is dropped and counted, and the next one is read', async () => {
    server.event({ ...LEG_END, variable_x: 'x'.repeat(1_100_000) });
    await until(() => lines.some((line) => line.includes('event-too-long')));
    expect(await counted('event-too-long')).toBe(1);
    await expectAlive();
  });
});

describe('whatever stands in channel data', () => {
  it.each([
    ['a Latin-1 byte', { variable_x: '%FC' }],
    ['no escape', { variable_x: '%zz' }],
    ['a header of 60 KB', { variable_x: 'x'.repeat(60_000) }],
    [
      'six thousand headers',
      Object.fromEntries([...Array(6_000).keys()].map((n) => [`variable_h${n}`, 'x'])),
    ],
    ['array values', { variable_x: 'ARRAY%3A%3Aa%7C%3Ab' }],
    ['the name of a member of every object', { __proto__x: '1', constructor: 'x', toString: 'y' }],
  ])('the call is decided: %s', async (_, headers) => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data({ ...headers, ...CALL });
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    expect(call.received).toMatch(/^connect\n\nsendmsg\ncall-command: execute\n/);
    call.socket.destroy();
    await expectAlive();
  });

  it('a raw byte that is no UTF-8 does not matter either', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.socket.write(Buffer.from('variable_x: \xfc\xff\n', 'latin1'));
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
  });

  it('of a call that has gone its own way meanwhile is counted, and left alone', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data({ ...CALL, variable_crankback_asked: '' });
    await until(() => call.closed);
    expect(call.received).toBe('connect\n\n');
    expect(await counted('handover-too-late')).toBe(1);
    await expectAlive();
  });

  it('of another contract sends the call back to its dialplan', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data({ ...CALL, variable_crankback_contract: '0' });
    await until(() => call.closed);
    expect(await counted('contract')).toBe(1);
    await expectAlive();
  });
});

describe('a handover', () => {
  const FORGED = { ...CALL, variable_crankback_proof: 'f'.repeat(32) };
  const SECRET = `api global_setvar crankback_secret=${ESL_SECRET}`;
  const published = () => server.commands.filter((command) => command === SECRET).length;

  it.each([
    ['no proof', { ...CALL, variable_crankback_proof: '' }],
    ['a wrong proof', FORGED],
    [
      'the proof of another call',
      { ...CALL, variable_crankback_proof: proofOf(ESL_SECRET, 'uuid-c', '1/1795494000705690//') },
    ],
    [
      'the proof of an earlier attempt',
      { ...CALL, variable_crankback_proof: proofOf(ESL_SECRET, 'uuid-a', '1/1//') },
    ],
  ])('with %s decides nothing and leaves nothing behind', async (_, data) => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(data);
    await until(() => call.closed);
    expect(call.received).toBe('connect\n\n');
    expect(await counted('unproven-handover')).toBe(1);
    expect([...journal.newestFirst()]).toEqual([]);
    expect(trunks.inUseOn('carrier-a')).toBe(0);
    expect(adapter.tracked()).toMatchObject({ hunts: 0, waiting: 0 });
    await expectAlive();
  });

  it('is proven with the secret that FreeSWITCH was told', async () => {
    await until(() => published() === 1);
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    expect(published()).toBe(1);
  });

  it('of a FreeSWITCH that has lost the secret is confirmed by asking it, and it is told again', async () => {
    await until(() => published() === 1);
    server.asked = { 'uuid-a': 'uuid-1' };
    await pause(1_000);
    for (let n = 0; n < 3; n += 1) {
      const call = await EslCall.open(adapter.handoverPort);
      call.data(FORGED);
      await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    }
    expect(published()).toBe(2);
  });

  it.each(['a b', 'uuid-a%0Aapi%20bgapi', ''])('asks nothing about leg A "%s"', async (uuid) => {
    const before = server.commands.length;
    const call = await EslCall.open(adapter.handoverPort);
    call.data({ ...FORGED, 'Unique-ID': uuid });
    await until(() => call.closed);
    expect(server.commands.slice(before).join('\n')).not.toContain('uuid_');
  });
});

describe('a call of which nothing is to be decided', () => {
  it('is sent back to its dialplan by an answer, not by the end of the connection', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data({ ...CALL, variable_crankback_event: 'failed-only' });
    await until(() => call.received.includes('sendmsg'));
    expect(call.received).toContain(
      "'crankback-answer/uuid-1/static/crankback_outcome=|crankback_event=nothing' XML",
    );
    expect(call.closed).toBe(false);
    expect(adapter.tracked()).toMatchObject({ hunts: 0, waiting: 0 });
    call.socket.destroy();
    await expectAlive();
  });
});

describe('a call on a route that is only observed', () => {
  it('goes its static way at once by an answer, and is followed there', async () => {
    inForce = { ...inForce, mode: 'observe' };
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('sendmsg'));
    expect(call.received).toContain(
      "'crankback-answer/uuid-1/static/crankback_outcome=|crankback_event=nothing' XML",
    );
    expect(adapter.tracked()).toMatchObject({ hunts: 0, waiting: 0, observed: 1 });
    expect([...journal.newestFirst()]).toEqual([]);
    const legA = { variable_originator: 'uuid-a', 'Other-Leg-Context': 'crankback_fallback' };
    server.event({ ...LEG_END, ...legA, variable_sip_term_status: '503' });
    await until(() => lines.includes('attempt '));
    server.event({ ...LEG_END, 'Unique-ID': 'uuid-a', 'Call-Direction': 'inbound' });
    await until(() => adapter.tracked()['observed'] === 0);
    expect(await registry.getSingleMetric('crankback_fallbacks_total')?.get()).toMatchObject({
      values: [],
    });
    await untilAsync(async () =>
      (await registry.metrics()).includes(
        'crankback_observed_calls_total{pbx="freeswitch",verdict="same"} 1',
      ),
    );
  });

  it('that is gone before the answer is told', async () => {
    inForce = { ...inForce, mode: 'observe' };
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    call.socket.resetAndDestroy();
    await until(() => lines.some((line) => line.startsWith('answer not taken')));
    expect(adapter.tracked()).toMatchObject({ hunts: 0, waiting: 0 });
  });
});

/** Sent by the dialplan of `CALL` when it goes on by the plan of its attempt; the leg has ended before. */
const STEP = {
  ...CALL,
  'Event-Name': 'CUSTOM',
  'Event-Subclass': 'crankback::planned',
  'Channel-Name': 'sofia/lab/caller@192.0.2.1',
  variable_crankback_asked: '',
  variable_crankback_event: 'failed',
  variable_crankback_state: '1/1795494000705690///carrier-a:503:',
  variable_crankback_trunk: 'carrier-a',
  variable_crankback_leg: 'uuid-b',
  variable_crankback_dialled: '1795494000715000',
  variable_crankback_sip: '503',
  variable_crankback_progress: 'b',
  variable_sip_invite_failure_status: '503',
  variable_sip_invite_failure_phrase: 'Service Unavailable',
};
const ENDED = {
  ...LEG_END,
  variable_originator: 'uuid-a',
  variable_crankback_ours: '1',
  variable_sip_term_status: '503',
};

describe('a plan', () => {
  const asked = async (data: Readonly<Record<string, string>>) => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(data);
    await until(() => call.received.includes('crankback-answer/uuid-1/'));
    return call;
  };
  /** What the dialplan asks when the mailbox of a planned voicemail is not there. */
  const afterStep = {
    ...CALL,
    variable_crankback_event: 'mailbox-missing',
    variable_crankback_planned: '1',
    variable_crankback_state: '1%2F1795494000705690%2F%2F%2Fcarrier-a%3A503%3A',
    variable_crankback_trunk: 'carrier-a',
    variable_crankback_leg: 'uuid-b',
    variable_crankback_dialled: '1795494000715000',
  };
  const decisions = () =>
    [...journal.newestFirst()][0]?.decisions.map(({ planned }) => planned === true);

  it('goes with the attempt, under the epoch that FreeSWITCH was told', async () => {
    await until(() => server.commands.includes('api global_setvar crankback_generation=0'));
    await adapter.generationRaised('k-1');
    expect(server.commands).toContain('api global_setvar crankback_generation=k-1');
    const call = await asked(CALL);
    expect(call.received).toContain('|crankback_plan_for=1-k-1|');
    expect(call.received).toContain('|crankback_plan=~');
    call.socket.destroy();
  });

  it('is not made where nobody could be told that it is void', async () => {
    await server.stop();
    await until(() => !calls.connectionState().connected);
    expect((await asked(CALL)).received).not.toContain('crankback_plan');
    server = new EslServer();
    await server.start();
  });

  it('that was used is a decision like any other, told when its leg has ended', async () => {
    await asked(CALL);
    server.event({
      ...STEP,
      // The caller gives up as the step is taken.
      variable_sip_invite_failure_status: '487',
      variable_sip_invite_failure_phrase: 'CANCEL',
    });
    server.event({ ...LEG_END, 'Call-Direction': 'inbound', 'Unique-ID': 'uuid-a' });
    server.event(ENDED);
    await until(() => [...journal.newestFirst()][0]?.endedAt !== undefined);
    expect(decisions()).toEqual([false, true]);
    expect([...journal.newestFirst()][0]?.attempts).toMatchObject([
      { trunk: 'carrier-a', sip: 503 },
    ]);
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/^crankback_plans_used_total\{.*\} 1$/m);
    expect(metrics).not.toMatch(/^crankback_plan_mismatches_total\{/m);
    expect(adapter.tracked()).toMatchObject({ hunts: 0, planned: 0 });
  });

  it('is told before what came of it, though that comes first', async () => {
    await asked(CALL);
    const again = await EslCall.open(adapter.handoverPort);
    server.event(ENDED);
    again.data(afterStep);
    await pause(20);
    expect(again.received).not.toContain('sendmsg');
    server.event(STEP);
    await until(() => again.received.includes('crankback-answer/uuid-1/'));
    expect(decisions()).toEqual([false, true, false]);
  });

  it('holds up nobody where its step is lost, and is left alone when it comes at last', async () => {
    await asked(CALL);
    await asked(afterStep);
    // What the step began is over: nothing is given up for it.
    server.event({ ...STEP, variable_crankback_next: 'dial' });
    await until(() => lines.some((line) => line.endsWith('planned-too-late')));
    expect(adapter.tracked()['timers']).toBe(0);
    expect(decisions()).toEqual([false, false]);
    expect(await counted('planned-too-late')).toBe(1);
    await expectAlive();
  });
});

describe('two calls of one caller at once', () => {
  it('have a place of their own on the trunk each, though their legs have one name', async () => {
    const ask = async (uuid: string) => {
      const call = await EslCall.open(adapter.handoverPort);
      call.data({ ...CALL, 'Unique-ID': uuid });
      await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
      return call;
    };
    const open = [await ask('uuid-a'), await ask('uuid-c')];
    expect(trunks.inUseOn('carrier-a')).toBe(2);
    for (const { socket } of open) socket.destroy();
  });
});

describe('a peer on the handover port', () => {
  it.each([
    ['a Content-Length that is no number', 'Content-Length: x\n\n'],
    ['nothing but line breaks', '\n'.repeat(200_000)],
    ['a message without end', `x: ${'y'.repeat(2_000_000)}`],
    ['a body without end', `Content-Length: 99999999\n\n`],
  ])('that sends %s is cut off and counted', async (_, bytes) => {
    const call = await EslCall.open(adapter.handoverPort);
    call.socket.write(bytes);
    await until(() => call.closed);
    expect(await counted('no-handover')).toBe(1);
    await expectAlive();
  });

  it('that is not configured is not spoken to', async () => {
    const call = await EslCall.open(adapter.handoverPort, '127.0.0.77');
    await until(() => call.closed);
    expect(call.received).toBe('');
    expect(await counted('foreign-peer')).toBe(1);
    await expectAlive();
  });

  it('that says nothing is cut off', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    await until(() => call.closed);
    expect(await counted('silent-peer')).toBe(1);
  });

  it('that drips its message is cut off in time, whatever comes', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    const drip = setInterval(() => call.socket.write('variable_x: y\n'), 50);
    await until(() => call.closed);
    clearInterval(drip);
    expect(await counted('silent-peer')).toBe(1);
    await expectAlive();
  });

  it('that begins a second message and does not end it is cut off', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    call.socket.write('Content-Type: ');
    await until(() => call.closed);
    await expectAlive();
  });

  it('that goes in the middle harms nothing', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.socket.write('variable_x: half');
    call.socket.destroy();
    await until(() => adapter.tracked().handovers === 0);
    await expectAlive();
  });
});

describe('the observer', () => {
  it.each([
    ['had no answer in time', 'uuid-1', 'the PBX had no answer in time'],
    ['could not carry out what was decided', '', 'the PBX could not carry the decision out'],
  ])('tells of a call on its static way that %s', async (_, asked, why) => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    server.event({
      ...Object.fromEntries(Object.entries(CALL).map(([k, v]) => [k, decodeURIComponent(v)])),
      'Event-Name': 'CUSTOM',
      'Event-Subclass': 'crankback::fallback',
      variable_crankback_asked: asked,
    });
    await until(() => lines.some((line) => line.startsWith('fallback')));
    expect(await registry.metrics()).toMatch(/crankback_fallbacks_total\{[^}]*\} 1\b/);
    const [hunt] = [...journal.newestFirst()];
    expect(hunt?.fellBackAt).toEqual(expect.any(Number));
    expect(hunt?.decisions[0]?.failed !== undefined).toBe(asked === '');
    expect(trunks.inUseOn('carrier-a')).toBe(0);
    expect(lines.join('\n')).toContain(why);
  });

  it('tells when sofia has started a profile: what kept it from sending is over', async () => {
    server.event({ 'Event-Name': 'CUSTOM', 'Event-Subclass': 'sofia::profile_start' });
    await until(() => sentAgain === 1);
  });

  it.each([
    ['no JSON', 'Content-Length: 3\nContent-Type: text/event-json\n\n{x}'],
    ['no object', 'Content-Length: 2\nContent-Type: text/event-json\n\n[]'],
    ['no channel', eventBytes({ 'Event-Name': 'CHANNEL_ANSWER' })],
  ])('logs once and counts events that are %s', async (_, bytes) => {
    server.send(bytes + bytes + bytes);
    await until(() => lines.some((line) => line.endsWith('unusable-event')));
    await expectAlive();
    expect(await counted('unusable-event')).toBe(3);
    expect(lines.filter((line) => line.endsWith('unusable-event'))).toHaveLength(1);
  });

  it.each([
    ['array values', { variable_sip_reason: ['Q.850;cause=17', { a: 1 }], 'Channel-Name': ['x'] }],
    ['a channel that is gone', { 'Unique-ID': 'never-seen', 'Call-Direction': 'inbound' }],
    ['names of members of every object', { constructor: 'x', hasOwnProperty: 'y' }],
  ])('survives events with %s', async (_, change) => {
    server.event({ ...LEG_END, ...change });
    await expectAlive();
  });

  it('survives bytes that are no UTF-8 in an event', async () => {
    const body = Buffer.from('{"Event-Name":"CHANNEL_ANSWER","Unique-ID":"\xfc"}', 'latin1');
    server.send(`Content-Length: ${body.length}\nContent-Type: text/event-json\n\n`);
    server.send(body);
    await expectAlive();
  });

  it('connects again after half an event, and learns which calls are over', async () => {
    const call = await EslCall.open(adapter.handoverPort);
    call.data(CALL);
    await until(() => call.received.includes('crankback-answer/uuid-1/dial'));
    expect(adapter.tracked().hunts).toBe(1);
    const whole = eventBytes(LEG_END);
    server.send(whole.slice(0, whole.length / 2));
    await pause(20);
    const { port } = server;
    await server.stop();
    await until(() => !calls.connectionState().connected);
    server = new EslServer();
    await server.start(port);
    await until(() => calls.connectionState().connected);
    expect(adapter.tracked().hunts).toBe(0);
    // Records are made when nothing else is due.
    await until(() => [...journal.newestFirst()][0]?.endedAt !== undefined);
    await expectAlive();
  });

  it('learns of legs that were answered while it was away, once', async () => {
    const answered = { 'Caller-Channel-Answered-Time': '1795494000725690' };
    const seen = () => lines.filter((line) => line.startsWith('attempt')).length;
    const leave = async (channels: EslServer['channels']) => {
      const { port } = server;
      await server.stop();
      await until(() => !calls.connectionState().connected);
      server = new EslServer();
      server.channels = channels;
      await server.start(port);
      await until(() => calls.connectionState().connected);
    };
    const up = { ...LEG_END, 'Unique-ID': 'uuid-up', ...answered };
    const missed = { ...up, 'Unique-ID': 'uuid-missed' };
    server.event({ ...up, 'Event-Name': 'CHANNEL_ANSWER' });
    await until(() => seen() === 1);
    await leave([up, missed]);
    await until(() => seen() === 2);
    await leave([up, missed]);
    await expectAlive();
    await until(() => seen() === 3);
    expect(server.commands.filter((command) => command.includes('uuid_dump'))).toEqual([]);
  });

  it('names the setting of a wrong password', async () => {
    const observer = { host: '127.0.0.1', port: server.port, password: 'wrong' };
    const other = new FreeswitchAdapter({
      observer: { ...observer, timeoutMs: 1_000, heartbeatMs: 600_000 },
      handover: { host: '127.0.0.1', port: 0, peers: [] },
      secret: ESL_SECRET,
      policy: { trunks: new Map() },
      log: createLogger({ silent: true }),
      now: () => 0,
      dropped: () => undefined,
    });
    expect(await other.misconfiguration()).toContain('CRANKBACK_ESL_PASSWORD');
  });
});
