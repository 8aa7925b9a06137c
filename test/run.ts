/** `npm test`: every suite of suites.json within its budget, then what failed, and one line over all of them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

interface Suite {
  readonly name: string;
  readonly budgetSeconds: number;
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
  const total: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const suite of suites) {
    if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
    const counts = await runSuite(suite);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
    total.failures = [...total.failures, ...counts.failures];
  }
  // A test that did not run has shown nothing; under CI that is a failure.
  if (total.failed > 0 || (process.env.CI === 'true' && total.skipped > 0)) process.exitCode = 1;
  if (total.passed === 0) process.exitCode = 1;
  // Which one the suite `freeswitch` was run against: nobody shall take recordings for the real thing.
  console.log(`FreeSWITCH: ${process.env.CRANKBACK_TEST_FREESWITCH ? 'real' : 'replayed'}`);
  for (const failure of total.failures) console.log(`failed: ${failure}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
}

async function runSuite({ name, budgetSeconds, workers }: Suite): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-test-'));
  const report = join(folder, 'report.json');
  const started = Date.now();
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--selectProjects', name, '--maxWorkers', workers];
  args.push('--json', '--outputFile', report);
  const { code, overrun } = await runBounded(args, budgetSeconds * 1000);
  const seconds = Math.round((Date.now() - started) / 1000);
  const counts = readCounts(name, report);
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

function runBounded(args: string[], limitMs: number): Promise<{ code: number; overrun: boolean }> {
  return new Promise((resolve, reject) => {
    // Jest's JSON report would also go to standard output; its readable one goes to standard error.
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
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

function beginning(text: string): string {
  const lines = text.split('\n').slice(0, LINES_OF_FAILURE);
  return lines.map((line) => `  ${line}`).join('\n');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
