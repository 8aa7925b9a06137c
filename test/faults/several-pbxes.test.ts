import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { ESL_PASSWORD, ESL_SECRET, EslServer } from '../doubles/esl/server';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';

const LEG = '1795239432.7';
const POLICY = `version: 1
emergency: []
trunks:
  carrier-a: { pbx: [berlin, hamburg], dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { pbx: berlin, dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { pbx: hamburg, dial: { asterisk: "PJSIP/{number}@carrier-c" } }
  gateway: { pbx: edge, dial: { freeswitch: "sofia/gateway/gateway/{number}" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-c, carrier-b, gateway] }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`;
const program = compileMain();

jest.setTimeout(60_000);

interface Hunt {
  readonly pbx: string;
  readonly attempts: readonly { readonly trunk: string; readonly sip?: number }[];
  readonly decisions: readonly {
    readonly outcome: { readonly trunk?: string };
    readonly passedOver?: readonly { readonly trunk: string; readonly why: string }[];
  }[];
}

let folder: string;
let berlin: AriServer;
let hamburg: AriServer;
let edge: EslServer;
const programs: Program[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-several-'));
  [berlin, hamburg] = await Promise.all([AriServer.start(), AriServer.start()]);
  edge = new EslServer();
  await edge.start();
  for (const server of [berlin, hamburg])
    server.channels = [{ id: LEG, name: 'PJSIP/caller-00000007', state: 'Ring' }];
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
});

afterEach(async () => {
  for (const { process: child, ended } of programs.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await Promise.all([berlin.stop(), hamburg.stop(), edge.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

async function crankback(): Promise<{
  readonly service: Program;
  readonly get: (path: string) => Promise<Record<string, unknown>>;
  readonly hunts: () => Promise<readonly Hunt[]>;
}> {
  const port = await freePort();
  const config = join(folder, 'crankback.yaml');
  const asterisk = (server: AriServer) =>
    `{ asterisk: { url: "${server.url}", user: ${USER}, password: ${PASSWORD} } }`;
  writeFileSync(
    config,
    `policy: ${join(folder, 'policy.yaml')}
http_port: ${port}
journal_file: off
state_file: off
log_format: json
pbxes:
  berlin: ${asterisk(berlin)}
  hamburg: ${asterisk(hamburg)}
  edge:
    freeswitch: { port: ${edge.port}, password: ${ESL_PASSWORD}, secret: ${ESL_SECRET}, listen_port: 0 }
`,
  );
  const service = startProgram(program.main, ['run', '--config', config], {});
  programs.push(service);
  await until(() => service.stdout.includes('crankback runs') || service.process.exitCode !== null);
  const get = async (path: string) =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<string, unknown>;
  return { service, get, hunts: async () => (await get('/hunts'))['hunts'] as readonly Hunt[] };
}

/** A 503 of carrier-a as recorded; each PBX gives its call the same name. */
async function failOver(server: AriServer): Promise<void> {
  const continued = () => server.requests.filter(({ path }) => path.endsWith('/continue')).length;
  const before = continued();
  for (const event of recordedEvents('503')) {
    server.send(event);
    const answers = continued() + (event.type === 'StasisStart' ? 1 : 0);
    await until(() => continued() >= answers);
  }
  await until(() => continued() >= before + 2);
}

/** Until nothing is wrong with these any more; the double of FreeSWITCH does not try its own way to us. */
const served = (get: (path: string) => Promise<Record<string, unknown>>, ...pbxes: string[]) =>
  untilAsync(async () => {
    const { reasons = [] } = (await get('/ready')) as { reasons?: readonly string[] };
    return !reasons.some((reason) => pbxes.some((pbx) => reason.startsWith(`${pbx}: `)));
  });

it('each PBX has its own trunks of one policy, and calls of one name are kept apart', async () => {
  const { get, hunts } = await crankback();
  await served(get, 'berlin', 'hamburg');
  await Promise.all([failOver(berlin), failOver(hamburg)]);
  await untilAsync(async () => (await hunts()).every(({ decisions }) => decisions.length === 2));

  const went = new Map((await hunts()).map((hunt) => [hunt.pbx, hunt]));
  expect([...went.keys()].sort()).toEqual(['berlin', 'hamburg']);
  for (const [pbx, trunk] of [
    ['berlin', 'carrier-b'],
    ['hamburg', 'carrier-c'],
  ] as const) {
    expect(went.get(pbx)?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 503 }]);
    expect(went.get(pbx)?.decisions.map(({ outcome }) => outcome.trunk)).toEqual([
      'carrier-a',
      trunk,
    ]);
  }
  expect(went.get('berlin')?.decisions[1]?.passedOver).toContainEqual({
    ...{ trunk: 'carrier-c', reason: 'elsewhere', why: 'is not a trunk of this PBX' },
  });
  const dialled = (server: AriServer) =>
    [...server.globals.keys()].filter((name) => name.startsWith('CRANKBACK_DIAL_')).sort();
  expect(dialled(berlin)).toEqual(['CRANKBACK_DIAL_carrier-a', 'CRANKBACK_DIAL_carrier-b']);
  expect(dialled(hamburg)).toEqual(['CRANKBACK_DIAL_carrier-a', 'CRANKBACK_DIAL_carrier-c']);
});

it('one that is set up wrongly is left out, named by its key, and taken in once it is in order', async () => {
  berlin.behaviour.password = 'another';
  const { get, hunts, service } = await crankback();
  await served(get, 'hamburg');
  await failOver(hamburg);
  expect((await hunts()).map(({ pbx }) => pbx)).toEqual(['hamburg']);
  expect((await get('/ready'))['reasons']).toContain(
    'berlin: pbxes.berlin.asterisk.user, pbxes.berlin.asterisk.password: Asterisk refused user "crankback" with this password; both must be as in ari.conf [CB3002]',
  );
  expect(berlin.upgrades).toEqual([]);

  berlin.behaviour.password = PASSWORD;
  await served(get, 'berlin');
  await failOver(berlin);
  await untilAsync(async () => (await hunts()).length === 2);
  await until(() => service.stdout.includes('PBX is served'));
});

it('one that dies leaves the others alone', async () => {
  const { get, hunts } = await crankback();
  await served(get, 'berlin', 'hamburg');
  await Promise.all([hamburg.stop(), edge.stop()]);
  await failOver(berlin);
  await untilAsync(async () => (await hunts()).length === 1);
  await untilAsync(async () => String((await get('/ready'))['reasons']).includes('hamburg: '));
});

it('a trunk for a PBX that is not there ends the start, by file and line', async () => {
  writeFileSync(join(folder, 'policy.yaml'), POLICY.replace('pbx: hamburg', 'pbx: hamburgh'));
  const { service } = await crankback();
  expect(await service.ended).toBe(2);
  expect(service.stderr).toContain(
    'policy.yaml:6: trunks.carrier-c.pbx: unknown PBX "hamburgh". Expected one of berlin, hamburg, edge [CB1218]',
  );
});
