import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Tracing, type TracingParts } from '../../../src/tracing/thread/tracing';
import { traceIdOf } from '../../../src/tracing/trace-id';
import { failureOf, START } from '../../doubles/policies';
import { otlpSpans, type OtlpRequest } from '../../doubles/otlp';
import { savedCall, TRUNKS } from '../../doubles/traced-calls';
import { until } from '../../doubles/until';
import { webhookReceiver } from '../../doubles/webhook-receiver';

const ROOT = join(__dirname, '../../..');

let folder: string;
let entry: string;
let collector: Awaited<ReturnType<typeof webhookReceiver>>;
const started: Tracing[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-tracing-'));
  entry = join(folder, 'tracing-worker.js');
  buildSync({
    entryPoints: [join(ROOT, 'src/tracing/thread/tracing-worker.ts')],
    ...{ bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'] },
    outfile: entry,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  collector = await webhookReceiver();
  collector.answers.text = '{}';
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
  await collector.stop();
});

function tracing(env: Readonly<Record<string, string>> = {}, more: Partial<TracingParts> = {}) {
  const counts = { made: 0, sent: 0, lost: 0, dropped: 0 };
  const changes: string[] = [];
  const remarks: string[] = [];
  const traces = new Tracing({
    ...{ entry, maskNumbers: false, version: '1.2.3', instance: 'site-a' },
    pace: { batchMs: 10, lookMs: 20, settleMs: 50 },
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      ...env,
    },
    isTrunk: (name) => TRUNKS.has(name),
    reports: {
      spans: (result, count) => (counts[result] += count),
      dropped: (count) => (counts.dropped += count),
      changed: (why) => changes.push(why ?? 'taken'),
      remark: (why) => remarks.push(why),
    },
    ...more,
  });
  started.push(traces);
  return { traces, counts, changes, remarks };
}

const told = (traces: Tracing, hunt: string): void => {
  for (const event of savedCall({ hunt })) traces.record(event);
};
const received = () => collector.posted.map(({ text }) => JSON.parse(text) as OtlpRequest);

describe('a collector of OTLP over HTTP', () => {
  it('gets a call as one trace: spans with parents, kinds, times, status and events', async () => {
    const { traces, counts } = tracing({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-test',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
    });
    told(traces, '1.7@1');
    await until(() => counts.sent > 0);
    expect(collector.posted[0]?.headers).toMatchObject({
      authorization: 'Bearer of-the-test',
      'content-type': 'application/json',
    });
    const [request] = received();
    const { spans, resource, scope } = otlpSpans(request);
    expect(resource).toMatchObject({
      'deployment.environment.name': 'lab',
      'service.instance.id': 'site-a',
      'service.name': 'crankback',
      'service.version': '1.2.3',
    });
    expect(scope).toEqual({ name: 'crankback', version: '1.2.3' });
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const shown = spans.map(({ name, kind, parentSpanId = '', ms, status, events }) => ({
      ...{ name, kind, ms, parent: byId.get(parentSpanId)?.name },
      ...(status !== undefined && { status }),
      ...(events.length > 0 && { events }),
    }));
    // SERVER 2, INTERNAL 1, CLIENT 3; status 2 is ERROR.
    expect(shown.sort((one, other) => one.name.localeCompare(other.name))).toEqual([
      {
        ...{ name: 'attempt carrier-a', kind: 3, ms: 370, parent: 'hunt' },
        status: { code: 2, message: '503 All Circuits Busy (trunk-congested)' },
      },
      {
        ...{ name: 'attempt carrier-b', kind: 3, ms: 1_990, parent: 'hunt' },
        events: ['first response', 'ringing', 'answer'],
      },
      { name: 'call', kind: 2, ms: 62_000, parent: undefined },
      { name: 'decide dial', kind: 1, ms: 6, parent: 'hunt' },
      { name: 'decide dial', kind: 1, ms: 4, parent: 'hunt' },
      { name: 'hunt', kind: 1, ms: 2_400, parent: 'call' },
    ]);
    expect(counts).toEqual({ made: 6, sent: 6, lost: 0, dropped: 0 });
  });

  it('gets a call that was only observed at once, under the trace of its name', async () => {
    const { traces, counts } = tracing({}, { pace: { batchMs: 10, lookMs: 20, settleMs: 60_000 } });
    const number = '+493012345678';
    traces.record({
      ...{ kind: 'call-observed', at: START + 400, pbx: 'asterisk', call: `1.7@${START}` },
      ...{ leg: 'PJSIP/phone-1', number, startedAt: START, answered: false, policyHash: 'abc' },
      observed: {
        ...{ verdict: 'would-go-on', step: 0 },
        steps: [
          {
            ...{ trunk: 'carrier-a', at: START + 400, ms: 400, failure: failureOf(503) },
            did: { kind: 'ended' },
          },
        ],
      },
    });
    await until(() => counts.sent > 0);
    const { spans } = otlpSpans(received()[0]);
    expect(spans.map(({ name }) => name).sort()).toEqual(['attempt', 'call', 'hunt']);
    const traceId = traceIdOf({ pbx: 'asterisk', hunt: `1.7@${START}`, startedAt: START });
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(counts).toEqual({ made: 3, sent: 3, lost: 0, dropped: 0 });
  });

  it('gets masked numbers where they are masked', async () => {
    const { traces, counts } = tracing({}, { maskNumbers: true });
    told(traces, '1.7@1');
    await until(() => counts.sent > 0);
    expect(collector.posted[0]?.text).toContain('+4*********78');
    expect(collector.posted[0]?.text).not.toContain('493012345678');
  });

  it('that is away is told of once, and once when it is back', async () => {
    const { traces, counts, changes, remarks } = tracing();
    collector.answers.status = 400;
    for (const hunt of ['1', '2', '3']) {
      const before = counts.lost;
      told(traces, hunt);
      await until(() => counts.lost > before);
    }
    expect(changes).toEqual([expect.stringContaining('400')]);
    expect(traces.warnings()).toEqual([expect.stringMatching(/^traces: 400.*\[CB8015\]$/)]);
    collector.answers.status = 200;
    told(traces, '4');
    await until(() => counts.sent > 0);
    expect(changes[1]).toBe('taken');
    expect(remarks).toEqual([]);
    expect(traces.warnings()).toEqual([]);
  });

  it('that never answers is given up, and the end does not wait for it', async () => {
    const { traces, counts, changes } = tracing();
    collector.answers.hangs = true;
    told(traces, '1');
    await until(() => counts.lost > 0);
    expect(changes).toEqual([expect.stringMatching(/timed out|retryable/i)]);
    told(traces, '2');
    const before = performance.now();
    await traces.stop();
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('with a full queue costs spans and no memory', async () => {
    const { traces, counts } = tracing({
      OTEL_BSP_MAX_QUEUE_SIZE: '12',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '12',
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    });
    for (let hunt = 0; hunt < 200; hunt++) told(traces, `${hunt}`);
    await traces.stop();
    expect(counts.made).toBe(1_200);
    // As much as is on its way, and as much as waits.
    expect(counts.sent).toBeLessThanOrEqual(24);
  });

  it('gets what is there when the service ends, calls in progress too', async () => {
    const { traces } = tracing({ OTEL_BSP_SCHEDULE_DELAY: '60000' });
    for (const event of savedCall().slice(0, 5)) traces.record(event);
    await traces.stop();
    const { spans } = otlpSpans(received()[0]);
    expect(spans.find(({ name }) => name === 'call')?.attributes).toMatchObject({
      'crankback.call.result': 'unfinished',
    });
  });

  it('gets the part of the traces that OTEL_TRACES_SAMPLER says', async () => {
    const { traces, counts } = tracing({ OTEL_TRACES_SAMPLER: 'always_off' });
    told(traces, '1');
    await until(() => counts.made === 6);
    await traces.stop();
    expect(collector.posted).toEqual([]);
  });
});

describe('OpenTelemetry', () => {
  it('says once what it does not take of its variables, in our log and not beside it', async () => {
    const { remarks } = tracing({ OTEL_TRACES_SAMPLER: 'sometimes' });
    await until(() => remarks.length > 0);
    expect(remarks).toEqual([
      'OTEL_TRACES_SAMPLER value "sometimes" invalid, defaulting to "parentbased_always_on".',
    ]);
  });

  it('knows of the environment what is its own', async () => {
    const thread = join(folder, 'environment.js');
    writeFileSync(
      thread,
      `const { parentPort } = require('node:worker_threads');
       parentPort.postMessage({ kind: 'remark', why: Object.keys(process.env).join() });
       parentPort.on('message', () => parentPort.postMessage({ kind: 'closed' }));`,
    );
    const { remarks } = tracing({}, { entry: thread, env: { OTEL_SERVICE_NAME: 'x' } });
    await until(() => remarks.length > 0);
    expect(remarks).toEqual(['OTEL_SERVICE_NAME']);
  });
});

it('a thread that hangs costs a bounded number of events, which are counted', async () => {
  const thread = join(folder, 'hangs.js');
  writeFileSync(
    thread,
    `require('node:worker_threads').parentPort.on('message', () => undefined);`,
  );
  const { traces, counts } = tracing({}, { entry: thread });
  const [begun] = savedCall();
  if (!begun) throw new Error('no event');
  for (let call = 0; call < 25_000; call++) traces.record(begun);
  expect(counts.dropped).toBe(5_000);
  await traces.stop();
});
