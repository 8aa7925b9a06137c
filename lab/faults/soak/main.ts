import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { FaultLab, faultsFolder } from '../fault-lab';
import { docsFile, replaceGenerated } from '../docs-page';
import { callsPerSecond } from '../options';
import { soak } from './soak';
import { growth, soakTable } from './soak-report';

const COMMAND = 'npm run test:soak';
/** Starting and taking down, beside the calls. Milliseconds. */
const AROUND = 10 * 60_000;
const MOST_SHOWN = 20;

interface Options {
  readonly for: number;
  readonly rate: number;
  readonly docs?: boolean;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = new Command('test:soak')
    .description(
      'Places mixed calls beside a real Asterisk for a long time, and watches memory, handles and listeners of crankback.',
    )
    .option('--for <time>', 'how long, such as 30m or 90s', seconds, 30 * 60)
    .option('--rate <calls/s>', 'calls begun per second', callsPerSecond, 20)
    .option('--docs', 'put the figures into docs/faults.md')
    .parse(argv)
    .opts<Options>();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort(new Error('interrupted')));
  }
  const limit = setTimeout(
    () => stop.abort(new Error('the run took too long')),
    options.for * 1000 + AROUND,
  );
  limit.unref();
  const log = (line: string) => console.log(line);
  const lab = await FaultLab.up({ log, signal: stop.signal });
  try {
    const soaked = await soak(lab, { seconds: options.for, rate: options.rate, log });
    const grown = growth(soaked);
    const { calls, harmed, fallbacks, left, samples } = soaked;
    const verdict = [
      `${calls} calls at ${options.rate}/s, ${harmed.length} harmed`,
      `${fallbacks} by the fallback`,
      `${left.length} channels left in the PBX`,
      grown.length === 0 ? 'nothing has grown' : `grown: ${grown.join('; ')}`,
    ].join(', ');
    log(`\n${soakTable(soaked)}\n`);
    for (const line of harmed.slice(0, MOST_SHOWN)) log(line);
    log(verdict);
    await writeFile(join(faultsFolder, 'soak.json'), JSON.stringify({ samples, harmed }, null, 1));
    if (options.docs) {
      const day = new Date().toISOString().slice(0, 10);
      const text = await readFile(docsFile, 'utf8');
      const part = `${day}: ${verdict}.\n\n${soakTable(soaked)}`;
      await writeFile(docsFile, replaceGenerated(text, COMMAND, part));
    }
    return harmed.length + fallbacks + left.length + grown.length === 0 ? 0 : 1;
  } finally {
    clearTimeout(limit);
    await lab.down();
  }
}

function seconds(text: string): number {
  const [, count, unit] = /^(\d+)([ms])$/.exec(text) ?? [];
  const found = Number(count) * (unit === 'm' ? 60 : 1);
  if (!(found >= 60 && found <= 86_400)) {
    throw new InvalidArgumentError('Expected a time from 60s to 1440m, such as 30m');
  }
  return found;
}

main(process.argv)
  .then((exitCode) => (process.exitCode = exitCode))
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
