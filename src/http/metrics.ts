import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Metric, Registry } from 'prom-client';
import { SAMPLES_OF_SLICE, SlicedMetric, type Sample } from '../records/sliced-metrics';
import { headText, sampleText } from './metrics-text';

/** So much is written to a connection at once: each write takes longer than what it writes took to make. Characters. */
const CHUNK = 64 * 1024;
/** No more is read and written in the same turn, once it took so long or is so long. Milliseconds, and lines. */
const SLICE_MS = 0.2;
const SLICE_LINES = 25;
/** `# HELP` and `# TYPE`. */
const HEAD_LINES = 2;

/** `GET /metrics`: Prometheus text format. */
export function metrics(
  server: FastifyInstance,
  registry: Registry,
  onRequest: onRequestHookHandler,
): void {
  server.get('/metrics', { onRequest }, async (_request, reply) => {
    const chunks = chunksOf(metricsText(registry));
    const { value: text = '' } = await chunks.next();
    void reply.type(registry.contentType);
    if (text.length < CHUNK) return reply.send(text);
    return reply.send(Readable.from(followed(text, chunks), { objectMode: false }));
  });
}

/** Joined to texts of at least `CHUNK`, but for the last one. */
async function* chunksOf(texts: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

async function* followed(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** The registry's metrics slice by slice, each in a turn of its own: calls are decided between them. */
export async function* metricsText(registry: Registry): AsyncGenerator<string> {
  let slice = '';
  let lines = 0;
  let separator = '';
  let began = performance.now();
  for (const metric of registry.getMetricsAsArray() as unknown as readonly (Metric & Head)[]) {
    const { name, help, type } = metric;
    slice += separator + headText(name, help, type);
    lines += HEAD_LINES;
    separator = '\n\n';
    for await (const samples of slicesOf(metric)) {
      for (const sample of samples) slice += sampleText(name, sample);
      lines += samples.length;
      if (lines < SLICE_LINES && performance.now() - began < SLICE_MS) continue;
      yield slice;
      slice = '';
      lines = 0;
      await turn();
      began = performance.now();
    }
  }
  yield `${slice}\n`;
}

interface Head {
  readonly name: string;
  readonly help: string;
  readonly type: string;
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

let turns: Promise<unknown> = Promise.resolve();

/** One slice in each turn of the loop, however many ask at once. */
function turn(): Promise<unknown> {
  turns = turns.then(() => nextTurn());
  return turns;
}
