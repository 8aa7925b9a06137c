import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../../src/alerts/message';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { Service } from '../doubles/service';
import { until } from '../doubles/until';
import { webhookReceiver } from '../doubles/webhook-receiver';

jest.setTimeout(120_000);

const program = compileMain();
let ari: AriServer;
let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let folder: string;
let service: Service | undefined;

beforeAll(async () => {
  ari = await AriServer.start();
  receiver = await webhookReceiver();
  folder = mkdtempSync(join(tmpdir(), 'crankback-alerts-'));
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
alerts:
  when: { degraded: off, pbx-gone: off }
  receivers: { noc: { webhook: "${receiver.url}" } }
`,
  );
});

afterAll(async () => {
  await service?.end('SIGKILL');
  await receiver.stop();
  await ari.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(program.folder, { recursive: true, force: true });
});

const start = async (): Promise<Service> =>
  (service = await Service.start(program.main, {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: ari.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_STATE_FILE: join(folder, 'state.json'),
  }));

const kept = (name: string): string => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** Which incidents the file says that a receiver knows. */
function toldOf(name: string): Readonly<Record<string, number>> {
  const text = kept('state.alerts.json');
  const { told = {} } = JSON.parse(text || '{}') as {
    readonly told?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  return told[name] ?? {};
}

const told = () =>
  receiver.posted
    .map(({ text }) => JSON.parse(text) as Message)
    .flatMap(({ incidents }) => incidents)
    .map(({ alert, course, subject, why }) => ({ alert, course, subject: subject.name, why }));

it('an incident is told once, also by a service that was killed since, while its receiver was away', async () => {
  const first = await start();
  receiver.answers.status = 503;
  expect(await first.hold('carrier-a', { why: 'works' })).toBe(200);
  await until(() => receiver.tried() > 0);
  expect(told()).toEqual([]);
  receiver.answers.status = 200;
  await until(() => told().length > 0);
  // Both files are written by themselves.
  await until(() => kept('state.json').includes('works') && Object.keys(toldOf('noc')).length > 0);
  await first.end('SIGKILL');

  const second = await start();
  expect(await second.hold('carrier-b', { why: 'more works' })).toBe(200);
  await until(() => told().some(({ subject }) => subject === 'carrier-b'));
  expect(told()).toEqual([
    expect.objectContaining({ alert: 'trunk-held', course: 'opened', subject: 'carrier-a' }),
    expect.objectContaining({ alert: 'trunk-held', course: 'opened', subject: 'carrier-b' }),
  ]);
  expect(told()[0]?.why).toContain('works');
});
