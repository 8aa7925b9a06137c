import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { repositoryRoot } from '../provision/paths';
import { FAULTS } from './catalogue';
import { docsFile, replaceGenerated } from './docs-page';
import type { Fault } from './fault';
import { FaultLab, faultsFolder, type PlayedFault } from './fault-lab';
import { callsPerSecond } from './options';
import { asMarkdown, figuresOf, harmsOf, inShort, isFine, type Figures } from './report';
import { describe } from './verdict';

/** The suite must not hang. Milliseconds. */
const RUN_LIMIT = 60 * 60_000;
const QUICK_LIMIT = 6 * 60_000;
const COMMAND = 'npm run test:faults -- --lab';

interface Options {
  readonly lab?: boolean;
  readonly quick?: boolean;
  readonly only?: readonly string[];
  readonly rate: number;
  readonly docs?: boolean;
  readonly travel?: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = new Command('test:faults')
    .description(
      'Without options: the jest suite "faults". With --lab: breaks one thing after the other beside a real Asterisk while calls go on, and checks every call on the wire.',
    )
    .option('--lab', 'in the lab')
    .option('--quick', 'the most telling faults only, five minutes')
    .option('--only <names...>', 'these faults only')
    .option('--rate <calls/s>', 'calls begun per second', callsPerSecond, 10)
    .option('--travel', 'every policy travels to the PBX before the calls')
    .option('--docs', 'put the figures into docs/faults.md')
    .parse(argv)
    .opts<Options>();
  if (!options.lab) {
    if (argv.length > 2) throw new Error('these options need --lab as well');
    const jest = ['dist/test/run.js', 'faults'];
    return spawnSync(process.execPath, jest, { cwd: repositoryRoot, stdio: 'inherit' }).status ?? 1;
  }
  const faults = choose(options);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error('interrupted')));
  }
  const limitMs = options.quick ? QUICK_LIMIT : RUN_LIMIT;
  const limit = setTimeout(() => stop.abort(new Error('the run took too long')), limitMs);
  // A lab that does not start ends the run at once.
  limit.unref();
  const log = (line: string) => console.log(line);
  const lab = await FaultLab.up({ log, signal: stop.signal, travel: options.travel === true });
  const all: Figures[] = [];
  let broken = 0;
  try {
    for (const fault of faults) {
      try {
        const played = await lab.play(fault, options.rate);
        const figures = figuresOf(played);
        all.push(figures);
        log(inShort(figures));
        for (const line of harmsOf(played)) log(`       ${line}`);
        await keep(played);
      } catch (error) {
        stop.signal.throwIfAborted();
        // If one fault cannot be played, the others still are.
        broken += 1;
        log(`FAILED ${fault.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    log(`\n${asMarkdown(all)}\n`);
    await writeFile(join(faultsFolder, 'results.json'), JSON.stringify(all, null, 1));
    if (options.docs) await writeDocs(all, options);
  } finally {
    clearTimeout(limit);
    await lab.down();
  }
  const harmed = all.filter((figures) => !isFine(figures));
  log(`${all.length - harmed.length} of ${faults.length} faults without harm`);
  return harmed.length + broken === 0 ? 0 : 1;
}

/** @throws if a name is not a fault's */
function choose({ only, quick }: Options): readonly Fault[] {
  const unknown = (only ?? []).filter((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown.length > 0) {
    const names = FAULTS.map(({ name }) => name).join(', ');
    throw new Error(`no such fault: ${unknown.join(', ')}. There are: ${names}`);
  }
  if (only) return FAULTS.filter(({ name }) => only.includes(name));
  return quick ? FAULTS.filter((fault) => fault.quick) : FAULTS;
}

/** Every call of a fault, one a line, for a look at what harmed it. */
async function keep({ fault, verdicts, moments }: PlayedFault): Promise<void> {
  const lines = verdicts.map(({ call, seen, by, harms, waitedMs, silenceMs }) =>
    JSON.stringify({
      number: call.number,
      kind: call.kind.name,
      at: seen && Math.round(seen.invitedAt - moments.brokenAt),
      by,
      harms,
      waitedMs: Math.round(waitedMs),
      silenceMs: Math.round(silenceMs),
      wire: seen && describe(seen),
    }),
  );
  await writeFile(join(faultsFolder, `${fault.name}.jsonl`), `${lines.join('\n')}\n`);
}

async function writeDocs(all: readonly Figures[], { rate }: Options): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  const page = await readFile(docsFile, 'utf8');
  const part = `${day}, ${rate} calls/s, on ${cpus().length} cores:\n\n${asMarkdown(all)}`;
  await writeFile(docsFile, replaceGenerated(page, COMMAND, part));
}

main(process.argv)
  .then((exitCode) => (process.exitCode = exitCode))
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
