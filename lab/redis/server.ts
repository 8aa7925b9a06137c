import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { RedisProgram } from '../provision/redis-server';

/** The kind of a server. */
export interface ServerKind {
  /** Its command line. */
  args(port: number): readonly string[];
  connect(port: number): Socket;
}

const IN_MEMORY = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];

const PLAIN: ServerKind = {
  args: (port) => ['--port', String(port), ...IN_MEMORY],
  connect: (port) => connect(port, '127.0.0.1'),
};

export function replicaOf(master: number): ServerKind {
  return { ...PLAIN, args: (port) => [...PLAIN.args(port), '--replicaof', `127.0.0.1 ${master}`] };
}

/** @param clients that it takes at once, as far as the limit of open files allows */
export function forMany(clients: number): ServerKind {
  const many = ['--maxclients', String(clients), '--tcp-backlog', '4096'];
  return { ...PLAIN, args: (port) => [...PLAIN.args(port), ...many] };
}

/** @param configFile the Sentinel rewrites it at run time */
export function sentinel(configFile: string): ServerKind {
  return { ...PLAIN, args: (port) => [configFile, '--sentinel', '--port', String(port)] };
}

/**
 * A node of a Redis Cluster, still without slots.
 * @param folder for its file of nodes
 * @param bus port on which nodes talk to each other
 */
export function clustered(folder: string, bus: number): ServerKind {
  const args = (port: number) => [
    ...[
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(bus),
      '--cluster-node-timeout',
      '1000',
    ],
    ...['--cluster-config-file', join(folder, `nodes-${port}.conf`)],
  ];
  return { ...PLAIN, args: (port) => [...PLAIN.args(port), ...args(port)] };
}

/** Accepts only TLS. */
export function encrypted(files: { key: string; certificate: string }, ca: Buffer): ServerKind {
  const { key, certificate } = files;
  const tls = ['--tls-cert-file', certificate, '--tls-key-file', key];
  const clients = ['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'];
  return {
    args: (port) => ['--port', '0', '--tls-port', String(port), ...tls, ...clients, ...IN_MEMORY],
    connect: (port) => connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost' }),
  };
}

/** A Redis for one test or bench: empty, on a free port of the loopback, without files on disk. */
export class RedisServer {
  private readonly children = new Set<ChildProcess>();

  private constructor(
    private readonly program: RedisProgram,
    readonly port: number,
    private readonly kind: ServerKind,
  ) {}

  static async start(program: RedisProgram, kind: ServerKind = PLAIN): Promise<RedisServer> {
    const server = new RedisServer(program, await freePort(), kind);
    try {
      await server.startAgain();
    } catch (error) {
      await server.kill();
      throw error;
    }
    return server;
  }

  /** Again on the same port, empty. */
  async startAgain(): Promise<void> {
    const child = spawn(this.program.path, this.kind.args(this.port), {
      argv0: this.program.argv0,
      stdio: 'ignore',
    });
    this.children.add(child);
    for (let attempt = 0; !(await this.answers()); attempt++) {
      if (hasEnded(child) || attempt > 500) {
        throw new Error(`${this.program.argv0} does not answer on port ${this.port}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = this.kind.connect(this.port);
      socket.write('PING\r\n');
      socket.on('data', (data) => {
        resolve(data.toString().startsWith('+PONG'));
        socket.destroy();
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
