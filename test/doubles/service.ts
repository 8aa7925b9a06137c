import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { pause } from './until';

/** For a machine that is busy with other tests. */
const LIMIT_MS = 60_000;
const TOKEN = 'a-token-of-the-tests';

/** A trunk as `GET /trunks` shows it, as far as tests ask. */
interface ShownTrunk {
  readonly trunk: string;
  readonly phase: string;
  readonly hold?: { readonly why: string; readonly until?: number };
}

/** The whole service in a process of its own, and what an operator does with it. */
export class Service {
  output = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  /** @param main the compiled program; resolves when it listens */
  static async start(main: string, env: Record<string, string>): Promise<Service> {
    const port = await freePort();
    const child = spawn(process.execPath, [main, 'run'], {
      env: {
        PATH: process.env.PATH,
        CRANKBACK_HTTP_PORT: String(port),
        CRANKBACK_HTTP_TOKEN: TOKEN,
        CRANKBACK_LOG_FORMAT: 'json',
        CRANKBACK_JOURNAL_FILE: 'off',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const service = new Service(child, port);
    await service.reaches('its start', () => service.output.includes('crankback runs'));
    return service;
  }

  private get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.isOver) return;
    this.child.kill(signal);
    await this.reaches('its end', () => this.isOver);
  }

  async hold(trunk: string, body: { readonly why: string; readonly forMs?: number }) {
    return this.post(`/trunks/${trunk}/hold`, body);
  }

  async clear(trunk: string) {
    return this.post(`/trunks/${trunk}/clear`, {});
  }

  async get(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.port}${path}`);
  }

  async trunk(name: string): Promise<ShownTrunk | undefined> {
    const response = await fetch(`http://127.0.0.1:${this.port}/trunks`);
    const { trunks } = (await response.json()) as { trunks: ShownTrunk[] };
    return trunks.find(({ trunk }) => trunk === name);
  }

  /** What `/ready` warns of. */
  async warnings(): Promise<readonly string[]> {
    const response = await fetch(`http://127.0.0.1:${this.port}/ready`);
    return ((await response.json()) as { warnings: string[] }).warnings;
  }

  private async reaches(what: string, condition: () => boolean): Promise<void> {
    const limit = Date.now() + LIMIT_MS;
    while (!condition()) {
      if (this.isOver) throw new Error(`ended before ${what}: ${this.output}`);
      if (Date.now() > limit) throw new Error(`never reached ${what}: ${this.output}`);
      await pause(20);
    }
  }

  private async post(path: string, body: object): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
