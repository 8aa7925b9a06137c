import { createSocket, type Socket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import { ReconnectLoop } from '../../shared/reconnect-loop';
import type { Lookups } from './lookups';
import type { Way, WayReports } from './way';

/** Packets in the hands of the kernel at once. */
const MOST_IN_FLIGHT = 64;
/** A name may get another address. Milliseconds. */
const LOOK_AGAIN_MS = 60_000;
/** UDP says only that nobody listens, and not at every packet; without such a word for so long somebody does. */
const HEARD_NOTHING_MS = 5_000;

export interface UdpWayParts {
  readonly host: string;
  readonly port: number;
  readonly lookups: Lookups;
  readonly reports: WayReports;
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
}

/** Packets as datagrams, to the address that a name has now. */
export class UdpWay implements Way {
  private socket: Socket | undefined;
  private address: string | undefined;
  private inFlight = 0;
  private refusedAt: number | undefined;
  private readonly loop: ReconnectLoop;

  constructor(private readonly parts: UdpWayParts) {
    this.loop = new ReconnectLoop(() => this.look());
  }

  get isOpen(): boolean {
    return this.socket !== undefined && this.inFlight < MOST_IN_FLIGHT;
  }

  start(): void {
    this.loop.start();
  }

  send(packet: Buffer): void {
    const { socket } = this;
    if (!socket) return this.parts.reports.lost();
    this.inFlight += 1;
    socket.send(packet, (error) => {
      this.inFlight -= 1;
      if (error) this.refused(error);
      else this.heardNothing();
      this.parts.reports[error ? 'lost' : 'sent']();
      this.parts.reports.ready();
    });
  }

  stop(): void {
    this.loop.stop();
    this.socket?.close();
    this.socket = undefined;
  }

  private async look(): Promise<void> {
    const { host, lookups, reports } = this.parts;
    try {
      const address = await lookups.addressOf(host);
      if (this.loop.isStopped) return;
      if (address !== this.address) await this.open(address);
      this.loop.connected();
      if (isIP(host) === 0) this.loop.lost(LOOK_AGAIN_MS);
    } catch (error) {
      // The address that it had serves on.
      if (!this.socket) reports.down(whyOf(error));
      this.loop.lost();
    }
  }

  /** Connected: so the kernel needs no address for each packet, and tells that nobody listens. */
  private open(address: string): Promise<void> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      // Its callback has the error: `error` is then not emitted. Without a route there is one at once.
      socket.connect(this.parts.port, address, (error?: Error) => {
        socket.removeAllListeners('error');
        if (error) {
          socket.close();
          return reject(error);
        }
        if (this.loop.isStopped) return resolve(void socket.close());
        socket.on('error', (error) => this.refused(error));
        this.socket?.close();
        this.socket = socket;
        this.address = address;
        this.refusedAt = undefined;
        this.parts.reports.up();
        this.parts.reports.ready();
        resolve();
      });
    });
  }

  private refused(error: Error): void {
    this.refusedAt = this.parts.now();
    this.parts.reports.down(whyOf(error));
  }

  private heardNothing(): void {
    if (this.refusedAt === undefined || this.parts.now() - this.refusedAt < HEARD_NOTHING_MS)
      return;
    this.refusedAt = undefined;
    this.parts.reports.up();
  }
}

export function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
