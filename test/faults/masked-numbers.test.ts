import { named } from '../../src/findings/named';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { AsteriskAdapter } from '../../adapters/asterisk/adapter';
import { FreeswitchAdapter } from '../../adapters/freeswitch/adapter';
import { recordedStream } from '../../src/app/records';
import { CallPipeline } from '../../src/calls/pipeline';
import type { LegSip, PbxPort, SipMirror } from '../../src/calls/ports';
import { createHttpServer } from '../../src/http/server';
import type { Evidence } from '../../src/model/failure';
import { readReasons } from '../../src/normalize/reason-header';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { createCallMetrics } from '../../src/records/call-metrics';
import { Journal } from '../../src/records/journal';
import { UnclassifiedResponses } from '../../src/records/unclassified';
import { createLogger } from '../../src/records/logger';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';
import { LimitsAndHealth } from '../../src/trunks/limits-and-health';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { ESL_PASSWORD, ESL_SECRET, EslCall, EslServer } from '../doubles/esl/server';
import { policyOf } from '../doubles/policies';
import { compileMain } from '../doubles/main';
import { freePort, startProgram } from '../doubles/program';
import { pause, until } from '../doubles/until';

jest.setTimeout(60_000);

const POLICY = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a", freeswitch: "sofia/gateway/carrier-a/{number}" }, caller_id: { allowed: ["55*"], else: "4917112340001" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b", freeswitch: "sofia/gateway/carrier-b/{number}" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b], mailbox: "{number}@default" }]
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk, log: warn } }
  - { when: { class: busy }, do: { voicemail: true } }
  - { when: { class: redirected }, do: { redirect: { domains: "*.example", trunks: carrier-b } } }
`);

/** One number for each way in; that which came out names it. */
const MARKS = Object.fromEntries(
  [
    ...['callerId', 'number', 'caller', 'diverting', 'mailbox', 'legA', 'local', 'raw', 'state'],
    ...['phrase', 'reason', 'warning', 'agent', 'contact', 'ariError', 'held', 'earlier'],
    ...[
      'fsNumber',
      'fsCaller',
      'fsDiverting',
      'fsMailbox',
      'fsLegA',
      'fsRaw',
      'fsState',
      'fsPhrase',
    ],
    ...['fsRefused', 'fsPlanned', 'fsLate', 'fsObserved', 'fsDialled', 'fsReason'],
  ].map((name, index) => [name, `491711234${String(index + 1).padStart(4, '0')}`]),
);
const mark = (name: string): string => {
  const number = MARKS[name];
  if (number === undefined) throw new Error(`no mark ${name}`);
  return number;
};

const FAR = { source: 'hep', rang: false, progress: false, origin: 'far' } as const;

/** What was mirrored of each leg, by Call-ID. */
const MIRRORED: Readonly<Record<string, Evidence>> = {
  refused: {
    ...FAR,
    sip: 488,
    phrase: `Not Here, ask ${mark('phrase')}`,
    reasons: readReasons(`Q.850;cause=88;text="<sip:${mark('reason')}@x.example>"`),
    warnings: [{ code: 399, agent: mark('agent'), text: `<sip:+${mark('warning')}@x.example>` }],
  },
  redirected: {
    ...FAR,
    sip: 302,
    phrase: 'Moved',
    contacts: [{ user: mark('contact'), host: 'pbx.example' }],
    subAttempts: [{ sip: 407, phrase: `as ${mark('earlier')}`, farEnd: '192.0.2.1:5060' }],
  },
};

const mirror: SipMirror = {
  sentFrom: () => undefined,
  dialled: () => undefined,
  pingStatus: () => undefined,
  callIdOf: () => undefined,
  timesOf: () => undefined,
  leg: (callId) => {
    const evidence = MIRRORED[callId];
    return evidence && { kind: 'failed', evidence };
  },
  awaitFinal: (callId): Promise<LegSip | undefined> =>
    Promise.resolve(callId === 'late' ? { kind: 'answered', subAttempts: [] } : undefined),
};

let asterisk: AriServer;
let freeswitch: EslServer;

beforeEach(async () => {
  asterisk = await AriServer.start();
  freeswitch = new EslServer();
  await freeswitch.start();
});
afterEach(async () => {
  await asterisk.stop();
  await freeswitch.stop();
});

/** crankback beside both PBXes: all that `run` puts together, within reach. */
async function crankback(maskNumbers: boolean) {
  const lines: string[] = [];
  const output = {
    offer: (made: readonly string[]) => void lines.push(...made),
    flush: () => undefined,
  };
  const log = createLogger({ format: 'json', level: 'debug', maskNumbers }, { output });
  const registry = new Registry();
  const metrics = createCallMetrics(registry);
  const journal = new Journal({ hunts: 100 });
  const now = () => Date.now();
  const common = { policy: POLICY, log, now, mirror, mirrorWaitMs: 5 };
  const ari = new AsteriskAdapter({
    ...common,
    url: asterisk.url,
    user: USER,
    password: PASSWORD,
    timeoutMs: 3_000,
    dropped: (reason) => metrics.eventsDropped.inc({ pbx: 'asterisk', reason }),
  });
  const esl = new FreeswitchAdapter({
    ...common,
    observer: {
      host: '127.0.0.1',
      port: freeswitch.port,
      password: ESL_PASSWORD,
      timeoutMs: 3_000,
      heartbeatMs: 600_000,
    },
    handover: { host: '127.0.0.1', port: 0, peers: ['127.0.0.1'] },
    secret: ESL_SECRET,
    dropped: (reason) => metrics.eventsDropped.inc({ pbx: 'freeswitch', reason }),
  });
  const ports: Readonly<Record<string, PbxPort>> = { asterisk: ari, freeswitch: esl };
  const unclassified = new UnclassifiedResponses(() => POLICY);
  const events = recordedStream({
    log,
    metrics,
    journal,
    unclassified,
    dialects: new Map(Object.entries(ports).map(([pbx, port]) => [pbx, port.dialect])),
    isTrunk: (name) => POLICY.trunks.has(name),
  });
  const health = new SingleInstanceStore({
    trunks: new Map([...POLICY.trunks.keys()].map((name) => [name, DEFAULT_HEALTH])),
    now,
    random: Math.random,
    instance: 'i',
    changed: (change) => events.emit({ kind: 'trunk-changed', at: now(), change }),
  });
  const calls = Object.entries(ports).map(
    ([pbx, port]) =>
      new CallPipeline({
        pbx,
        port,
        policy: () => POLICY,
        trunks: new LimitsAndHealth(new InProcessTrunks(), health),
        health,
        raiseGeneration: () => undefined,
        emit: (event) => events.emit(event),
        now,
      }),
  );
  for (const one of calls) one.start();
  await until(() => calls.every((one) => one.connectionState().connected) && esl.handoverPort > 0);
  const server = createHttpServer({
    registry,
    journal,
    maskNumbers,
    readiness: () => [],
    warnings: () => [named('CB5001', `no trunk takes ${mark('held')}`)],
    trunks: health,
    unclassified,
    tokens: { operate: 'a'.repeat(20) },
  });
  const stop = async () => {
    await Promise.all(Object.values(ports).map((port) => port.stop()));
    await server.close();
    log.close();
  };
  return { server, lines, stop, handoverPort: esl.handoverPort };
}

const STARTED = `${Math.floor(Date.now() / 1000)}.100`;
let channels = 0;

/** Hands a call over on Asterisk and waits until it has its answer. */
async function onAsterisk(args: readonly string[], name = 'PJSIP/phone-00000001'): Promise<void> {
  const id = `1795239432.${(channels += 1)}`;
  asterisk.channels = [{ id, name, state: 'Ring' }];
  const channel = { id, name, state: 'Ring', caller: { number: mark('caller') } };
  asterisk.send({ type: 'StasisStart', timestamp: new Date().toISOString(), args, channel });
  await until(() => asterisk.requests.some(({ path }) => path === `/channels/${id}/continue`));
}

async function callsOnAsterisk(): Promise<void> {
  const call = [`number=${mark('number')}`, `diverting=${mark('diverting')}`];
  const state = `state=1/${STARTED}/0123456789ab/0`;
  const failed = (tech: string, cause: string) => [
    ...['1', 'failed', ...call, `${state}/carrier-a:${tech.slice(4, 7)}:0`, 'trunk=carrier-a'],
    ...['leg=PJSIP/carrier-a-00000008', 'dialstatus=CONGESTION', `cause=${cause}`],
    ...['ring_ms=', 'progress_ms=', `tech=${encodeURIComponent(encodeURIComponent(tech))}`],
    `mailbox=${encodeURIComponent(`${mark('mailbox')}@default`)}`,
  ];
  await onAsterisk(['1', 'route', ...call, state], `PJSIP/${mark('legA')}-0000001a`);
  await onAsterisk(failed(`SIP 503 No way to <sip:${mark('phrase')}@x>`, '34'));
  await onAsterisk(failed('SIP 486 Busy Here', '17'), `Local/${mark('local')}@phones-00000002;2`);
  await onAsterisk(['1', 'invalid-number', 'number=', state, `raw=${mark('raw')}%2526`]);
  await onAsterisk(['1', 'route', ...call, `${state}/>${mark('state')}x:1`]);
  const text = `No such thing as ${mark('ariError')}`;
  asterisk.behaviour.rest = { status: 500, body: { message: text } };
  await onAsterisk(['1', 'route', ...call, state]);
}

const MICROSECONDS = Date.now() * 1000;

/** A handover or an event, as the dialplan of FreeSWITCH sends it. */
function channelData(uuid: string, more: Readonly<Record<string, string>>) {
  return {
    'Event-Name': 'CHANNEL_DATA',
    'Unique-ID': uuid,
    'Event-Date-Timestamp': String(MICROSECONDS + 20_000),
    'Channel-Name': `sofia/internal/${mark('fsLegA')}@192.0.2.9`,
    'Caller-Caller-ID-Number': mark('fsCaller'),
    'Answer-State': 'ringing',
    variable_crankback_contract: '1',
    variable_crankback_asked: 'uuid-1',
    variable_crankback_event: 'route',
    variable_crankback_number: mark('fsNumber'),
    variable_crankback_mailbox: `${mark('fsMailbox')}@default`,
    variable_sip_h_Diversion: `<sip:${mark('fsDiverting')}@192.0.2.9>`,
    variable_crankback_state: `1/${MICROSECONDS}//`,
    ...more,
  };
}

function attempt(sip: number, leg: string) {
  return {
    variable_crankback_event: 'failed',
    variable_crankback_state: `1/${MICROSECONDS}///carrier-a:${sip}:`,
    variable_crankback_trunk: 'carrier-a',
    variable_crankback_leg: leg,
    variable_crankback_dialled: String(MICROSECONDS + 10_000),
    variable_sip_invite_failure_status: String(sip),
  };
}

/** Leg B has ended. */
function ended(uuid: string, more: Readonly<Record<string, string>>) {
  return {
    'Event-Name': 'CHANNEL_HANGUP_COMPLETE',
    'Unique-ID': uuid,
    'Call-Direction': 'outbound',
    'Channel-Name': `sofia/external/${mark('fsObserved')}`,
    'Caller-Destination-Number': mark('fsDialled'),
    'Caller-Channel-Created-Time': String(MICROSECONDS),
    'Hangup-Cause': 'NORMAL_TEMPORARY_FAILURE',
    variable_sip_gateway_name: 'carrier-a',
    ...more,
  };
}

async function callsOnFreeswitch(port: number): Promise<void> {
  const handOver = async (data: Readonly<Record<string, string>>): Promise<void> => {
    const call = await EslCall.open(port);
    const encoded = Object.entries(data).map(([name, value]) => [name, encodeURIComponent(value)]);
    call.data(Object.fromEntries(encoded) as Record<string, string>);
    await until(() => call.received.includes('crankback-answer/') || call.closed);
    call.socket.destroy();
  };
  await handOver(channelData('a1', {}));
  const reason = `Q.850;cause=41;text="to ${mark('fsReason')}"`;
  const phrase = `No way to +${mark('fsPhrase')}`;
  await handOver(
    channelData('a2', {
      ...attempt(503, 'b2'),
      variable_sip_invite_failure_phrase: phrase,
      variable_sip_reason: reason,
    }),
  );
  await handOver(channelData('a3', { ...attempt(486, 'b3') }));
  const ours = {
    variable_crankback_ours: '1',
    variable_originator: 'a4',
    variable_crankback_leg: 'b4',
  };
  freeswitch.event(
    ended('b4', { ...ours, variable_sip_term_status: '302', variable_sip_call_id: 'redirected' }),
  );
  await pause(50);
  await handOver(channelData('a4', { ...attempt(302, 'b4') }));
  await handOver(
    channelData('a5', {
      variable_crankback_event: 'invalid-number',
      variable_crankback_raw: `${mark('fsRaw')}&x`,
    }),
  );
  await handOver(
    channelData('a6', {
      variable_crankback_state: `1/${MICROSECONDS}///>${mark('fsState')}x:1`,
      'Channel-Name': `sofia/internal/${mark('fsRefused')}@192.0.2.9`,
    }),
  );
  freeswitch.event({
    ...channelData('a7', { variable_crankback_event: `to ${mark('fsPlanned')}` }),
    'Event-Name': 'CUSTOM',
    'Event-Subclass': 'crankback::planned',
  });
  freeswitch.event(
    ended('b8', { variable_sip_term_status: '488', variable_sip_call_id: 'refused' }),
  );
  freeswitch.event(
    ended('b9', {
      'Hangup-Cause': 'ORIGINATOR_CANCEL',
      'Channel-Name': `sofia/external/${mark('fsLate')}`,
      variable_sip_call_id: 'late',
    }),
  );
}

/** Everything that anybody can read of it afterwards. */
async function outputs(maskNumbers: boolean): Promise<string> {
  const { server, lines, stop, handoverPort } = await crankback(maskNumbers);
  const authorization = `Bearer ${'a'.repeat(20)}`;
  const hold = await server.inject({
    method: 'POST',
    url: '/trunks/carrier-b/hold',
    headers: { authorization },
    payload: { why: `as ${mark('held')} says`, forMs: 1 },
  });
  await callsOnFreeswitch(handoverPort);
  await callsOnAsterisk();
  await until(() => lines.some((line) => /answer not taken.*No such thing as/.test(line)));
  await until(() => lines.some((line) => line.includes('late-answer')));
  await until(() => lines.some((line) => line.includes('codec_mismatch')));
  const urls = [
    '/hunts?limit=1000',
    `/hunts?number=${mark('number')}`,
    '/metrics',
    '/trunks',
    '/trunks/carrier-a',
  ];
  const more = ['/ready', '/health', `/hunts?number=x${mark('number')}`, `/${mark('number')}`];
  const answers = await Promise.all(
    [...urls, ...more, `/%zz${mark('number')}`].map((url) => server.inject({ method: 'GET', url })),
  );
  await stop();
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(
    expect.arrayContaining([
      ...['attempt', 'decision', 'failure', 'invalid number', 'handover refused', 'late-answer'],
      ...['codec_mismatch', 'answer not taken', 'trunk held'],
    ]),
  );
  expect(answers[4]?.body).toContain('No way to');
  return [...lines, hold.body, ...answers.map(({ body }) => body)].join('\n');
}

/** The ways in that can be told from what came out, however a number is split there. */
function seen(text: string): string[] {
  const digits = text.replace(/\D/g, '');
  return Object.entries(MARKS).flatMap(([name, number]) => (digits.includes(number) ? [name] : []));
}

it('with masking on no number of a call comes out anywhere', async () => {
  expect(seen(await outputs(true))).toEqual([]);
});

it('with masking off it does: what the test above says, it has looked for', async () => {
  const whole = new Set(seen(await outputs(false)));
  const never = Object.keys(MARKS).filter((name) => !whole.has(name));
  // These are shown nowhere, and an invalid number is masked in any case.
  const unseen = ['caller', 'diverting', 'fsCaller', 'fsDiverting', 'fsReason'];
  expect(never.sort()).toEqual([...unseen, 'raw', 'fsRaw'].sort());
});

it.each([true, false])('the service does as CRANKBACK_MASK_NUMBERS=%s says', async (masks) => {
  const program = compileMain();
  const policy = join(program.folder, 'policy.yaml');
  writeFileSync(
    policy,
    `version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`,
  );
  const port = await freePort();
  const service = startProgram(program.main, ['run'], {
    CRANKBACK_POLICY: policy,
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: String(port),
    CRANKBACK_JOURNAL_FILE: 'off',
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_MASK_NUMBERS: String(masks),
  });
  try {
    await until(() => service.stdout.includes('connected'));
    const call = [`number=${mark('number')}`, `state=1/${STARTED}/0123456789ab/0`];
    await onAsterisk(['1', 'route', ...call], `PJSIP/${mark('legA')}-0000001a`);
    await until(() => service.stdout.includes('decision'));
    const answer = await fetch(`http://127.0.0.1:${port}/hunts`);
    const shown = seen(`${service.stdout}\n${await answer.text()}`);
    expect(shown).toEqual(masks ? [] : ['number', 'legA']);
  } finally {
    service.process.kill('SIGTERM');
    await service.ended;
    rmSync(program.folder, { recursive: true });
  }
});
