import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { Registry, type Metric } from 'prom-client';
import { SAMPLES_OF_SLICE, SlicedMetric, type Sample } from '../records/sliced-metrics';

/** `GET /metrics`: Prometheus text format. */
export function metrics(
  server: FastifyInstance,
  registry: Registry,
  onRequest: onRequestHookHandler,
): void {
  server.get('/metrics', { onRequest }, (_request, reply) =>
    reply
      .type(registry.contentType)
      .send(Readable.from(metricsText(registry), { objectMode: false })),
  );
}

/** The registry's metrics slice by slice, each in a turn of its own: calls are decided between them. */
export async function* metricsText(registry: Registry): AsyncGenerator<string> {
  let separator = '';
  for (const metric of registry.getMetricsAsArray() as unknown as readonly Metric[]) {
    let isFirst = true;
    for await (const samples of slicesOf(metric)) {
      const text = await textOf(metric, samples);
      const slice = isFirst ? separator + text : withoutHead(text);
      if (slice !== '') yield slice;
      separator = '\n';
      isFirst = false;
      await turn();
    }
  }
}

async function* slicesOf(metric: Metric | SlicedMetric): AsyncGenerator<readonly Sample[]> {
  if (metric instanceof SlicedMetric) {
    yield* metric.slices();
    return;
  }
  const { values } = await metric.get();
  // Also one without any sample is named.
  for (let at = 0; at === 0 || at < values.length; at += SAMPLES_OF_SLICE)
    yield values.slice(at, at + SAMPLES_OF_SLICE);
}

/** As prom-client writes a metric that has these samples and no others. */
async function textOf(metric: Metric, values: readonly Sample[]): Promise<string> {
  const { name, help, type } = metric as unknown as { name: string; help: string; type: string };
  const slice = { name, help, type, get: () => Promise.resolve({ name, help, type, values }) };
  const alone = new Registry();
  alone.registerMetric(slice as unknown as Metric);
  return alone.metrics();
}

/** Without `# HELP` and `# TYPE`, which stand once. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1);
}

let turns: Promise<unknown> = Promise.resolve();

/** One slice in each turn of the loop, however many ask at once. */
function turn(): Promise<unknown> {
  turns = turns.then(() => nextTurn());
  return turns;
}
