import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';

const program = compileMain();
const POLICY = `version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;

jest.setTimeout(60_000);

let folder: string;
let asterisk: AriServer;
let port: number;
const services: Program[] = [];

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-log-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  asterisk = await AriServer.start();
  port = await freePort();
});

afterEach(async () => {
  for (const { process: child, ended } of services.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await asterisk.stop();
  rmSync(folder, { recursive: true, force: true });
});

function settings(): Record<string, string> {
  return {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: String(port),
    CRANKBACK_JOURNAL_FILE: 'off',
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_LOG_FORMAT: 'json',
  };
}

function run(stdout: 'pipe' | number, stderr: 'pipe' | number = 'pipe'): Program {
  const service = startProgram(program.main, ['run'], settings(), {
    stdio: ['ignore', stdout, stderr],
  });
  services.push(service);
  return service;
}

async function get(path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return response.text();
}

async function connected(): Promise<void> {
  await until(() => asterisk.accepted > 0);
  await untilAsync(async () => (await get('/ready')).includes('"ready":true'));
}

async function lost(): Promise<number> {
  const [, count] = /^crankback_log_lines_dropped_total (\d+)$/m.exec(await get('/metrics')) ?? [];
  return Number(count);
}

let calls = 0;

/** A call is handed over that cannot be read, which is logged with what it says, and gets its answer. */
async function isServed(says = ''): Promise<void> {
  calls += 1;
  const channel = { id: `1795239432.${calls}`, name: `PJSIP/${says}-00000001`, state: 'Ring' };
  const answer = `/channels/${channel.id}/continue`;
  asterisk.send({ type: 'StasisStart', args: [`9${says}`, 'route'], channel });
  await until(() => asterisk.requests.some(({ path }) => path === answer));
}

/** Far more is logged than may wait, 1 MiB. */
async function muchIsLogged(): Promise<void> {
  const calls = Array.from({ length: 10 }, () => 'x'.repeat(4_000));
  for (let round = 0; round < 50; round++) await Promise.all(calls.map(isServed));
}

/** Somebody else's child, which nobody may have waited for. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) Z /.test(readFileSync(path, 'utf8'));
}

/** Runs the service in a terminal; what is not read of the terminal's other end fills it. */
async function inTerminal(work: (terminal: ChildProcess, pid: number) => Promise<void>) {
  const pids = join(folder, 'pid');
  const command = `echo $$ > ${pids}; exec "${process.execPath}" "${program.main}" run`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env.PATH, SHELL: '/bin/sh', ...settings() },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let pid = 0;
  try {
    await connected();
    pid = Number(readFileSync(pids, 'utf8'));
    await work(terminal, pid);
  } finally {
    terminal.kill('SIGKILL');
    if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
}

async function endsInOrder(service: Program): Promise<void> {
  service.process.kill('SIGTERM');
  expect(await service.ended).toBe(0);
}

describe('the service goes on, calls are answered and SIGTERM ends it with code 0', () => {
  it('when the reader of its log is gone', async () => {
    const service = run('pipe');
    await connected();
    service.process.stdout?.destroy();
    for (let round = 0; round < 5; round++) {
      await isServed();
      // The next write meets the closed pipe.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await muchIsLogged();
    await isServed();
    await untilAsync(async () => (await lost()) > 0);
    await endsInOrder(service);
  });

  it('when its log is on a full disk from the start', async () => {
    const full = openSync('/dev/full', 'w');
    const service = run(full);
    closeSync(full);
    await connected();
    await muchIsLogged();
    await isServed();
    await untilAsync(async () => (await lost()) > 0);
    await endsInOrder(service);
    expect(service.stderr).toBe('');
  });

  it('when nobody reads its log; what is lost is counted, and said once when somebody does', async () => {
    const service = run('pipe');
    service.process.stdout?.pause();
    await connected();
    await muchIsLogged();
    await isServed();
    await untilAsync(async () => (await lost()) > 0);
    const missing = await lost();
    service.process.stdout?.resume();
    await until(() => service.stdout.includes('"message":"log lines lost"'));
    await isServed();
    await endsInOrder(service);
    const lines = service.stdout.trimEnd().split('\n');
    const told = lines
      .map((line) => JSON.parse(line) as { message: string; lines?: number })
      .filter(({ message }) => message === 'log lines lost');
    expect(told).toEqual([expect.objectContaining({ level: 'warn', why: 'slow' })]);
    expect(told[0]?.lines).toBeGreaterThanOrEqual(missing);
  });

  it('when nobody ever reads its log', async () => {
    const service = run('pipe');
    service.process.stdout?.pause();
    await connected();
    await muchIsLogged();
    await isServed();
    await endsInOrder(service);
  });

  it('when its terminal is stopped, as by Ctrl-S, and when it is gone', () =>
    inTerminal(async (terminal, pid) => {
      terminal.stdout?.pause();
      await muchIsLogged();
      await isServed();
      const over = once(terminal, 'exit');
      terminal.kill('SIGKILL');
      await over;
      await isServed('x'.repeat(4_000));
      process.kill(pid, 'SIGTERM');
      await until(() => !isAlive(pid));
    }));

  it('when its terminal stays stopped until after its end', () =>
    inTerminal(async (terminal, pid) => {
      terminal.stdout?.pause();
      await muchIsLogged();
      await isServed();
      process.kill(pid, 'SIGTERM');
      await until(() => !isAlive(pid));
    }));

  it('when standard error is gone or full as well', async () => {
    const full = openSync('/dev/full', 'w');
    const service = run(full, full);
    closeSync(full);
    await connected();
    await isServed();
    await endsInOrder(service);
  });
});

describe('an error at start ends with code 2', () => {
  const OUTPUTS: readonly (readonly [string, string])[] = [
    ['on a full disk', '"$0" "$1" run > /dev/full 2> /dev/full; echo $? >&3'],
    ['where nobody reads', '("$0" "$1" run 2>&1; echo $? >&3) | true'],
    ['with both outputs closed', '"$0" "$1" run >&- 2>&-; echo $? >&3'],
  ];
  const codeOf = (script: string, env: Readonly<Record<string, string>>) =>
    spawnSync('sh', ['-c', script, process.execPath, program.main], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
    }).output[3];

  it.each(OUTPUTS)('of the settings, also %s', (_, script) => {
    expect(codeOf(script, {})).toBe('2\n');
  });

  it.each(OUTPUTS)('of the policy, also %s', (_, script) => {
    writeFileSync(join(folder, 'policy.yaml'), 'version: 2\n');
    expect(codeOf(script, settings())).toBe('2\n');
  });
});

describe('a command', () => {
  it.each(['schema', 'explain 480', '--help'])(
    'crankback %s | head -1 says nothing of it',
    (args) => {
      const { stderr, stdout } = spawnSync(
        'sh',
        ['-c', `"$0" "$1" ${args} | head -c 1`, process.execPath, program.main],
        {
          encoding: 'utf8',
        },
      );
      expect(stdout).toHaveLength(1);
      expect(stderr).toBe('');
    },
  );
});
