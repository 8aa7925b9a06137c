/**
 * What large policies cost. `npm run bench:large` ends with code 1 where a limit is passed. The same routes as YAML stand
 * beside them, measured in the same run: machines differ, ratios do not.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileFile, readSources } from '../../../src/policy-file/policy-file';
import { piecesOf, transferOf, Unpacking } from '../../../src/policy-file/watch/parcel';
import { PolicyWorker } from '../../../src/policy-file/watch/policy-worker';
import { benchRules, benchShadows } from './rules';
import { benchScrape } from './scrape';
import { benchTrunks } from './trunks';

const TRUNKS = 20;
/** Longest time in which the thread that decides may do nothing else. Milliseconds. */
const LONGEST_PIECE_MS = 5;
/** Steps in which the event loop's delay is measured. Milliseconds. */
const RESOLUTION_MS = 1;
const ROUNDS = 5;

interface Case {
  readonly name: string;
  readonly routes: number;
  readonly as: 'csv' | 'yaml';
  /** Of `crankback check`: CPU seconds and MB; absent where only the ratio counts. */
  readonly limits?: { readonly seconds: number; readonly megabytes: number };
}

const CASES: readonly Case[] = [
  { name: '100,000 routes, YAML', routes: 100_000, as: 'yaml' },
  {
    name: '100,000 routes, CSV',
    routes: 100_000,
    as: 'csv',
    limits: { seconds: 1.5, megabytes: 200 },
  },
  {
    name: '500,000 routes, CSV',
    routes: 500_000,
    as: 'csv',
    limits: { seconds: 6, megabytes: 600 },
  },
];

const trunk = (index: number) => `carrier-${index % TRUNKS}`;
const prefix = (index: number) => String(1_000_000 + 13 * index);

function written(folder: string, { routes, as }: Case): string {
  mkdirSync(folder);
  const file = join(folder, 'policy.yaml');
  const each = (line: (index: number) => string) =>
    Array.from({ length: routes }, (_, index) => `${line(index)}\n`).join('');
  const trunks = Array.from(
    { length: TRUNKS },
    (_, index) => `  ${trunk(index)}: { dial: { asterisk: "PJSIP/{number}@${trunk(index)}" } }\n`,
  ).join('');
  const head = `version: 1\nemergency: []\nmatch: longest\ntrunks:\n${trunks}`;
  if (as === 'yaml') {
    const list = each(
      (index) =>
        `  - { digits: "${prefix(index)}*", trunks: [${trunk(index)}, ${trunk(index + 3)}] }`,
    );
    writeFileSync(file, `${head}routes:\n${list}`);
    return file;
  }
  const rows = each(
    (index) =>
      `${prefix(index)},"Mobile, ${index % 200}",${trunk(index)},${trunk(index + 3)},0.0${index % 99}`,
  );
  writeFileSync(join(folder, 'rates.csv'), `Prefix,Destination,First,Second,Rate\n${rows}`);
  const table = '{ file: rates.csv, prefix: Prefix, trunks: [First, Second] }';
  writeFileSync(file, `${head}routes_from: ${table}\n`);
  return file;
}

interface Checked {
  /** CPU time, so that other programs on the machine do not count. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** `crankback check`, as users run it: the program of the build. */
function checkIn(file: string): Checked {
  const program = join(__dirname, '../../../program/main.js');
  const how = ['--require', join(__dirname, 'usage.js'), program, 'check', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, how, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout + stderr);
  return JSON.parse(stderr.slice(stderr.lastIndexOf('\n'))) as Checked;
}

/**
 * The longest of the pieces in which a policy crosses the threads: what it costs the one that takes it and the one that
 * sends it. Each as the least of some rounds: what else the machine does is not meant. Milliseconds.
 */
function longestPiece(file: string): number {
  const sources = readSources(file);
  const made = 'ok' in sources ? sources : compileFile(sources);
  if (!made.ok || !('data' in made)) throw new Error(JSON.stringify(made));
  const least: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const unpacking = new Unpacking();
    const copy = structuredClone({ tables: made.data.tables });
    const data = { ...made.data, ...(copy.tables && { tables: copy.tables }) };
    for (const [index, piece] of [...piecesOf(data)].entries()) {
      const began = performance.now();
      unpacking.add(structuredClone(piece, { transfer: transferOf(piece) }));
      least[index] = Math.min(least[index] ?? Infinity, performance.now() - began);
    }
  }
  return Math.max(...least);
}

/** Longest time for which the event loop stood still while a thread loaded the policy. Milliseconds. */
async function longestStop(file: string): Promise<number> {
  const worker = new PolicyWorker(
    file,
    join(__dirname, '../../../src/policy-file/watch/load-worker.js'),
  );
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const looked = await worker.look({ atOnce: true });
  await sleep(10);
  delays.disable();
  await worker.stop();
  if (looked.kind !== 'loaded') throw new Error(JSON.stringify(looked));
  return delays.max / 1e6 - RESOLUTION_MS;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-large-'));
  console.log('| | check, CPU s | check, MB | longest piece, ms | loop stood still, ms |');
  console.log('|---|---|---|---|---|');
  try {
    for (const [index, one] of CASES.entries()) {
      const file = written(join(folder, String(index)), one);
      const { seconds, megabytes } = checkIn(file);
      const piece = longestPiece(file);
      const stop = await longestStop(file);
      const cells = [seconds.toFixed(2), megabytes.toFixed(0), piece.toFixed(2), stop.toFixed(1)];
      console.log(`| ${one.name} | ${cells.join(' | ')} |`);
      const { limits } = one;
      const isOver =
        limits &&
        (seconds > limits.seconds || megabytes > limits.megabytes || piece > LONGEST_PIECE_MS);
      if (isOver) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const kept = [benchRules(), benchShadows(), await benchTrunks(), await benchScrape()];
  if (kept.includes(false)) process.exitCode = 1;
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
