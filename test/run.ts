/** `npm test`: every suite of suites.json within its budget, and one line over all of them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
}

const ROOT = process.cwd();
/** After its budget a suite may still take its lab down. */
const GRACE_MS = 20_000;

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
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const suite of suites) {
    if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
    const counts = await runSuite(suite);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  // A test that did not run has shown nothing; under CI that is a failure.
  if (total.failed > 0 || (process.env.CI === 'true' && total.skipped > 0)) process.exitCode = 1;
  if (total.passed === 0) process.exitCode = 1;
  // Which one the suite `freeswitch` was run against: nobody shall take recordings for the real thing.
  console.log(`FreeSWITCH: ${process.env.CRANKBACK_TEST_FREESWITCH ? 'real' : 'replayed'}`);
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
  const counts = readCounts(report);
  rmSync(folder, { recursive: true, force: true });
  // A suite that breaks before its first test, or is cut off, has failed at least once.
  if (overrun || (code !== 0 && counts.failed === 0)) counts.failed += 1;
  const late = overrun ? `, over its budget of ${budgetSeconds} s` : '';
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

function readCounts(report: string): Counts {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const skipped = (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0);
    return { passed: results.numPassedTests ?? 0, failed: results.numFailedTests ?? 0, skipped };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
