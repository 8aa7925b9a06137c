import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ReconnectLoop } from '../../shared/reconnect-loop';
import type { Lookups } from './lookups';
import { whyOf } from './udp-way';
import type { Way, WayReports } from './way';

/** From the name to a connection in use. Milliseconds. */
const CONNECT_MS = 5_000;
/** A collector that takes nothing for so long, though there is something, is left. Milliseconds. */
const STALLED_MS = 30_000;
/** A connection that lasts so long is one: a collector that closes each at once is tried ever more seldom. Milliseconds. */
const STEADY_MS = 5_000;

export interface StreamWayParts {
  readonly host: string;
  readonly port: number;
  /** Absent: TCP. `ca`: certificates to trust in place of Node's own, PEM. */
  readonly tls?: { readonly ca?: string };
  readonly lookups: Lookups;
  readonly reports: WayReports;
  /** Before the next try, after so many failures in a row. Milliseconds. */
  readonly delay?: (failures: number) => number;
}

/** Packets one after the other over TCP or TLS, on a connection that is made again and again. */
export class StreamWay implements Way {
  private socket: Socket | undefined;
  private isConnected = false;
  private readonly loop: ReconnectLoop;

  constructor(private readonly parts: StreamWayParts) {
    this.loop = new ReconnectLoop(() => this.connect(), parts.delay);
  }

  get isOpen(): boolean {
    return this.isConnected && this.socket?.writableNeedDrain === false;
  }

  start(): void {
    this.loop.start();
  }

  send(packet: Buffer): void {
    this.socket?.write(packet, (error) => this.parts.reports[error ? 'lost' : 'sent']());
  }

  stop(): void {
    this.loop.stop();
    this.socket?.destroySoon();
  }

  private async connect(): Promise<void> {
    try {
      const address = await this.parts.lookups.addressOf(this.parts.host);
      if (!this.loop.isStopped) this.open(address);
    } catch (error) {
      this.parts.reports.down(whyOf(error));
      this.loop.lost();
    }
  }

  private open(address: string): void {
    const { reports } = this.parts;
    const socket = this.socketTo(address);
    this.socket = socket;
    let why: string | undefined;
    const late = setTimeout(() => socket.destroy(new Error('no connection in time')), CONNECT_MS);
    let steady: NodeJS.Timeout | undefined;
    socket.once(this.parts.tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      this.isConnected = true;
      steady = setTimeout(() => this.loop.connected(), STEADY_MS);
      reports.up();
      reports.ready();
    });
    socket.setTimeout(STALLED_MS, () => {
      if (socket.writableLength > 0) socket.destroy(new Error('takes nothing'));
    });
    socket.on('drain', reports.ready);
    // What it says is of no interest, but its end is noticed only by reading.
    socket.resume();
    socket.on('error', (error) => (why = whyOf(error)));
    socket.once('close', () => {
      clearTimeout(late);
      clearTimeout(steady);
      this.isConnected = false;
      this.socket = undefined;
      if (this.loop.isStopped) return;
      reports.down(why ?? 'closed by the collector');
      this.loop.lost();
    });
  }

  private socketTo(address: string): Socket {
    const { host, port, tls } = this.parts;
    if (!tls) return connectTcp({ host: address, port });
    return connectTls({
      ...{ host: address, port },
      // The certificate must be of what the operator wrote, whatever a resolver says.
      ...(isIP(host) === 0 && { servername: host }),
      ...(tls.ca !== undefined && { ca: tls.ca }),
      rejectUnauthorized: true,
    });
  }
}
