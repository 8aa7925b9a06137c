import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { Service } from '../doubles/service';
import { until } from '../doubles/until';

const policy = (trunks: readonly string[]) => `version: 1
emergency: [112]
trunks:
${trunks.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes:
  - { digits: "*", trunks: [${trunks.join(', ')}] }
`;

jest.setTimeout(120_000);

const program = compileMain();
let ari: AriServer;
let folder: string;
let services: Service[] = [];

beforeAll(async () => void (ari = await AriServer.start()));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-holds-'));
  write('policy.yaml', policy(['carrier-a', 'carrier-b']));
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.end('SIGKILL')));
  services = [];
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await ari.stop();
  rmSync(program.folder, { recursive: true, force: true });
});

const STATE = 'state.json';
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);
const kept = () => (existsSync(at(STATE)) ? readFileSync(at(STATE), 'utf8') : '');

async function start(env: Record<string, string> = {}): Promise<Service> {
  const service = await Service.start(program.main, {
    CRANKBACK_POLICY: at('policy.yaml'),
    CRANKBACK_ARI_URL: ari.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_JOURNAL_FILE: 'off',
    CRANKBACK_STATE_FILE: at(STATE),
    ...env,
  });
  services.push(service);
  return service;
}

describe('a trunk that an operator has held', () => {
  it('is held after the service was killed, and after it was ended', async () => {
    const first = await start();
    expect(await first.hold('carrier-a', { why: 'maintenance' })).toBe(200);
    await until(() => kept().includes('maintenance'));
    await first.end('SIGKILL');
    const second = await start();
    expect(await second.trunk('carrier-a')).toMatchObject({
      phase: 'held',
      hold: { why: 'maintenance' },
    });
    await second.hold('carrier-b', { why: 'for an hour', forMs: 3_600_000 });
    const before = await second.trunk('carrier-b');
    // Not a moment to write it before the end.
    await second.end('SIGTERM');
    const third = await start();
    expect(await third.trunk('carrier-a')).toMatchObject({ phase: 'held' });
    const after = await third.trunk('carrier-b');
    expect(after).toMatchObject({ phase: 'held', hold: { why: 'for an hour' } });
    expect(Math.abs((after?.hold?.until ?? 0) - (before?.hold?.until ?? 0))).toBeLessThan(60_000);
    // Nothing is left beside it.
    await third.end('SIGTERM');
    expect(readdirSync(folder).sort()).toEqual(['policy.yaml', STATE]);
  });

  it('is not held any more once it was cleared, its time has passed or the policy has lost it', async () => {
    const first = await start();
    await first.hold('carrier-a', { why: 'cleared' });
    await first.clear('carrier-a');
    await first.hold('carrier-b', { why: 'for a moment', forMs: 1 });
    await first.end('SIGTERM');
    const second = await start();
    expect(await second.trunk('carrier-a')).toMatchObject({ phase: 'closed' });
    expect(await second.trunk('carrier-b')).toMatchObject({ phase: 'closed' });
    await second.hold('carrier-b', { why: 'to be renamed' });
    await second.end('SIGTERM');
    write('policy.yaml', policy(['carrier-a', 'carrier-c']));
    const third = await start();
    expect(third.output).toContain('holds forgotten');
    await third.end('SIGTERM');
    expect(kept()).not.toContain('carrier-b');
  });
});

it('a file that is no state is set aside, named in the log, and the service goes on', async () => {
  write(STATE, '{"version":1,"holds":[{"trunk":');
  const first = await start();
  expect(first.output).toContain(JSON.stringify(at(`${STATE}.bad`)));
  expect(readFileSync(at(`${STATE}.bad`), 'utf8')).toContain('{"trunk":');
  await first.hold('carrier-a', { why: 'afterwards' });
  await until(() => kept().includes('afterwards'));
});

it.each([
  ['a folder that is not there', 'none/state.json'],
  ['no plain file', 'folder.json'],
])('%s for it is one warning, and holds work as long as the service runs', async (_name, path) => {
  mkdirSync(at('folder.json'));
  const service = await start({ CRANKBACK_STATE_FILE: at(path) });
  await until(() => service.output.includes('do not survive a restart'));
  await service.hold('carrier-a', { why: 'all the same' });
  expect(await service.trunk('carrier-a')).toMatchObject({ phase: 'held' });
  expect((await service.warnings()).join()).toContain('do not survive a restart');
  await service.end('SIGTERM');
  expect(service.output.split('do not survive a restart')).toHaveLength(2);
});
