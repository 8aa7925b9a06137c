import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { recordingsOf } from './versions';

/** Bytes that passed the tee, one character each (Latin-1). */
export interface Chunk {
  /** `observer`; `call-1`, `call-2`, … in order of opening; or `hep`, one datagram of mirrored SIP. */
  readonly on: string;
  readonly from: 'freeswitch' | 'crankback';
  readonly bytes: string;
}

/** Name of the mirrored SIP among the connections. */
const HEP = 'hep';

export interface Recording {
  /** Hash of the dialplan and the commands that the recording was made with. */
  readonly hash: string;
  readonly chunks: readonly Chunk[];
}

/** The first line is the hash, each further line a chunk. */
export function readRecording(version: string, name: string): Recording {
  const [first = '', ...rest] = readFileSync(fileOf(version, name), 'utf8').trim().split('\n');
  const { hash } = JSON.parse(first) as { hash: string };
  return { hash, chunks: rest.map((line) => JSON.parse(line) as Chunk) };
}

export function writeRecording(version: string, name: string, { hash, chunks }: Recording): void {
  const lines = [{ hash }, ...chunks].map((line) => JSON.stringify(line));
  const file = fileOf(version, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}

function fileOf(version: string, name: string): string {
  return join(recordingsOf(version, 'esl'), `${name}.jsonl`);
}

/** Sits between a real FreeSWITCH and crankback: forwards everything and records it. */
export class Tee {
  readonly chunks: Chunk[] = [];
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private calls = 0;
  private hep: UdpSocket | undefined;

  /** Opens a port that forwards its connections to `target`. */
  async open(
    port: number,
    kind: 'observer' | 'call',
    target: () => { host: string; port: number },
  ): Promise<number> {
    const server = createServer({ noDelay: true }, (near) => {
      const on = kind === 'observer' ? kind : `call-${(this.calls += 1)}`;
      const far = connect({ ...target(), noDelay: true });
      const nearIs = kind === 'observer' ? 'crankback' : 'freeswitch';
      this.join(near, far, on, nearIs);
      this.join(far, near, on, nearIs === 'crankback' ? 'freeswitch' : 'crankback');
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return (server.address() as { port: number }).port;
  }

  /** Opens a UDP port for mirrored SIP, which goes on to another port of this machine. */
  async openHep(port: number, target: number): Promise<void> {
    const socket = createSocket('udp4');
    this.hep = socket;
    socket.on('message', (datagram) => {
      this.chunks.push({ on: HEP, from: 'freeswitch', bytes: datagram.toString('latin1') });
      socket.send(datagram, target, '127.0.0.1');
    });
    await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.hep?.close();
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((one) => new Promise((resolve) => one.close(resolve))));
  }

  private join(source: Socket, sink: Socket, on: string, from: Chunk['from']): void {
    this.sockets.add(source);
    source.on('data', (data) => {
      this.chunks.push({ on, from, bytes: data.toString('latin1') });
      sink.write(data);
    });
    source.on('error', () => undefined);
    source.on('close', () => sink.end());
  }
}

/** How a recording's bytes are cut on the way: TCP promises nothing about that. */
export type Cut = 'as recorded' | 'fragmented' | 'coalesced';

/** Where crankback listens. */
export interface Ports {
  readonly handoverPort: number;
  /** For mirrored SIP. */
  readonly hepPort?: number | undefined;
}

/** Plays FreeSWITCH's part of a recording, and compares crankback's byte by byte. */
export class Player {
  private readonly server: Server;
  private readonly sockets = new Map<string, Socket>();
  private readonly received = new Map<string, string>();
  private readonly hep = createSocket('udp4');

  constructor(
    private readonly chunks: readonly Chunk[],
    private readonly cut: Cut,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => this.take('observer', socket));
  }

  /** Opens FreeSWITCH's own event socket for crankback. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as { port: number }).port;
  }

  /** Rejects if crankback sends other bytes than recorded, or none. */
  async play(ports: Ports): Promise<void> {
    for (const { on, from, bytes } of this.prepared()) {
      if (from === 'crankback') await this.expect(on, bytes, ports.handoverPort);
      else await this.send(on, bytes, ports);
    }
  }

  async close(): Promise<void> {
    this.hep.close();
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private prepared(): readonly Chunk[] {
    if (this.cut !== 'coalesced') return this.chunks;
    const merged: Chunk[] = [];
    for (const chunk of this.chunks) {
      const last = merged.at(-1);
      const same = last?.on === chunk.on && last.from === chunk.from && chunk.on !== HEP;
      if (last && same) merged[merged.length - 1] = { ...last, bytes: last.bytes + chunk.bytes };
      else merged.push(chunk);
    }
    return merged;
  }

  private async send(on: string, bytes: string, { handoverPort, hepPort }: Ports): Promise<void> {
    if (on === HEP) return this.mirror(Buffer.from(bytes, 'latin1'), hepPort);
    const socket = await this.socketOf(on, handoverPort);
    const whole = Buffer.from(bytes, 'latin1');
    const size = this.cut === 'fragmented' ? 97 : Math.max(1, whole.length);
    for (let at = 0; at < whole.length; at += size) {
      await new Promise((resolve) => socket.write(whole.subarray(at, at + size), resolve));
      await turn();
    }
  }

  /** Datagrams are never cut. */
  private async mirror(datagram: Buffer, port: number | undefined): Promise<void> {
    if (port === undefined) throw new Error('mirrored SIP is recorded, and crankback takes none');
    await new Promise((resolve) => this.hep.send(datagram, port, '127.0.0.1', resolve));
    await turn();
  }

  private async expect(on: string, bytes: string, handoverPort: number): Promise<void> {
    await this.socketOf(on, handoverPort);
    const limit = Date.now() + 5_000;
    while ((this.received.get(on) ?? '').length < bytes.length && Date.now() < limit) await turn();
    const got = this.received.get(on) ?? '';
    if (!got.startsWith(bytes)) {
      throw new Error(
        `${on}: crankback sent ${JSON.stringify(got)}, recorded was ${JSON.stringify(bytes)}: record again`,
      );
    }
    this.received.set(on, got.slice(bytes.length));
  }

  private async socketOf(on: string, handoverPort: number): Promise<Socket> {
    const limit = Date.now() + 5_000;
    if (on !== 'observer' && !this.sockets.has(on)) {
      const socket = connect({ port: handoverPort, host: '127.0.0.1', noDelay: true });
      this.take(on, socket);
    }
    while (!this.sockets.has(on)) {
      if (Date.now() > limit) throw new Error(`${on}: crankback did not connect`);
      await turn();
    }
    return this.sockets.get(on)!;
  }

  private take(on: string, socket: Socket): void {
    this.sockets.set(on, socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      this.received.set(on, (this.received.get(on) ?? '') + data.toString('latin1'));
    });
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
