import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { follow, shower, type Following } from '../../../src/cli/calls-follow';
import type { ListedCall } from '../../../src/cli/calls-text';
import { EXIT } from '../../../src/cli/exit';
import { NoAnswer } from '../../../src/cli/service-client';

const AT = Date.UTC(2026, 0, 31, 12);
const call = (hunt: string, more: Partial<ListedCall> = {}): ListedCall => ({
  ...{ hunt, pbx: 'asterisk', number: '030', startedAt: AT, attempts: 1, failures: 0 },
  ...{ fellBack: false, saved: false, outcome: 'dial', trunk: 'a', ...more },
});
const AWAY = new NoAnswer(EXIT.failed, ['http://h: no answer from crankback: refused']);

/** Follows a service that answers so, one answer a second; until there is none left. */
async function followed(answers: readonly (readonly ListedCall[] | Error)[], since?: number) {
  const shown: string[][] = [];
  const told: string[] = [];
  const asked: number[] = [];
  let time = AT;
  const left = [...answers];
  const world: Following = {
    ask: (path) => {
      asked.push(Number(new URLSearchParams(path.split('?')[1]).get('changed')) - AT);
      const answer = left.shift() ?? [];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ calls: answer });
    },
    show: (calls) => void shown.push(calls.map((one) => `${one.hunt} ${one.outcome}`)),
    tell: (line) => void told.push(line),
    rest: () => {
      time += 1000;
      return left.length > 0 ? Promise.resolve() : Promise.reject(new Error('over'));
    },
    now: () => time,
  };
  const ended = await follow(world, new URLSearchParams(), since).catch((error: Error) => error);
  return { shown, told, asked, ended: ended.message };
}

describe('calls that are followed', () => {
  it('are shown once, and again when they have changed', async () => {
    const { shown } = await followed([
      [call('1')],
      [call('1')],
      [call('2', { startedAt: AT + 5 }), call('1', { outcome: 'answered' })],
      [],
      [call('1', { outcome: 'answered', endedAt: AT + 9 })],
    ]);
    expect(shown).toEqual([['1 dial'], ['1 answered', '2 dial'], ['1 answered']]);
  });

  it('begin with --since, and each change is asked for while it may still be written', async () => {
    expect((await followed([[], [], []])).asked).toEqual([0, 0, 0]);
    const asked = await followed(
      Array.from({ length: 8 }, () => []),
      AT - 60_000,
    );
    expect(asked.asked).toEqual([-60_000, -5000, -4000, -3000, -2000, -1000, 0, 1000]);
  });

  it('wait for a service that is away, which is said once; nothing is missed', async () => {
    const { shown, told, asked } = await followed([
      ...[[call('1')], AWAY, AWAY, AWAY],
      [call('1', { outcome: 'answered' }), call('2')],
      AWAY,
    ]);
    expect(told).toEqual([
      'http://h: no answer from crankback: refused; asked again until it answers',
      'the service answers again',
      'http://h: no answer from crankback: refused; asked again until it answers',
    ]);
    expect(shown).toEqual([['1 dial'], ['1 answered', '2 dial']]);
    expect(new Set(asked)).toEqual(new Set([0]));
  });

  it('end where the service refuses what is asked', async () => {
    const refused = new NoAnswer(EXIT.usage, ['to: must be a number'], 400);
    expect((await followed([refused, [call('1')]])).ended).toBe('to: must be a number');
  });

  it('are bounded, and what is left out is said', async () => {
    const told: string[] = [];
    let pages = 0;
    const world: Following = {
      ask: () => Promise.resolve({ calls: [call(String(pages))], next: `${1000 - pages++}-1` }),
      ...{ show: () => undefined, tell: (line) => void told.push(line), now: () => AT },
      rest: () => Promise.reject(new Error('over')),
    };
    await expect(follow(world, new URLSearchParams(), undefined)).rejects.toThrow('over');
    expect([pages, told]).toEqual([5, ['more than 5 calls changed: the latest of them follow']]);
  });
});

describe('a followed call', () => {
  const lines = (flags: { json?: true; csv?: true }): string[] => {
    const written: string[] = [];
    const show = shower(flags, (line) => written.push(line));
    show([call('1', { number: '=1+1' })]);
    show([call('2', { number: '0123456789012345', class: 'busy' })]);
    return written;
  };

  it('is a row of a table, a line of JSON or of CSV', () => {
    const [head, row, ...rest] = lines({});
    expect(head).toMatch(/^STARTED +NUMBER +CALLER/);
    expect(row).toMatch(/^2026-01-31T12:00:00Z +=1\+1 +- +1 +a +- +dialling +1$/);
    expect(rest).toHaveLength(1);
    const json = lines({ json: true });
    expect(json.map((line) => (JSON.parse(line) as ListedCall).hunt)).toEqual(['1', '2']);
    expect(lines({ csv: true })).toEqual([
      expect.stringMatching(/^hunt,pbx,number/),
      expect.stringContaining("1,asterisk,'=1+1,"),
      expect.stringContaining('2,asterisk,0123456789012345,'),
    ]);
  });
});

describe('crankback calls --follow', () => {
  let server: Server;
  let child: ChildProcess;
  const folder = mkdtempSync(join(tmpdir(), 'crankback-follow-'));
  const program = join(folder, 'follow.js');
  const run = `require(${JSON.stringify(program)}).followCalls({ json: true }, new URLSearchParams())`;

  beforeAll(async () => {
    const entryPoints = ['src/cli/calls-follow.ts'];
    await build({ entryPoints, bundle: true, platform: 'node', outfile: program });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The command beside a service with one call that goes on. */
  async function started(): Promise<ChildProcess> {
    let asked = 0;
    server = createServer((_, response) => {
      response.end(JSON.stringify({ calls: [call('h', { attempts: ++asked })] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { CRANKBACK_HTTP_HOST: '127.0.0.1', CRANKBACK_HTTP_PORT: String(port) };
    child = spawn(process.execPath, ['-e', run], { env: { ...process.env, ...env } });
    return child;
  }

  afterEach(() => {
    child.kill('SIGKILL');
    server.close();
    server.closeAllConnections();
  });

  it.each([
    ['Ctrl-C', (one: ChildProcess) => void one.kill('SIGINT')],
    ['a closed pipe', (one: ChildProcess) => void one.stdout?.destroy()],
  ])(
    'is ended quietly by %s',
    async (_, end) => {
      const one = await started();
      let said = '';
      one.stderr?.on('data', (data: Buffer) => (said += data.toString()));
      await once(one.stdout!, 'data');
      end(one);
      const [code] = (await once(one, 'exit')) as [number | null];
      expect([code, said]).toEqual([0, '']);
    },
    60_000,
  );
});
