import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { ESL_PASSWORD, ESL_SECRET, EslCall, EslServer } from '../doubles/esl/server';
import { compileMain } from '../doubles/main';
import { until } from '../doubles/until';

const POLICY = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a", freeswitch: "sofia/gateway/carrier-a/{number}" } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;
const program = compileMain();

jest.setTimeout(30_000);

let folder: string;
let asterisk: AriServer;
let freeswitch: EslServer;
let service: ChildProcess;
let stdout: string;
let stderr: string;

function crankback(env: Record<string, string>): void {
  service = spawn(process.execPath, [program.main, 'run'], {
    env: {
      PATH: process.env.PATH,
      CRANKBACK_LOG_FORMAT: 'json',
      CRANKBACK_HTTP_PORT: '0',
      CRANKBACK_JOURNAL_FILE: 'off',
      CRANKBACK_STATE_FILE: 'off',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  service.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  service.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
}

/** Connects as the dialplan would: the port is whatever the service was told. */
async function handOver(port: number, uuid: string): Promise<string> {
  const call = await EslCall.open(port);
  call.data({
    'Event-Name': 'CHANNEL_DATA',
    'Unique-ID': uuid,
    'Event-Date-Timestamp': '1795494000725690',
    'Channel-Name': 'sofia%2Flab%2Fcaller%40192.0.2.1',
    variable_crankback_contract: '1',
    variable_crankback_asked: 'uuid-1',
    variable_crankback_event: 'route',
    variable_crankback_number: '4930123',
    variable_crankback_state: '1%2F1795494000705690%2F%2F',
  });
  await until(() => call.received.includes('crankback_steps'));
  call.socket.destroy();
  return call.received;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-two-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  stdout = '';
  stderr = '';
  freeswitch = new EslServer();
  asterisk = await AriServer.start();
  await freeswitch.start();
});

afterEach(async () => {
  if (service.exitCode === null) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  await asterisk.stop();
  await freeswitch.stop();
  rmSync(folder, { recursive: true });
});

afterAll(() => rmSync(program.folder, { recursive: true }));

const settings = (port: number) => ({
  CRANKBACK_POLICY: join(folder, 'policy.yaml'),
  CRANKBACK_ESL_HOST: '127.0.0.1',
  CRANKBACK_ESL_PORT: String(freeswitch.port),
  CRANKBACK_ESL_PASSWORD: ESL_PASSWORD,
  CRANKBACK_ESL_SECRET: ESL_SECRET,
  CRANKBACK_ESL_LISTEN_PORT: String(port),
});

it('one process and one policy file serve an Asterisk and a FreeSWITCH', async () => {
  crankback({
    ...settings(18_392),
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
  });
  await until(() => (stdout.match(/"message":"connected"/g) ?? []).length === 2);
  for (const pbx of ['asterisk', 'freeswitch']) expect(stdout).toContain(`"pbx":"${pbx}"`);
  expect(await handOver(18_392, 'uuid-a')).toContain(
    'crankback_dial=sofia/gateway/carrier-a/4930123|',
  );
});

it('a FreeSWITCH alone needs no settings of an Asterisk', async () => {
  crankback(settings(18_393));
  await until(() => stdout.includes('"message":"connected"'));
  expect(await handOver(18_393, 'uuid-b')).toContain('crankback-answer/uuid-1/dial');
});

it('a trunk without a dial string for FreeSWITCH is refused at the start, by its key', async () => {
  writeFileSync(join(folder, 'policy.yaml'), POLICY.replace(/, freeswitch: "[^"]*"/, ''));
  crankback(settings(18_394));
  const [code] = (await once(service, 'exit')) as [number];
  expect(code).toBe(2);
  expect(stderr).toContain('trunks.carrier-a: no dial string for freeswitch');
});

it('a wrong password of FreeSWITCH is refused at the start, by its setting', async () => {
  crankback({ ...settings(18_395), CRANKBACK_ESL_PASSWORD: 'wrong' });
  const [code] = (await once(service, 'exit')) as [number];
  expect(code).toBe(2);
  expect(stderr).toContain('CRANKBACK_ESL_PASSWORD');
});
