import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { compileMain } from '../doubles/main';
import { freePort, startProgram, type Program } from '../doubles/program';
import { until, untilAsync } from '../doubles/until';

const program = compileMain();
const LEG = '1795239432.7';
/** In the recording it is 200. */
const NUMBER = '0301234567';
const MASKED = '03******67';
/** A rule of its own, so that its line can be looked for. */
const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } } # the rule of that day
`;

jest.setTimeout(60_000);

let folder: string;
let server: AriServer;
const programs: Program[] = [];

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-journal-'));
  server = await AriServer.start();
  server.channels = [{ id: LEG, name: 'PJSIP/caller-00000007', state: 'Ring' }];
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
});

afterEach(async () => {
  for (const { process: child, ended } of programs.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The service beside the ARI double, and what an operator asks of it. */
async function running(env: Record<string, string> = {}) {
  const port = await freePort();
  const settings = {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: server.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: String(port),
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_LOG_FORMAT: 'json',
    CRANKBACK_JOURNAL_FILE: join(folder, 'journal.db'),
    ...env,
  };
  const service = startProgram(program.main, ['run'], settings);
  programs.push(service);
  await until(() => service.stdout.includes('crankback runs'));
  await untilAsync(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
  const get = async (path: string) =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Record<string, never>;
  return {
    service,
    get,
    warnings: async () => String((await get('/ready'))['warnings']),
    calls: async () =>
      (await get('/calls'))['calls'] as unknown as { hunt: string; failures: number }[],
    /** A command's output, once it has ended. */
    command: async (...args: string[]) => (await ended(port, args)).said,
    /** The same with its exit code. */
    ended: (...args: string[]) => ended(port, args),
    kill: async (signal: NodeJS.Signals) => {
      service.process.kill(signal);
      await service.ended;
    },
  };
}

async function ended(port: number, args: readonly string[]) {
  const run = startProgram(program.main, args, { CRANKBACK_HTTP_PORT: String(port) });
  await run.ended;
  return { said: run.stdout + run.stderr, code: run.process.exitCode };
}

/** A 503 of carrier-a as recorded; the call goes on to carrier-b. */
async function failOver(): Promise<void> {
  const continued = () => server.requests.filter(({ path }) => path.endsWith('/continue')).length;
  const before = continued();
  for (const recorded of recordedEvents('503')) {
    const event = JSON.parse(
      JSON.stringify(recorded).replaceAll(/\b200\b/g, NUMBER),
    ) as typeof recorded;
    server.send(event);
    const answers = continued() + (event.type === 'StasisStart' ? 1 : 0);
    await until(() => continued() >= answers);
  }
  await until(() => continued() >= before + 2);
}

describe('the journal', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'tells after %s and a new start what happened before, by the policy of then',
    async (signal) => {
      const first = await running();
      await failOver();
      await untilAsync(async () => (await first.calls())[0]?.failures === 1);
      await first.kill(signal);
      writeFileSync(
        join(folder, 'policy.yaml'),
        POLICY.replace('503', '502').replace('that', 'this'),
      );

      const { calls, command } = await running();
      const [call] = await calls();
      expect(call).toMatchObject({ trunk: 'carrier-b', attempts: 2, failures: 1 });
      const list = await command(
        'calls',
        '--since',
        '2026-01-01',
        '--trunk',
        'carrier-a',
        '--sip',
        '503',
      );
      expect(list).toContain(call?.hunt);
      expect(await command('calls', '--sip', '486')).not.toContain(call?.hunt);
      const why = await command('why', call?.hunt ?? '', '--explain');
      expect(why).toMatch(
        /<- carrier-a: 503 Service Unavailable\n.*trunk-congested[^]*-> dial carrier-b[^]*policy\.yaml:9 .*the rule of that day/,
      );
      expect(why).toContain('passed over: carrier-a (tried by this call)');
      expect(await command('why', 'unknown')).toContain('the journal has no such call');
    },
  );

  it('belongs to one crankback: a second one records in memory and says so', async () => {
    const first = await running();
    await failOver();
    await untilAsync(async () => (await first.calls()).length === 1);
    const other = await AriServer.start();
    const second = await running({ CRANKBACK_ARI_URL: other.url });
    await untilAsync(async () =>
      (await second.warnings()).includes('belongs to another crankback'),
    );
    expect(await second.calls()).toEqual([]);
    expect(await first.calls()).toHaveLength(1);
    expect(await first.warnings()).not.toContain('journal');
    await other.stop();
  });

  it('in a folder that is not there is kept in memory, which is said once', async () => {
    const { calls, warnings, service } = await running({
      CRANKBACK_JOURNAL_FILE: join(folder, 'nowhere/journal.db'),
    });
    await failOver();
    await untilAsync(async () => (await calls())[0]?.failures === 1);
    expect(await warnings()).toMatch(
      /kept in memory only: \S+journal\.db cannot be used \(.*ENOENT.*Expected a file in a folder that this user may write to/,
    );
    // The log has a way of its own to the reader: it may come after the answer.
    await until(() => service.stdout.includes('kept in memory only'));
    expect(service.stdout.match(/kept in memory only/g)).toHaveLength(1);
  });

  it('that is damaged is put aside, and calls go on', async () => {
    writeFileSync(join(folder, 'journal.db'), 'x'.repeat(10_000));
    const { calls, service } = await running();
    await failOver();
    await untilAsync(async () => (await calls())[0]?.failures === 1);
    await until(() => service.stdout.includes('journal was damaged, a new one is begun'));
    expect(readdirSync(folder).some((name) => name.startsWith('journal.db.damaged-'))).toBe(true);
  });

  it('has no number that is masked, neither in the file nor in answers', async () => {
    const { calls, command, kill } = await running({ CRANKBACK_MASK_NUMBERS: 'true' });
    await failOver();
    await untilAsync(async () => (await calls())[0]?.failures === 1);
    expect(await command('calls', '--json')).toContain(`"number": "${MASKED}"`);
    expect(await command('calls', '--to', NUMBER)).toContain(MASKED);
    await kill('SIGKILL');
    const bytes = ['', '-wal'].map((part) =>
      readFileSync(join(folder, `journal.db${part}`), 'latin1'),
    );
    expect(bytes.join('')).toContain(MASKED);
    expect(bytes.join('')).not.toContain(NUMBER);
  });

  it('is replayed by a draft: what would have gone elsewhere, and an exit code for it', async () => {
    const { calls, command, ended: run } = await running();
    await failOver();
    await untilAsync(async () => (await calls())[0]?.failures === 1);
    const [call] = await calls();
    const draft = join(folder, 'draft.yaml');
    const replay = (...more: string[]) =>
      run('replay', '--policy', draft, '--since', '2026-01-01', '--until', '2099-01-01', ...more);

    writeFileSync(draft, POLICY.replace('that day', 'tomorrow'));
    expect(await replay()).toMatchObject({
      code: 0,
      said: expect.stringContaining('1 go the same way, 0 would have gone elsewhere') as string,
    });

    writeFileSync(draft, POLICY.replace('retry: next-trunk', 'relay: true'));
    const differs = await replay();
    expect(differs.code).toBe(3);
    expect(differs.said).toMatch(
      /carrier-a failed: dial carrier-b -> relay 503\n.*policy\.yaml:9 -> .*draft\.yaml:9\n/,
    );
    expect(differs.said).toContain(`such as ${call?.hunt}`);
    expect(JSON.parse((await replay('--json')).said)).toMatchObject({
      ...{ calls: 1, decisions: 2, same: 0, differing: 1, limited: false },
      differences: [{ failed: 'carrier-a', calls: 1, examples: [call?.hunt] }],
    });

    writeFileSync(draft, POLICY.replace('503', '5x'));
    expect(await replay()).toMatchObject({
      code: 2,
      said: expect.stringContaining('draft.yaml:9:') as string,
    });
    expect(
      (await run('replay', '--policy', join(folder, 'policy.yaml'), '--since', 'x')).code,
    ).toBe(2);
    expect(await command('replay', '--policy', draft, '--since', 'x')).toContain(
      '--since: unexpected "x". Expected 30m',
    );
  });

  it('with masked numbers cannot be replayed, and no success is made of that', async () => {
    const { calls, ended: run } = await running({ CRANKBACK_MASK_NUMBERS: 'true' });
    await failOver();
    await untilAsync(async () => (await calls())[0]?.failures === 1);
    const policy = join(folder, 'policy.yaml');
    const asked = ['--policy', policy, '--since', '2026-01-01', '--until', '2099-01-01'];
    const { said, code } = await run('replay', ...asked);
    expect(said).toContain('1  its numbers are masked');
    expect(said).not.toContain(NUMBER);
    expect(code).toBe(1);
  });
});
