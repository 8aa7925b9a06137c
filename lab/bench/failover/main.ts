import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { repositoryRoot } from '../../provision/paths';
import { Bench, benchFolder } from './bench';
import {
  DEAD,
  describeCell,
  FULL,
  LOAD,
  QUICK,
  usualAt,
  MOST_PER_SECOND,
  type Cell,
} from './report/cells';
import { circumstances } from './circumstances';
import { PBXES, type PbxName } from '../../runner/pbx/name';
import { MODES, type Mode } from './modes';
import { plotScript } from './report/plot';
import { asMarkdown, asText, middle } from './report/report';
import type { Measured } from './report/results';

/** The bench must not hang. Milliseconds. */
const RUN_LIMIT = 25 * 60_000;
const docsFolder = join(repositoryRoot, 'docs');
const docsFile = join(docsFolder, 'bench.md');
/** A run's results in docs, for one PBX: its plot, and its part of docs/bench.md. */
const plotOf = (pbx: PbxName) => (pbx === 'asterisk' ? 'bench.svg' : `bench-${pbx}.svg`);
const generatedFor = (pbx: PbxName) => {
  const command = `npm run bench${pbx === 'asterisk' ? '' : ` -- --pbx ${pbx}`}`;
  return new RegExp(`(<!-- begin: ${command} -->\\n)[^]*(<!-- end: ${command} -->)`);
};

interface Options {
  readonly quick?: boolean;
  readonly docs?: boolean;
  readonly dead?: boolean;
  readonly load?: boolean;
  readonly rates?: readonly number[];
  readonly pbx: PbxName;
  readonly modes: readonly Mode[];
}

async function main(argv: readonly string[]): Promise<void> {
  const options = new Command('bench')
    .description(
      'Measures on the wire how long a failed attempt takes to become the next one: by the PBX alone and with crankback, in turn.',
    )
    .option('--quick', '20 and 100 calls/s only, four minutes')
    .option('--dead', 'while crankback is stopped, two minutes')
    .option('--load', 'processor time at 100 calls/s beside the PBX alone, five minutes')
    .option('--throughput', 'calls that one process decides; has options of its own')
    .addOption(
      new Option('--rates <calls/s...>', 'these only, in the usual condition').argParser(rates),
    )
    .option('--docs', 'put the figures into docs/bench.md and docs/bench.svg')
    .addOption(new Option('--pbx <name>', 'the PBX under test').choices(PBXES).default('asterisk'))
    .addOption(new Option('--modes <names...>', 'these only').choices(MODES).default(MODES))
    .parse(argv)
    .opts<Options>();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error('interrupted')));
  }
  const limit = setTimeout(() => stop.abort(new Error('the run took too long')), RUN_LIMIT);
  // A lab that does not start ends the run at once.
  limit.unref();
  const log = (line: string) => console.log(line);
  const bench = await Bench.up(options.pbx, { log, signal: stop.signal });
  const results: Measured[] = [];
  try {
    const command = ['npm run bench --', ...argv.slice(2)].join(' ');
    const about = await circumstances(bench, command);
    for (const cell of cellsFor(options)) {
      try {
        const measured = await bench.measure(cell, options.modes);
        if (!measured) continue;
        results.push(...measured);
        log(`${describeCell(cell)}\n${measured.map(inShort).join('\n')}`);
      } catch (error) {
        stop.signal.throwIfAborted();
        // If one condition cannot be measured, the others still are.
        process.exitCode = 1;
        log(`${describeCell(cell)}\n  not measured: ${messageOf(error)}`);
      }
    }
    log(`\n${asText(results)}\n\n${about.join('\n')}`);
    await writeFile(join(benchFolder, 'results.json'), JSON.stringify(results, null, 1));
    await bench.draw(plotScript(results, plotOf(options.pbx)));
    if (options.docs) await writeDocs(options.pbx, about, results);
  } finally {
    clearTimeout(limit);
    await bench.down();
  }
}

function cellsFor({ rates: wanted, quick, dead, load }: Options): readonly Cell[] {
  if (dead) return DEAD;
  if (load) return LOAD;
  return wanted?.map(usualAt) ?? (quick ? QUICK : FULL);
}

function rates(text: string, before: readonly number[] = []): readonly number[] {
  const rate = Number(text);
  if (!Number.isInteger(rate) || rate < 1 || rate > MOST_PER_SECOND) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_PER_SECOND}`);
  }
  return [...before, rate];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function inShort({ mode, p50, p99, failed }: Measured): string {
  return `  ${mode.padEnd(6)} p50 ${middle(p50)} ms, p99 ${middle(p99)} ms, ${failed} calls failed`;
}

async function writeDocs(
  pbx: PbxName,
  about: readonly string[],
  results: readonly Measured[],
): Promise<void> {
  const plot = plotOf(pbx);
  const text = await readFile(docsFile, 'utf8');
  const list = about.map((line) => `- ${line}`).join('\n');
  const generated = `\n${list}\n\n![p50 and p99 by rate](${plot})\n\n${asMarkdown(results)}\n\n`;
  await writeFile(
    docsFile,
    text.replace(generatedFor(pbx), (_, begin, end) => `${begin}${generated}${end}`),
  );
  await copyFile(join(benchFolder, plot), join(docsFolder, plot));
}

const bench = process.argv.includes('--throughput')
  ? import('../throughput/main.js').then(({ throughput }) => throughput(process.argv))
  : main(process.argv);
bench.catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
