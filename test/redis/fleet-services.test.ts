import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../../lab/redis/server';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';
import { redisProgram } from './programs';

const program = compileMain();
/** Of the recording. */
const LEG = '1795239432.7';
const MEMBERS = ['site-a', 'site-b'] as const;
type Member = (typeof MEMBERS)[number];

jest.setTimeout(120_000);

interface Service {
  readonly program: Program;
  readonly pbx: AriServer;
  /** Hunts of the calls that this instance knows. */
  hunts(): Promise<readonly string[]>;
  /** What `crankback why` prints. */
  why(hunt: string): Promise<string>;
}

let folder: string;
let redis: RedisServer;
const services = new Map<Member, Service>();
const programs: Program[] = [];
const pbxes: AriServer[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-fleet-services-'));
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`,
  );
  redis = await RedisServer.start(redisProgram());
  for (const member of MEMBERS) services.set(member, await start(member));
});
afterEach(async () => {
  for (const { process: child, ended } of programs.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  for (const pbx of pbxes.splice(0)) await pbx.stop();
  services.clear();
  await redis.kill();
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

async function start(member: Member): Promise<Service> {
  const pbx = await AriServer.start();
  pbxes.push(pbx);
  const port = await freePort();
  const service = startProgram(program.main, ['run'], {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: pbx.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: String(port),
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_LOG_FORMAT: 'json',
    CRANKBACK_JOURNAL_FILE: join(folder, `${member}.db`),
    CRANKBACK_REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    CRANKBACK_JOURNAL_FLEET: 'true',
    CRANKBACK_INSTANCE: member,
  });
  programs.push(service);
  await until(() => service.stdout.includes('crankback runs'));
  await untilAsync(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
  return {
    ...{ program: service, pbx },
    hunts: async () => {
      const { calls } = (await (await fetch(`http://127.0.0.1:${port}/calls`)).json()) as {
        readonly calls: readonly { readonly hunt: string }[];
      };
      return calls.map(({ hunt }) => hunt);
    },
    why: async (hunt) => {
      const env = { CRANKBACK_HTTP_PORT: String(port) };
      const command = startProgram(program.main, ['why', hunt], env);
      await command.ended;
      return command.stdout + command.stderr;
    },
  };
}

function of(member: Member): Service {
  const service = services.get(member);
  if (!service) throw new Error(`${member} does not run`);
  return service;
}

/** A call through a member's PBX that carrier-a is to be asked for. @returns its channel */
async function call(member: Member, index: number): Promise<string> {
  const { pbx } = of(member);
  const id = `${Math.floor(Date.now() / 1000)}.${index}`;
  const state = (Date.now() / 1000).toFixed(3);
  for (const event of recordedEvents('503').slice(0, 2))
    pbx.send(JSON.stringify(event).replaceAll(LEG, id).replaceAll('1795239432.947', state));
  await until(() => pbx.requests.some(({ path }) => path === `/channels/${id}/continue`));
  return id;
}

/** Waits until a member knows the calls of these channels. @returns their hunts */
async function known(member: Member, ids: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await untilAsync(async () => {
    found = (await of(member).hunts()).filter((hunt) => ids.some((id) => hunt.startsWith(id)));
    return found.length >= ids.length;
  });
  return found;
}

describe('two services that are seen as one', () => {
  it('show the calls of both at either one, each once, and why', async () => {
    const ids = [await call('site-a', 1), await call('site-b', 2)];
    for (const member of MEMBERS) {
      const hunts = await known(member, ids);
      expect(hunts).toHaveLength(2);
      for (const hunt of hunts) expect(await of(member).why(hunt)).toContain('carrier-a');
    }
  });

  it('decide on without Redis, and tell each other of what happened meanwhile when it is back', async () => {
    await redis.kill();
    const ids = [await call('site-a', 3), await call('site-b', 4)];
    await redis.startAgain();
    for (const member of MEMBERS) expect(await known(member, ids)).toHaveLength(2);
  });

  it('know the calls of one that was killed, and go on', async () => {
    const first = await call('site-a', 5);
    await known('site-b', [first]);
    const { process: child, ended } = of('site-a').program;
    child.kill('SIGKILL');
    await ended;
    const [hunt = ''] = await known('site-b', [first]);
    expect(await of('site-b').why(hunt)).toContain('carrier-a');
    await known('site-b', [await call('site-b', 6)]);
  });
});
