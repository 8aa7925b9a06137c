import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { SipCollector } from './collector';
import { handleOf } from './socket-handle';
import { Together } from './together';

/**
 * Holds the packets of two hundred calls in a burst while the event loop is busy; the kernel may grant
 * less.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export interface ListenerParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly collector: Pick<SipCollector, 'receive' | 'receiveAll' | 'readFrom'>;
  /** The open socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

/** UDP socket for HEPv3. Never sends: HEP has no answers. */
export class HepListener {
  private socket: Socket | undefined;
  private together: Together | undefined;

  constructor(private readonly parts: ListenerParts) {}

  /** Opens the socket; resolves to the port in use, rejects if the address is not available. */
  start(): Promise<number> {
    const { host, port, collector, broken } = this.parts;
    const socket = createSocket({
      type: isIPv6(host) ? 'udp6' : 'udp4',
      recvBufferSize: RECEIVE_BUFFER_BYTES,
    });
    this.socket = socket;
    socket.on('message', (datagram) => {
      if (this.together) this.together.woken(datagram);
      else collector.receive(datagram);
    });
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
        this.readTogether(socket);
        resolve(socket.address().port);
      });
    });
  }

  /** A Node that does not let us reads each datagram by itself, as ever. */
  private readTogether(socket: Socket): void {
    const handle = handleOf(socket);
    if (!handle) return;
    const { collector, broken } = this.parts;
    this.together = new Together({
      handle,
      bufferBytes: socket.getRecvBufferSize(),
      take: (datagrams) => collector.receiveAll(datagrams),
      broken,
    });
    collector.readFrom(this.together);
  }

  /** Resolves when the socket is closed. */
  stop(): Promise<void> {
    const { socket } = this;
    this.together?.close();
    this.socket = undefined;
    if (!socket) return Promise.resolve();
    return new Promise((resolve) => socket.close(() => resolve()));
  }
}
