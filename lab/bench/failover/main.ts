import { Command, Option } from 'commander';
import { FULL, QUICK, describeCell } from './cells';
import { Bench } from './bench';
import { MODES, PBXES, type Mode, type PbxName } from './modes';
import { asTable } from './report';
import type { Measured } from './results';

/** Nothing in the bench may hang. Milliseconds. */
const RUN_LIMIT = 25 * 60_000;

interface Options {
  readonly quick?: boolean;
  readonly pbx: PbxName;
  readonly modes: readonly Mode[];
}

async function main(argv: readonly string[]): Promise<void> {
  const options = new Command('bench')
    .description(
      'Measures on the wire how long a failed attempt takes to become the next one: by the PBX alone and with crankback, in turn.',
    )
    .option('--quick', 'at 20 and 100 calls/s only, less than three minutes')
    .addOption(
      new Option('--pbx <name>', 'the PBX under test')
        .choices(Object.keys(PBXES))
        .default('asterisk'),
    )
    .addOption(new Option('--modes <names...>', 'these only').choices(MODES).default(MODES))
    .parse(argv)
    .opts<Options>();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('interrupted')));
  process.once('SIGTERM', () => stop.abort(new Error('interrupted')));
  const limit = setTimeout(() => stop.abort(new Error('the run took too long')), RUN_LIMIT);
  const log = (line: string) => console.log(line);
  const bench = await Bench.up(options.pbx, { log, signal: stop.signal });
  const results: Measured[] = [];
  try {
    for (const cell of options.quick ? QUICK : FULL) {
      log(`${describeCell(cell)}: ${cell.rounds} × ${cell.seconds} s`);
      const measured = await bench.measure(cell, options.modes);
      results.push(...(measured ?? []));
    }
  } finally {
    clearTimeout(limit);
    await bench.down();
    if (results.length > 0) console.log(asTable(results));
  }
}

main(process.argv).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
