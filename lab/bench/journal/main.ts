/**
 * `npm run bench:journal`: builds a journal of five million attempts and asks what operators ask, of the thread that
 * the service has. Prints bytes per call and, for each question, the median, the 95th percentile and the slowest of
 * several times in milliseconds. Six gigabytes of disk, a quarter of an hour.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { openJournal } from '../../../src/journal/database';
import { JournalBusy, LastingJournal } from '../../../src/journal/thread/lasting-journal';
import { retain } from '../../../src/journal/retention';
import { JournalWriter } from '../../../src/journal/writer';
import { count, multiply, writeHour } from './build';
import { questionsOf, type BenchPeriod } from './questions';
import { attemptsOfHour, HOUR_MS } from './sample';

/** For each question. Milliseconds. */
const ALLOWED_MS = 300;

interface Flags {
  readonly attempts: string;
  readonly times: string;
  readonly file?: string;
  readonly only?: string;
}

async function main({ attempts, times, file: kept, only }: Flags): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-journal-'));
  const file = kept ?? join(folder, 'journal.db');
  try {
    if (!existsSync(file)) build(file, Number(attempts));
    const period = about(file);
    const slow = await asked(file, period, Number(times), only);
    if (only === undefined) cleanUp(file, period);
    if (slow > 0) {
      console.log(`${slow} questions took more than ${ALLOWED_MS} ms`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** It ends with the present hour, as that of a service that runs. */
function build(file: string, attempts: number): void {
  const { database } = openJournal(file, Date.now());
  const writer = new JournalWriter(database);
  const hours = Math.ceil(attempts / attemptsOfHour());
  const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - hours * HOUR_MS;
  const policy = { hash: 'abc', file: '/etc/crankback/policy.yaml', text: '# the policy of then' };
  writer.write([{ kind: 'policy', at: start, ...policy }]);
  const written = writeHour(database, writer, start);
  writer.close();
  console.log(
    `written by the service's own writer: ${written.callsPerSecond} calls/s, ${written.bytesPerCall} bytes per call`,
  );
  multiply(database, hours, (text) => console.log(`  ${text}`));
  database.close();
}

/** What is in the file. */
function about(file: string): BenchPeriod {
  const began = performance.now();
  const { database } = openJournal(file, Date.now());
  console.log(`opened in ${Math.round(performance.now() - began)} ms`);
  const [calls, attempts] = [count(database, 'hunts'), count(database, 'attempts')];
  const row = database.get('SELECT min(started_at) AS start, max(started_at) AS end FROM hunts');
  database.close();
  const bytes = statSync(file).size;
  console.log(
    `${calls} calls, ${attempts} attempts, ${(bytes / 1e9).toFixed(2)} GB, ${Math.round(bytes / calls)} bytes per call`,
  );
  return { start: Number(row?.['start']), end: Number(row?.['end']) + 1 };
}

/** What keeps the journal from writing as well: some steps of deleting the oldest calls. */
function cleanUp(file: string, { start }: BenchPeriod): void {
  const { database } = openJournal(file, Date.now());
  const days = 30;
  const now = start + (days * 24 + 1) * HOUR_MS;
  for (let step = 1; step <= 3; step++) {
    const began = performance.now();
    retain(database, { days, bytes: 1e12 }, now);
    console.log(
      `${(performance.now() - began).toFixed(1).padStart(8)} ms  step ${step} of a clean-up`,
    );
  }
  database.close();
}

/** @returns how many questions were too slow */
async function asked(file: string, period: BenchPeriod, times: number, only = ''): Promise<number> {
  const journal = new LastingJournal({
    file,
    retention: { days: 1_000, bytes: 1e12 },
    shown: (value) => value,
    told: (message, fields) => {
      // Questions to a journal in memory would be answered fast.
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
    lost: () => undefined,
    now: () => Date.now(),
  });
  let slow = 0;
  console.log(`\n${'p50'.padStart(8)}${'p95'.padStart(8)}${'most'.padStart(8)} ms`);
  try {
    // Its thread has begun.
    await journal.ask('policy', 'abc');
    for (const { name, ask } of questionsOf(period)) {
      if (!name.includes(only)) continue;
      const took: number[] = [];
      for (let nth = 0; nth < times; nth++) {
        const { question, asked: about } = ask(nth);
        const began = performance.now();
        await journal.ask(question, about as never).catch((error: unknown) => {
          if (!(error instanceof JournalBusy)) throw error;
          console.log(`${name}: ${error.message}`);
        });
        took.push(performance.now() - began);
      }
      took.sort((one, other) => one - other);
      const at = (share: number) => took[Math.min(times - 1, Math.floor(times * share))] ?? 0;
      const [p50, p95, most] = [at(0.5), at(0.95), at(1)];
      if (p95 > ALLOWED_MS) slow += 1;
      const columns = [p50, p95, most].map((ms) => ms.toFixed(1).padStart(8)).join('');
      console.log(`${columns}  ${name}`);
    }
  } finally {
    await journal.stop();
  }
  return slow;
}

void main(
  new Command()
    .option('--attempts <count>', 'attempts in the journal', '5000000')
    .option('--times <count>', 'how often each question is asked', '20')
    .option('--file <path>', 'a journal of this bench, which is kept; made if there is none')
    .option('--only <text>', 'questions with this in their name')
    .parse()
    .opts<Flags>(),
);
