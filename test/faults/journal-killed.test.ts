import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';

const program = compileMain();
/** Of the recording. */
const LEG = '1795239432.7';
const CALLS_PER_SECOND = 100;
const SECONDS = 3;
/** Between a decision and its record, on a busy machine. Milliseconds. */
const SLACK_MS = 200;
const NOT_CLOSED = 'crankback ended without closing the journal';

jest.setTimeout(60_000);

let folder: string;
let server: AriServer;
const programs: Program[] = [];

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-journal-'));
  server = await AriServer.start();
  writeFileSync(
    join(folder, 'policy.yaml'),
    `version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`,
  );
});

afterEach(async () => {
  for (const { process: child, ended } of programs.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function running() {
  const port = await freePort();
  const service = startProgram(program.main, ['run'], {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: server.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: String(port),
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_LOG_FORMAT: 'json',
    CRANKBACK_JOURNAL_FILE: join(folder, 'journal.db'),
  });
  programs.push(service);
  await until(() => service.stdout.includes('crankback runs'));
  await untilAsync(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
  return {
    service,
    list: async () =>
      (await (await fetch(`http://127.0.0.1:${port}/calls?limit=1000`)).json()) as {
        readonly calls: readonly { readonly hunt: string }[];
        readonly missing?: readonly Readonly<Record<string, unknown>>[];
      },
    /** What `crankback calls` prints. */
    calls: async () => {
      const command = startProgram(program.main, ['calls'], { CRANKBACK_HTTP_PORT: String(port) });
      await command.ended;
      return command.stdout + command.stderr;
    },
    kill: async (signal: NodeJS.Signals) => {
      service.process.kill(signal);
      await service.ended;
    },
  };
}

/** New calls, a hundred a second. @returns when each was decided, by its channel; Unix time in milliseconds */
async function callsFor(seconds: number): Promise<ReadonlyMap<string, number>> {
  const [created, entered] = recordedEvents('503');
  const began = Date.now();
  const decided = new Map<string, number>();
  let looked = server.requests.length;
  const look = (): void => {
    for (const { path } of server.requests.slice(looked)) {
      const [, id] = /^\/channels\/([^/]+)\/continue$/.exec(path) ?? [];
      if (id !== undefined) decided.set(id, Date.now());
    }
    looked = server.requests.length;
  };
  for (let call = 0; call < seconds * CALLS_PER_SECOND; call++) {
    while (Date.now() - began < (call * 1000) / CALLS_PER_SECOND) await pause(1);
    const id = `${Math.floor(began / 1000)}.${call}`;
    const state = (Date.now() / 1000).toFixed(3);
    for (const event of [created, entered])
      server.send(JSON.stringify(event).replaceAll(LEG, id).replaceAll('1795239432.947', state));
    look();
  }
  await until(() => {
    look();
    return decided.size >= seconds * CALLS_PER_SECOND;
  });
  return decided;
}

describe('a crankback that is killed at 100 calls/s', () => {
  it('lacks less than a second of calls, and names the time in which they are missing', async () => {
    const first = await running();
    const decided = await callsFor(SECONDS);
    await first.kill('SIGKILL');
    const killedAt = Date.now();

    const second = await running();
    const { calls, missing = [] } = await second.list();
    const kept = new Set(calls.map(({ hunt }) => hunt.split('@')[0]));
    const lost = [...decided].filter(([id]) => !kept.has(id));
    expect(kept.size).toBeGreaterThan((SECONDS - 1) * CALLS_PER_SECOND);
    expect(lost.length).toBeLessThan(CALLS_PER_SECOND);
    expect(missing).toEqual([
      { since: expect.any(Number) as number, until: expect.any(Number) as number, why: NOT_CLOSED },
    ]);
    const { since, until: end } = missing[0] as { since: number; until: number };
    expect(killedAt - since).toBeLessThan(1000);
    expect(end).toBeGreaterThanOrEqual(killedAt);
    for (const [, at] of lost) expect(at).toBeGreaterThan(since - SLACK_MS);

    const named = `from ${new Date(since).toISOString()} until ${new Date(end).toISOString()}`;
    expect(await second.calls()).toContain(`records may be missing ${named}: ${NOT_CLOSED}`);
    expect(second.service.stdout).toMatch(/journal was not closed: calls may be missing/);
    expect(second.service.stdout).toContain(`"since":"${new Date(since).toISOString()}"`);
  });

  it('with nothing to write names the last second and not the whole night', async () => {
    const first = await running();
    await callsFor(1);
    // Some beats of a journal in which nothing happens.
    const quiet = 3_000;
    await pause(quiet);
    await first.kill('SIGKILL');
    const killedAt = Date.now();
    const second = await running();
    const { missing = [] } = await second.list();
    expect(missing).toHaveLength(1);
    expect(killedAt - Number(missing[0]?.['since'])).toBeLessThan(quiet - 500);
  });

  it('has written at a lower priority than decisions are made at', async () => {
    const { service } = await running();
    const tasks = `/proc/${service.process.pid}/task`;
    // proc(5): the nice value is the 19th field, the 17th after the name.
    const niceValues = () =>
      readdirSync(tasks).map((thread) =>
        Number(
          readFileSync(join(tasks, thread, 'stat'), 'latin1')
            .split(') ')[1]
            ?.split(' ')[16],
        ),
      );
    const lower = () => {
      const all = niceValues();
      return all.filter((one) => one === Math.min(...all) + 5).length;
    };
    // The thread starts beside the service.
    await until(() => lower() === 1);
  });

  it('and one that ends by itself lacks nothing, and names nothing', async () => {
    const first = await running();
    const decided = await callsFor(1);
    await first.kill('SIGTERM');
    const second = await running();
    const { calls, missing } = await second.list();
    expect(calls).toHaveLength(decided.size);
    expect(missing).toBeUndefined();
    expect(second.service.stdout).not.toContain('not closed');
    expect(await second.calls()).not.toContain('missing');
  });
});
