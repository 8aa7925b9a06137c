import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { hep3 } from '../doubles/hep3';
import { udpReceiver } from '../doubles/hep-receivers';
import { compileMain } from '../doubles/main';
import { otlpSpans, type OtlpRequest } from '../doubles/otlp';
import { Service } from '../doubles/service';
import { until } from '../doubles/until';
import { webhookReceiver } from '../doubles/webhook-receiver';

jest.setTimeout(120_000);

const program = compileMain();
/** Of the recording. */
const LEG = '1795239432.7';
const START = '1795239432.947';
/** SIP Call-ID of the caller's leg. */
const CALLER = '1-193@172.30.77.30';

let ari: AriServer;
let collector: Awaited<ReturnType<typeof webhookReceiver>>;
let folder: string;
let service: Service | undefined;

beforeAll(async () => {
  ari = await AriServer.start();
  collector = await webhookReceiver();
  collector.answers.text = '{}';
  folder = mkdtempSync(join(tmpdir(), 'crankback-tracing-'));
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`,
  );
});

afterEach(() => service?.end('SIGKILL'));

afterAll(async () => {
  await collector.stop();
  await ari.stop();
  for (const one of [folder, program.folder]) rmSync(one, { recursive: true, force: true });
});

const start = async (env: Record<string, string>): Promise<Service> => {
  service = await Service.start(program.main, {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: ari.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_STATE_FILE: 'off',
    ...env,
  });
  const running = service;
  await until(() => running.output.includes('connected'));
  return service;
};

/** A call as it was recorded, from its begin to its end. */
async function call(id: string): Promise<void> {
  const state = (Date.now() / 1000).toFixed(3);
  let asked = 0;
  for (const event of recordedEvents('503')) {
    ari.send(JSON.stringify(event).replaceAll(LEG, id).replaceAll(START, state));
    if (event.type === 'StasisStart') await decided(id, ++asked);
  }
}

const decided = (id: string, times: number) =>
  until(
    () => ari.requests.filter(({ path }) => path === `/channels/${id}/continue`).length >= times,
  );

const timesSaid = (text: string) => (service?.output.split(text).length ?? 0) - 1;

it('a collector that hangs, is away and comes back changes nothing for calls, and gets traces', async () => {
  collector.answers.hangs = true;
  const running = await start({
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  await call('1795239500.1');
  await until(() => running.output.includes('traces are not taken'));
  expect((await running.get('/ready')).status).toBe(200);
  expect((await running.warnings()).join()).toMatch(/traces: .*CB8015/);
  for (let more = 2; more <= 20; more++) await call(`1795239500.${more}`);
  collector.answers.hangs = false;
  collector.answers.status = 503;
  const before = collector.tried();
  await call('1795239500.21');
  await until(() => collector.tried() > before);
  collector.answers.status = 200;
  await call('1795239500.22');
  await until(() => running.output.includes('traces are taken'));
  expect(timesSaid('"traces are not taken"')).toBe(1);
  const metrics = await (await running.get('/metrics')).text();
  expect(metrics).toMatch(/crankback_trace_spans_total\{result="sent"\} [1-9]/);

  await running.end('SIGTERM');
  const spans = collector.posted.flatMap(
    ({ text }) => otlpSpans(JSON.parse(text) as OtlpRequest).spans,
  );
  const root = spans.find(({ attributes }) =>
    String(attributes['crankback.call.id']).startsWith('1795239500.22@'),
  );
  const own = spans.filter(({ traceId }) => traceId === root?.traceId);
  expect(own.map(({ name }) => name).sort()).toEqual(
    ['call', 'hunt', 'decide dial', 'attempt carrier-a', 'decide relay'].sort(),
  );
});

it('another HEP collector gets the decisions of a call by its Call-ID', async () => {
  const receiver = await udpReceiver();
  try {
    await start({
      CRANKBACK_HEP_PORT: '0',
      CRANKBACK_HEP_FORWARD: `udp://127.0.0.1:${receiver.port}`,
      CRANKBACK_HEP_FORWARD_DECISIONS: 'true',
    });
    await call('1795239700.1');
    const ofCaller = () =>
      hep3(receiver.received())
        .filter((packet) => packet.get(17)?.toString() === CALLER)
        .map((packet) => packet.get(15)?.toString() ?? '');
    await until(() => ofCaller().length === 2);
    expect(ofCaller()).toEqual([
      expect.stringMatching(
        /^crankback 1795239700\.1@\d+ \(asterisk\): dial carrier-a, by \S+policy.yaml:4: /,
      ),
      expect.stringMatching(/: relay 503.* after carrier-a: 503 Service Unavailable/),
    ]);
  } finally {
    await receiver.kill();
  }
});

it('without OTEL_TRACES_EXPORTER nothing of OpenTelemetry is loaded', async () => {
  rmSync(join(program.folder, 'tracing-worker.js'));
  const running = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await call('1795239600.1');
  expect((await running.warnings()).join()).not.toContain('CB8015');
  expect(await (await running.get('/metrics')).text()).not.toContain('crankback_trace_');
});
