import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encrypted, RedisServer } from '../../lab/redis/server';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { until } from '../doubles/until';
import { redisProgram } from './programs';

const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
routes:
  - { digits: "*", trunks: [carrier-a] }
`;

jest.setTimeout(30_000);

const program = compileMain();
const folder = mkdtempSync(join(tmpdir(), 'crankback-tls-'));
const key = join(folder, 'key.pem');
const certificate = join(folder, 'certificate.pem');
const children: ChildProcess[] = [];
let redis: RedisServer;
/** Each instance runs beside a PBX of its own. */
const asterisks: AriServer[] = [];

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...subject, ...made], { stdio: 'pipe' });
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  const kind = encrypted({ key, certificate }, readFileSync(certificate));
  redis = await RedisServer.start(redisProgram(), kind);
});

afterAll(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  await Promise.all([redis.kill(), ...asterisks.map((asterisk) => asterisk.stop())]);
  for (const made of [folder, program.folder]) rmSync(made, { recursive: true, force: true });
});

/** The whole service, since Node reads its certificate authorities when it starts. */
async function crankback(env: Record<string, string>): Promise<() => string> {
  let output = '';
  const asterisk = await AriServer.start();
  asterisks.push(asterisk);
  const child = spawn(process.execPath, [program.main, 'run'], {
    env: {
      PATH: process.env.PATH,
      CRANKBACK_POLICY: join(folder, 'policy.yaml'),
      CRANKBACK_ARI_URL: asterisk.url,
      CRANKBACK_ARI_USER: USER,
      CRANKBACK_ARI_PASSWORD: PASSWORD,
      CRANKBACK_HTTP_PORT: '0',
      CRANKBACK_JOURNAL_FILE: 'off',
      CRANKBACK_STATE_FILE: 'off',
      CRANKBACK_REDIS_URL: `rediss://localhost:${redis.port}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  children.push(child);
  return () => output;
}

it('trunk health is shared through TLS with a certificate authority of one’s own', async () => {
  const output = await crankback({ NODE_EXTRA_CA_CERTS: certificate });
  await until(() => output().includes('trunk health is shared through Redis'));
});

it('a server that nobody vouches for is none, and the log says why', async () => {
  const output = await crankback({});
  await until(() => output().includes('Redis cannot be reached'));
  expect(output()).toContain('self-signed certificate');
  expect(output()).not.toContain('is shared through Redis');
});
