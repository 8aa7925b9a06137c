import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../../lab/redis/server';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { Service } from '../doubles/service';
import { pause, until } from '../doubles/until';
import { redisProgram } from './programs';

const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`;

// `until` says what it waited for; it must come first, also on a busy machine.
jest.setTimeout(180_000);

const program = compileMain();
/** Each instance runs beside a PBX of its own. */
const asterisks = new Map<string, AriServer>();
let redis: RedisServer;
let folder: string;
let services: Service[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-restart-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  redis = await RedisServer.start(redisProgram());
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.end('SIGKILL')));
  services = [];
  await redis.kill();
  await Promise.all([...asterisks.values()].map((asterisk) => asterisk.stop()));
  asterisks.clear();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

const stateFile = (name: string) => join(folder, `${name}.json`);

/** @param name of the instance, which its state file has */
async function start(name: string): Promise<Service> {
  const asterisk = asterisks.get(name) ?? (await AriServer.start());
  asterisks.set(name, asterisk);
  const service = await Service.start(program.main, {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_JOURNAL_FILE: 'off',
    CRANKBACK_STATE_FILE: stateFile(name),
    CRANKBACK_REDIS_URL: `redis://127.0.0.1:${redis.port}`,
  });
  services.push(service);
  return service;
}

const shared = (service: Service) => until(() => service.output.includes('is shared'));

async function becomes(service: Service, trunk: string, phase: string): Promise<void> {
  const limit = Date.now() + 20_000;
  while ((await service.trunk(trunk))?.phase !== phase) {
    if (Date.now() > limit) throw new Error(`${trunk} never ${phase}`);
    await pause(20);
  }
}

it('what was said at another instance while this one was away wins over its file', async () => {
  const [first, second] = [await start('first'), await start('second')];
  await Promise.all([shared(first), shared(second)]);
  await first.hold('carrier-a', { why: 'cleared later' });
  await becomes(second, 'carrier-a', 'held');
  await first.end('SIGTERM');
  expect(readFileSync(stateFile('first'), 'utf8')).toContain('carrier-a');
  await second.clear('carrier-a');
  await second.hold('carrier-b', { why: 'said meanwhile' });
  const again = await start('first');
  await shared(again);
  await becomes(again, 'carrier-a', 'closed');
  await becomes(again, 'carrier-b', 'held');
  await pause(1500);
  expect(await second.trunk('carrier-a')).toMatchObject({ phase: 'closed' });
});

it('a hold outlives a Redis that was emptied, with every instance restarted', async () => {
  const first = await start('first');
  await shared(first);
  await first.hold('carrier-a', { why: 'for good' });
  await first.end('SIGTERM');
  await redis.kill();
  const alone = await start('first');
  expect(await alone.trunk('carrier-a')).toMatchObject({
    phase: 'held',
    hold: { why: 'for good' },
  });
  expect((await alone.warnings()).join()).toContain('Redis cannot be reached');
  await redis.startAgain();
  await shared(alone);
  const late = await start('second');
  await shared(late);
  await becomes(late, 'carrier-a', 'held');
  await late.clear('carrier-a');
  await becomes(alone, 'carrier-a', 'closed');
});
