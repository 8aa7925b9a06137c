/** The service under a stand-in of `systemd-notify`; test/package has a real systemd. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { pause, until } from '../doubles/until';

const POLICY = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
routes:
  - { digits: "*", trunks: [carrier-a] }
`;
const EVERY_MS = 100;

jest.setTimeout(60_000);

const program = compileMain();
let folder: string;
let server: AriServer;
let service: Program | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-systemd-'));
  server = await AriServer.start();
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const notify = join(folder, 'systemd-notify');
  writeFileSync(notify, `#!/bin/sh\necho "$NOTIFY_SOCKET $1" >> ${folder}/told\n`);
  chmodSync(notify, 0o755);
});

afterEach(async () => {
  service?.process.kill('SIGKILL');
  await service?.ended;
  service = undefined;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

function start(env: Readonly<Record<string, string>>): Program {
  service = startProgram(program.main, ['run'], {
    PATH: `${folder}:${process.env.PATH}`,
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: server.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: '0',
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_JOURNAL_FILE: 'off',
    ...env,
  });
  return service;
}

const UNDER_SYSTEMD = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: String(2 * EVERY_MS * 1_000) };

/** What systemd was told, in order. */
function told(): readonly string[] {
  const file = join(folder, 'told');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const signs = (): number => told().filter((line) => line === '/run/notify WATCHDOG=1').length;

/** Its helper's process, from the kernel. */
function helpers(of: Program): readonly number[] {
  const { pid } = of.process;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

describe('under systemd', () => {
  it('tells when it is ready, gives signs of life, and tells when it stops', async () => {
    const { process: child, ended } = start(UNDER_SYSTEMD);
    await until(() => signs() >= 3);
    expect(told()[0]).toBe('/run/notify READY=1');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await until(() => told().includes('/run/notify STOPPING=1'));
  });

  it('is ready also while its PBX is away', async () => {
    await server.stop();
    start(UNDER_SYSTEMD);
    await until(() => told().includes('/run/notify READY=1'));
  });

  it('gives no sign of life while it is frozen, so that systemd notices', async () => {
    const { process: child } = start(UNDER_SYSTEMD);
    await until(() => signs() >= 1);
    child.kill('SIGSTOP');
    // What was on its way to the helper.
    await pause(5 * EVERY_MS);
    const before = signs();
    await pause(10 * EVERY_MS);
    expect(signs()).toBe(before);
    child.kill('SIGCONT');
    await until(() => signs() > before);
  });

  it('takes another helper where one was killed', async () => {
    const running = start(UNDER_SYSTEMD);
    await until(() => signs() >= 1);
    const [helper = 0] = helpers(running);
    process.kill(helper, 'SIGKILL');
    await until(() => helpers(running).some((pid) => pid !== helper));
    const before = signs();
    await until(() => signs() > before);
  });

  it("leaves another process's watchdog alone", async () => {
    start({ ...UNDER_SYSTEMD, WATCHDOG_PID: '1' });
    await until(() => told().includes('/run/notify READY=1'));
    await pause(5 * EVERY_MS);
    expect(signs()).toBe(0);
  });
});

describe('without systemd', () => {
  it('starts no helper', async () => {
    const running = start({});
    await until(() => running.stdout.includes('crankback runs'));
    expect(helpers(running)).toEqual([]);
    expect(told()).toEqual([]);
  });
});

describe('crankback health', () => {
  it('says whether the service answers', async () => {
    const port = await freePort();
    const running = start({ CRANKBACK_HTTP_PORT: String(port) });
    await until(() => running.stdout.includes('crankback runs'));
    const ask = (at: number): string =>
      execFileSync(process.execPath, [program.main, 'health', '--http-port', String(at)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    expect(ask(port)).toBe('ok\n');
    running.process.kill('SIGKILL');
    await running.ended;
    expect(() => ask(port)).toThrow(/no answer from crankback/);
  });
});
