import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { RedisProgram } from '../provision/redis-server';

/** A Redis of its own for a test or a bench: empty, on a free port of the loopback, nothing kept on disk. */
export class RedisServer {
  private readonly children = new Set<ChildProcess>();

  private constructor(
    private readonly program: RedisProgram,
    readonly port: number,
  ) {}

  static async start(program: RedisProgram): Promise<RedisServer> {
    const server = new RedisServer(program, await freePort());
    await server.startAgain();
    return server;
  }

  /** On the same port, empty. */
  async startAgain(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''];
    const child = spawn(this.program.path, [...args, '--appendonly', 'no', '--dir', '/tmp'], {
      argv0: this.program.argv0,
      stdio: 'ignore',
    });
    this.children.add(child);
    for (let attempt = 0; !(await answers(this.port)); attempt++) {
      if (hasEnded(child) || attempt > 500) {
        throw new Error(`${this.program.argv0} does not answer on port ${this.port}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  freeze(): void {
    for (const child of this.children) child.kill('SIGSTOP');
  }

  thaw(): void {
    for (const child of this.children) child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const running = [...this.children].filter((child) => !hasEnded(child));
    this.children.clear();
    await Promise.all(
      running.map(async (child) => {
        const exit = once(child, 'exit');
        child.kill('SIGKILL');
        await exit;
      }),
    );
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.on('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}
