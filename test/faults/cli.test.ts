import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents } from '../doubles/captures';
import { compileMain } from '../doubles/main';
import { until } from '../doubles/until';
import { messagesOf } from '../doubles/whole-calls';

const program = compileMain();
const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`;

jest.setTimeout(30_000);

interface Run {
  readonly process: ReturnType<typeof spawn>;
  readonly ended: Promise<number | NodeJS.Signals>;
  stdout: string;
  stderr: string;
}

let folder: string;
let server: AriServer;
const runs: Run[] = [];

function crankback(args: readonly string[], env: Record<string, string | undefined> = {}): Run {
  const child = spawn(process.execPath, [program.main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: Run = {
    process: child,
    ended: once(child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    ),
    stdout: '',
    stderr: '',
  };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  runs.push(run);
  return run;
}

/** Settings of a service that starts. */
function settings(): Record<string, string | undefined> {
  return {
    CRANKBACK_POLICY: file('policy.yaml', POLICY),
    CRANKBACK_ARI_URL: server.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_HTTP_PORT: '0',
    CRANKBACK_JOURNAL_FILE: 'off',
    CRANKBACK_STATE_FILE: 'off',
    CRANKBACK_LOG_FORMAT: 'json',
  };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-cli-'));
  server = await AriServer.start();
});

afterEach(async () => {
  for (const { process: child, ended } of runs.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the service with something wrong; it must end by itself with code 2. */
async function refused(env: Record<string, string | undefined>, args: string[] = []): Promise<Run> {
  const run = crankback(['run', ...args], { ...settings(), ...env });
  expect(await run.ended).toBe(2);
  expect(run.stdout).not.toContain('crankback runs');
  expect(server.accepted).toBe(0);
  return run;
}

describe('the service does not start, ends with code 2 and says', () => {
  it('which variables are missing, the ARI password among them', async () => {
    const { stderr } = await refused({
      CRANKBACK_POLICY: undefined,
      CRANKBACK_ARI_PASSWORD: undefined,
    });
    expect(stderr.split('\n')).toEqual([
      'CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file [CB2001]',
      expect.stringMatching(/^CRANKBACK_ARI_PASSWORD: missing/),
      '',
    ]);
  });

  it('that the ARI password is wrong, without repeating it', async () => {
    const { stderr } = await refused({ CRANKBACK_ARI_PASSWORD: 'hunter2' });
    expect(stderr).toMatch(/CRANKBACK_ARI_PASSWORD: Asterisk refused user "crankback"/);
    expect(stderr).not.toContain('hunter2');
  });

  it('that Asterisk has no PJSIPHangup()', async () => {
    server.behaviour.version = '20.5.2';
    const { stderr } = await refused({});
    expect(stderr).toMatch(/^Asterisk 20\.5\.2 has no PJSIPHangup\(\)/);
  });

  it('that the ARI user may only read', async () => {
    server.behaviour.readOnly = true;
    const { stderr } = await refused({});
    expect(stderr).toMatch(/^CRANKBACK_ARI_USER: user "crankback" may only read/);
  });

  it('that another instance is there; with --take-over it starts', async () => {
    server.behaviour.taken = true;
    const { stderr } = await refused({});
    expect(stderr).toMatch(/^CRANKBACK_ARI_URL: another instance has .* with --take-over/);
    const run = crankback(['run', '--take-over'], {
      ...settings(),
      CRANKBACK_HTTP_PORT: '0',
      CRANKBACK_LOG_FORMAT: 'json',
    });
    await until(() => run.stdout.includes('"message":"connected"'));
  });

  it('that its port is in use', async () => {
    const port = new URL(server.url).port;
    const { stderr } = await refused({ CRANKBACK_HTTP_PORT: port });
    expect(stderr).toMatch(/CRANKBACK_HTTP_PORT: cannot listen there: .*EADDRINUSE/);
  });

  it('that an option is unknown', async () => {
    const { stderr } = await refused({}, ['--polices', 'x']);
    expect(stderr).toMatch(/unknown option '--polices'/);
  });

  it('where the policy is broken: unknown trunk, unknown key, key twice, wrong type, all at once', async () => {
    const path = file(
      'broken.yaml',
      `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" }, first_respons: 4s }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" }, ring_timeout: long }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-x] }
emergency: [110]
`,
    );
    const { stderr } = await refused({ CRANKBACK_POLICY: path });
    const places = stderr.split('\n').filter((line) => line.startsWith(path));
    expect(places).toEqual([
      expect.stringMatching(/:4:64: .*unknown key "first_respons".*"first_response"/),
      expect.stringMatching(/:5:78: .*not a duration: "long"/),
      expect.stringMatching(/:7:40: .*unknown trunk "carrier-x"/),
      expect.stringMatching(/:8:1: .*"emergency"/),
    ]);
  });

  it('that the policy is not there', async () => {
    const { stderr } = await refused({}, ['--policy', join(folder, 'none.yaml')]);
    expect(stderr).toMatch(/none\.yaml:1:1: .*ENOENT/);
  });
});

describe('crankback check', () => {
  it('finds nothing wrong with a policy in order: code 0', async () => {
    const run = crankback(['check', file('policy.yaml', POLICY)]);
    expect(await run.ended).toBe(0);
    expect(run.stdout).toMatch(/in order \(2 trunks, 1 route, 0 rules\)/);
  });

  it('shows what is wrong: code 2', async () => {
    const run = crankback(['check', file('broken.yaml', POLICY.replace('[112]', '[one]'))]);
    expect(await run.ended).toBe(2);
    expect(run.stderr).toMatch(/broken\.yaml:2:13: .*not an emergency number: "one"/);
    expect(run.stdout).toBe('');
  });
});

describe('crankback explain --sip', () => {
  const [invite = '', refusal = ''] = messagesOf({
    answers: [{ status: '488 Not Acceptable Here', sdp: 'audio 3\na=rtpmap:3 GSM/8000' }],
  });

  it('tells a call with the remedies of the trunk’s own PBX and endpoint, and what the policy does', async () => {
    const run = crankback([
      ...['explain', '--sip', file('call.txt', invite + refusal)],
      ...['--policy', file('policy.yaml', POLICY)],
    ]);
    expect(await run.ended).toBe(0);
    expect(run.stderr).toBe('');
    expect(run.stdout).toContain('Asterisk: pjsip.conf [carrier-a]: allow=!all,gsm');
    expect(run.stdout).not.toContain('FreeSWITCH');
    expect(run.stdout).toMatch(/the caller gets 488\s+built-in/);
  });

  it('says what is missing: code 2', async () => {
    const run = crankback(['explain', '--sip', file('call.txt', invite)]);
    expect(await run.ended).toBe(2);
    expect(run.stderr).toContain('call.txt:1: this INVITE has no response here');
    expect(run.stdout).toBe('');
  });

  it('reads standard input', async () => {
    const run = crankback(['explain', '--pbx', 'freeswitch', '--sip']);
    expect(await run.ended).toBe(2);
    expect(run.stderr).toMatch(/^standard input:1: nothing there/);
  });
});

describe('the service', () => {
  /** A service that runs and is connected, and its own HTTP address. */
  async function running(env: Record<string, string | undefined> = {}): Promise<Run> {
    const run = crankback(['run'], { ...settings(), ...env });
    await until(() => run.stdout.includes('"message":"connected"'));
    return run;
  }

  it('makes plans void once a changed policy is in force: until then they are made by the one before', async () => {
    await running();
    server.requests.splice(0);
    file('policy.yaml', POLICY.replace('[carrier-a, carrier-b]', '[carrier-b, carrier-a]'));
    const told = () =>
      server.requests.flatMap(({ query: { variable = '' } }) =>
        ['CRANKBACK_POLICY', 'CRANKBACK_GENERATION'].includes(variable) ? [variable] : [],
      );
    await until(() => told().includes('CRANKBACK_GENERATION'));
    expect(told()).toEqual(['CRANKBACK_POLICY', 'CRANKBACK_GENERATION']);
  });

  it('carries a recorded 503 to the next trunk, and SIGTERM ends it with code 0', async () => {
    server.channels = [{ id: '1795239432.7', name: 'PJSIP/caller-00000007', state: 'Ring' }];
    const run = await running();
    const continued = () => server.requests.filter(({ path }) => path.endsWith('/continue'));
    for (const event of recordedEvents('503')) {
      server.send(event);
      // A dialplan goes on when it has its answer.
      const answers = continued().length + (event.type === 'StasisStart' ? 1 : 0);
      await until(() => continued().length >= answers);
    }
    await until(() => continued().length >= 2);
    // Of an attempt with a plan: its name and the epoch stand first.
    const place = (extension = '') => extension.slice(extension.lastIndexOf('.') + 1);
    expect(
      continued().map(({ path, query }) => [path, query.context, place(query.extension)]),
    ).toEqual([
      ['/channels/1795239432.7/continue', 'crankback-plan', '*carrier-a'],
      // By the PBX's clock, which is the recording's: start_within has not passed.
      ['/channels/1795239432.7/continue', 'crankback-dial', '*carrier-b'],
    ]);
    await until(() => run.stdout.includes('"outcome":"dial carrier-b"'));
    run.process.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(run.stdout).toContain('"message":"stopped"');
    expect(run.stderr).toBe('');
  });

  it('starts without its PBX, says that it is not ready, and connects when the PBX comes', async () => {
    await server.stop();
    const probe = net.createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as net.AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const run = crankback(['run'], { ...settings(), CRANKBACK_HTTP_PORT: String(port) });
    await until(() => run.stdout.includes('not connected'));
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status;
    expect(await ready()).toBe(503);
    await server.listen();
    await until(() => run.stdout.includes('"message":"connected"'));
    expect(await ready()).toBe(200);
  });

  it('starts with a PBX that has no ARI yet, and names the variable in case it never will', async () => {
    server.behaviour.rest = { status: 404, body: { message: 'Not Found' } };
    const run = crankback(['run'], settings());
    await until(() => run.stdout.includes('CRANKBACK_ARI_URL: there is a web server, but no ARI'));
    server.behaviour.rest = 'answer';
    await until(() => run.stdout.includes('"message":"connected"'));
  });

  it.each<[string, Partial<AriServer['behaviour']>]>([
    ['answers nothing', { rest: 'hang' }],
    ['hangs behind its first answer', { apiDocs: 'hang' }],
    ['hangs in place of the WebSocket', { upgrade: 'hang' }],
  ])('ends by SIGTERM with code 0 also while its PBX %s', async (_, behaviour) => {
    Object.assign(server.behaviour, behaviour);
    const run = crankback(['run'], settings());
    await until(() => run.stdout.includes('crankback runs'));
    await until(() => server.requests.length > 1);
    run.process.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('says at its start which version it is', async () => {
    const run = crankback(['run'], settings());
    await until(() => run.stdout.includes('crankback runs'));
    const line = run.stdout.split('\n').find((one) => one.includes('crankback runs'));
    expect(line).toMatch(/"version":"\d+\.\d+\.\d+, commit \S+, .*, Node \d+\./);
  });

  it('survives its PBX, and whatever comes instead of events', async () => {
    const run = await running();
    server.send('nonsense');
    server.send({ type: 'NoSuchEvent' });
    server.send({ type: 'StasisStart', args: ['9', 'route'], channel: { id: '1', name: 'x' } });
    server.send({ type: 'StasisStart', args: 'route', channel: null });
    await until(() => server.requests.some(({ path }) => path === '/channels/1/continue'));
    server.reset();
    await until(() => run.stdout.split('"message":"connected"').length > 2);
    expect(run.stdout).toContain('contract version');
    run.process.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });
});
