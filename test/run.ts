/** `npm test`: every suite of suites.json within its budget, then what failed, and one line over all of them. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** `lab` and `measures`: what is tested waits for much of its time, and must answer in time. `computes`: gives way to them. */
type Lane = 'lab' | 'measures' | 'computes';

interface Suite {
  readonly name: string;
  readonly budgetSeconds: number;
  /** Suites of one lane run one after the other, the lanes at once. */
  readonly lane: Lane;
  /** As `jest --maxWorkers` takes it. */
  readonly workers: string;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** One text for each failure: where, and the first lines of what was said. */
  failures: readonly string[];
}

/** Of jest's `--json` what is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    /** Why the file could not be run, or all failures of its tests. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const ROOT = process.cwd();
/** After its budget a suite may still take its lab down. */
const GRACE_MS = 20_000;
/** Of each failure; the whole text stands further up. */
const LINES_OF_FAILURE = 8;
/** Of suites that give way: a tenth of a core beside one that is busy, so that none of their tests starves. */
const GIVES_WAY = ['nice', '-n', '10'];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const { suites } = JSON.parse(readFileSync(join(ROOT, 'test/suites.json'), 'utf8')) as {
    suites: Suite[];
  };
  const unknown = wanted.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = suites.map((suite) => suite.name).join(', ');
    throw new Error(`unknown suite ${unknown.join(', ')}; suites are ${known}`);
  }
  const chosen = suites.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const lanes = [...new Set(chosen.map(({ lane }) => lane))].map((lane) =>
    chosen.filter((suite) => suite.lane === lane),
  );
  const counts = (await Promise.all(lanes.map((lane) => runLane(lane, lanes.length > 1)))).flat();
  const total = {
    passed: sum(counts.map(({ passed }) => passed)),
    failed: sum(counts.map(({ failed }) => failed)),
    skipped: sum(counts.map(({ skipped }) => skipped)),
    failures: counts.flatMap(({ failures }) => failures),
  };
  // A test that did not run has shown nothing; under CI that is a failure.
  if (total.failed > 0 || (process.env.CI === 'true' && total.skipped > 0)) process.exitCode = 1;
  if (total.passed === 0) process.exitCode = 1;
  // Which one the suite `freeswitch` was run against: nobody shall take recordings for the real thing.
  console.log(`FreeSWITCH: ${process.env.CRANKBACK_TEST_FREESWITCH ? 'real' : 'replayed'}`);
  for (const failure of total.failures) console.log(`failed: ${failure}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
}

/** @param beside whether another lane runs */
async function runLane(suites: readonly Suite[], beside: boolean): Promise<Counts[]> {
  const counts: Counts[] = [];
  for (const suite of suites) counts.push(await runSuite(suite, beside));
  return counts;
}

async function runSuite(
  { name, budgetSeconds, workers, lane }: Suite,
  beside: boolean,
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-test-'));
  const report = join(folder, 'report.json');
  const started = Date.now();
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const command = beside && lane === 'computes' ? [...GIVES_WAY] : [];
  command.push(process.execPath, jest, '--selectProjects', name, '--maxWorkers', workers);
  command.push('--json', '--outputFile', report);
  // What suites say that run at once is kept apart.
  const said = beside ? openSync(join(folder, 'said.txt'), 'w') : undefined;
  const { code, overrun } = await runBounded(command, budgetSeconds * 1000, said);
  const seconds = Math.round((Date.now() - started) / 1000);
  const counts = readCounts(name, report);
  if (said !== undefined) {
    closeSync(said);
    process.stderr.write(readFileSync(join(folder, 'said.txt')));
  }
  rmSync(folder, { recursive: true, force: true });
  const late = overrun ? `, over its budget of ${budgetSeconds} s` : '';
  // A suite that breaks before its first test, or is cut off, has failed at least once.
  if (overrun || (code !== 0 && counts.failed === 0)) {
    counts.failed += 1;
    counts.failures = [...counts.failures, `${name}: ended with ${code} after ${seconds} s${late}`];
  }
  console.log(
    `suite ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s${late}\n`,
  );
  return counts;
}

/** @param said an open file for what it says; otherwise that is shown as it comes */
function runBounded(
  [program = '', ...args]: readonly string[],
  limitMs: number,
  said: number | undefined,
): Promise<{ code: number; overrun: boolean }> {
  return new Promise((resolve, reject) => {
    // Jest's JSON report would also go to standard output; its readable one goes to standard error.
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', said ?? 'inherit'],
    });
    let overrun = false;
    const soft = setTimeout(() => {
      overrun = true;
      child.kill('SIGTERM');
    }, limitMs);
    const hard = setTimeout(() => child.kill('SIGKILL'), limitMs + GRACE_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(soft);
      clearTimeout(hard);
      resolve({ code: code ?? 1, overrun });
    });
  });
}

function readCounts(suite: string, file: string): Counts {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
  const failures = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const where = `${suite}: ${relative(ROOT, name)}`;
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length > 0) {
      return failed.map(
        (it) => `${where}: ${it.fullName}\n${beginning(it.failureMessages.join('\n'))}`,
      );
    }
    // A file that could not be run.
    return message === '' ? [] : [`${where}\n${beginning(message)}`];
  });
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function beginning(text: string): string {
  const lines = text.split('\n').slice(0, LINES_OF_FAILURE);
  return lines.map((line) => `  ${line}`).join('\n');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
