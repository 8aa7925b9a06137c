/** The shipped example of rsyslog, in a real one that gets lines as journald forwards them. */
import { once } from 'node:events';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rsyslog } from '../../lab/provision/rsyslog';
import { until } from '../doubles/until';

const EXAMPLE = readFileSync(join(__dirname, '../../docs/logs/rsyslog.conf'), 'utf8');
const HELD = {
  ...{ level: 'warn', message: 'trunk held', trunk: 'carrier-a' },
  ...{ why: '5 faults: “full” \\u202e %msg% \\n', timestamp: '2026-01-31T12:00:00.000Z' },
};
const DECIDED = { level: 'info', message: 'decision', outcome: 'dial carrier-b' };
const LONG = { level: 'warn', message: 'long', trunk: 'b', why: 'x'.repeat(20_000) };

const { program, args, env } = JSON.parse(process.env.CRANKBACK_TEST_RSYSLOG ?? '') as Rsyslog;

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crankback-rsyslog-'))));
afterEach(async () => {
  if (running && running.exitCode === null) {
    running.kill();
    await once(running, 'exit');
  }
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** The arguments of one that has this in its main file, and writes into the test's folder. */
function argumentsOf(main: string): readonly string[] {
  const file = join(folder, 'rsyslog.conf');
  writeFileSync(
    file,
    [
      main,
      'module(load="imuxsock" SysSock.Use="off")',
      `input(type="imuxsock" Socket="${folder}/log")`,
      EXAMPLE.replaceAll('/var/log/', `${folder}/`),
    ].join('\n'),
  );
  return [...args, '-f', file, '-i', join(folder, 'pid')];
}

/** What a running one makes of these lines, by file; the last line is one that is no JSON. */
async function take(
  lines: readonly string[],
  main = '',
): Promise<Readonly<Record<string, string>>> {
  running = spawn(program, [...argumentsOf(main), '-n'], { env, stdio: 'ignore' });
  await until(() => existsSync(join(folder, 'log')));
  for (const line of [...lines, 'Killed'])
    spawnSync('logger', [
      '--socket',
      `${folder}/log`,
      '--size',
      '60k',
      '-t',
      'crankback',
      '--',
      line,
    ]);
  const read = (name: string): string => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  await until(() => read('crankback-other.log').includes('Killed'));
  return {
    lines: read('crankback.jsonl'),
    warnings: read('crankback-warnings.log'),
    other: read('crankback-other.log'),
  };
}

it('is in order', () => {
  const { status, stderr } = spawnSync(program, [...argumentsOf(''), '-N1'], {
    ...{ env, encoding: 'utf8' },
  });
  expect([status, stderr]).toEqual([0, expect.not.stringMatching(/error|warning/i)]);
  const broken = [...args, '-f', join(folder, 'none'), '-N1'];
  expect(spawnSync(program, broken, { env }).status).not.toBe(0);
});

it('keeps lines as they came, warnings by their fields, and loses none', async () => {
  const sent = [HELD, DECIDED].map((one) => JSON.stringify(one));
  const { lines = '', warnings, other = '' } = await take([...sent, JSON.stringify(LONG)]);
  expect(lines).toBe(`${sent.join('\n')}\n`);
  expect(warnings).toBe(`2026-01-31T12:00:00.000Z warn trunk held carrier-a ${HELD.why}\n`);
  // One of more than 8 KiB is cut, and no JSON any more.
  expect(other.split('\n')).toEqual([
    expect.stringMatching(/ crankback: \{"level":"warn","message":"long",.*xx$/),
    expect.stringMatching(/ crankback: Killed$/),
    '',
  ]);
});

it('keeps long lines whole where they are allowed', async () => {
  const { lines } = await take([JSON.stringify(LONG)], 'global(maxMessageSize="64k")');
  expect(lines).toBe(`${JSON.stringify(LONG)}\n`);
});
