/**
 * How long the thread that decides is busy at a time while it takes over a policy of 100,000 routes.
 * `npm run bench:policy` ends with code 1 where that is longer than the limit.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PolicyData } from '../../src/policy/policy-data';
import { compileFile, readSources } from '../../src/policy-file/policy-file';
import { piecesOf, transferOf, Unpacking } from '../../src/policy-file/watch/parcel';
import { PolicyWorker } from '../../src/policy-file/watch/policy-worker';

const ROUTES = 100_000;
const TRUNKS = 1_000;
const RULES = 1_000;
const ROUNDS = 10;
/** Longest time in which the thread may do nothing else. Milliseconds. */
const LIMIT_MS = 5;
/** Steps in which the event loop's delay is measured. Milliseconds. */
const RESOLUTION_MS = 1;

function policyText(): string {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
  const rule = (index: number) =>
    `{ when: { sip: 503, phrase: "*reason ${index}*" }, do: { retry: next-trunk } }`;
  const trunk = (index: number) => `carrier-${index % TRUNKS}`;
  return `version: 1
emergency: []
trunks:
${lines(TRUNKS, (index) => `  ${trunk(index)}: { dial: { asterisk: "PJSIP/{number}@${trunk(index)}" } }`)}
routes:
${lines(ROUTES, (index) => `  - { digits: "+${1_000_000 + index}*", trunks: [${trunk(index)}, ${trunk(index + 1)}], rules: [${rule(index)}] }`)}
rules:
${lines(RULES, (index) => `  - ${rule(index)}`)}`;
}

function compiled(file: string): PolicyData {
  const sources = readSources(file);
  if ('ok' in sources) throw new Error(JSON.stringify(sources));
  const made = compileFile(sources);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.data;
}

/**
 * What each piece costs the thread that takes it, with what it costs the one that sends it. The least of some
 * rounds: what else the machine does is not meant. Milliseconds.
 */
function slices(data: PolicyData): readonly number[] {
  const least: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const unpacking = new Unpacking();
    for (const [index, piece] of [...piecesOf(data)].entries()) {
      const began = performance.now();
      unpacking.add(structuredClone(piece, { transfer: transferOf(piece) }));
      least[index] = Math.min(least[index] ?? Infinity, performance.now() - began);
    }
  }
  return least;
}

/** Longest time for which the event loop stood still while something was done. Milliseconds. */
async function longestStop(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  await work();
  await sleep(10);
  delays.disable();
  return delays.max / 1e6 - RESOLUTION_MS;
}

async function loadedInThread(file: string): Promise<void> {
  const worker = new PolicyWorker(file);
  const began = performance.now();
  const stop = await longestStop(async () => {
    const { kind } = await worker.look({ atOnce: true });
    if (kind !== 'loaded') throw new Error(kind);
  });
  const seconds = (performance.now() - began) / 1_000;
  await worker.stop();
  const idle = await longestStop(() => sleep(seconds * 1_000));
  console.log(
    `in a thread: ${seconds.toFixed(1)} s; the event loop stood still for ${stop.toFixed(1)} ms at most, idle for as long: ${idle.toFixed(1)} ms`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-'));
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, policyText());
  console.log(`${ROUTES} routes with a rule each, ${TRUNKS} trunks, ${RULES} rules`);
  try {
    await loadedInThread(file);
    const each = slices(compiled(file));
    const longest = Math.max(...each);
    const sum = each.reduce((one, other) => one + other, 0);
    console.log(
      `${each.length} pieces: the longest takes ${longest.toFixed(2)} ms (limit ${LIMIT_MS} ms), all ${sum.toFixed(0)} ms`,
    );
    if (!(longest <= LIMIT_MS)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
