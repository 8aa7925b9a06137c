import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { SipCollector } from './collector';

/**
 * Holds the packets of two hundred calls in a burst while the event loop is busy; the kernel may grant
 * less.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface ListenerParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly collector: Pick<SipCollector, 'receive'>;
  /** The open socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

/** UDP socket for HEPv3. Never sends: HEP has no answers. */
export class HepListener {
  private socket: Socket | undefined;

  constructor(private readonly parts: ListenerParts) {}

  /** Opens the socket; resolves to the port in use, rejects if the address is not available. */
  start(): Promise<number> {
    const { host, port, collector, broken } = this.parts;
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    this.socket = socket;
    socket.on('message', (datagram) => collector.receive(datagram));
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        this.socket = undefined;
        socket.close();
        reject(error);
      };
      socket.once('error', failed);
      socket.bind(port, host, () => {
        socket.off('error', failed);
        socket.on('error', broken);
        resolve(socket.address().port);
      });
    });
  }

  /** Resolves when the socket is closed. */
  stop(): Promise<void> {
    const { socket } = this;
    this.socket = undefined;
    if (!socket) return Promise.resolve();
    return new Promise((resolve) => socket.close(() => resolve()));
  }
}
