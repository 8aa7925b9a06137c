import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { titlePattern, type NamedTest } from './threat-model';

/** What jest says of one test. */
export interface Result {
  /** From the project's folder. */
  readonly file: string;
  /** Its own title and those of what it stands in. */
  readonly titles: readonly string[];
  readonly failed: boolean;
}

export interface Run {
  readonly results: readonly Result[];
  /** Files that could not even be loaded, with jest's message. */
  readonly broken: readonly string[];
  /** It was still running when its time was over. */
  readonly hung: boolean;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** Runs these tests alone. */
export async function runTests(
  folder: string,
  tests: readonly NamedTest[],
  limitMs: number,
): Promise<Run> {
  const report = join(folder, '.cache-report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const pattern = [...new Set(tests.map(({ title }) => titlePattern(title)))].join('|');
  const args = [
    join(folder, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', ...new Set(files.map((file) => file.split('/')[1] ?? ''))],
    ...['--runInBand', '--forceExit', '--json', '--outputFile', report],
    // Beside the copy's sources: nothing stays behind.
    ...['--cacheDirectory', join(folder, '.cache-jest')],
    ...['--testNamePattern', pattern],
    ...['--runTestsByPath', ...files],
  ];
  const hung = !(await ends(args, folder, limitMs));
  return { ...read(report, folder), hung };
}

/** Whether a test is one of those that the title names. */
export function isNamed({ file, titles }: Result, named: NamedTest): boolean {
  const pattern = new RegExp(`^${titlePattern(named.title)}$`, 's');
  return file === named.file && titles.some((title) => pattern.test(title));
}

/** Resolves to false for one that had to be ended. */
function ends(args: readonly string[], cwd: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => {
      killGroup(child.pid);
      resolve(false);
    }, limitMs);
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      killGroup(child.pid);
      resolve(true);
    });
  });
}

/** A test that fails may leave a service behind, which belongs to jest's own process group. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

function read(report: string, folder: string): Omit<Run, 'hung'> {
  let testResults: Report['testResults'];
  try {
    ({ testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report);
  } catch {
    return { results: [], broken: ['jest made no report'] };
  }
  return {
    results: testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed' || status === 'failed')
        .map(({ ancestorTitles, title, status }) => ({
          file: name.slice(folder.length + 1),
          titles: [...ancestorTitles, title],
          failed: status === 'failed',
        })),
    ),
    broken: testResults
      .filter(({ assertionResults }) => assertionResults.length === 0)
      .map(({ message }) => message),
  };
}
