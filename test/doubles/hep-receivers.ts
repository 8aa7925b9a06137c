import { createSocket } from 'node:dgram';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';

/** A HEP collector that keeps what it gets. */
export interface HepReceiver {
  readonly port: number;
  readonly received: () => Buffer;
  /** It stops to take anything, and takes it again. */
  readonly pause: (paused: boolean) => void;
  /** As if it was killed. */
  readonly kill: () => Promise<void>;
}

/** @param port 0 takes any free one */
export function udpReceiver(port = 0): Promise<HepReceiver> {
  const got: Buffer[] = [];
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.on('message', (message) => got.push(message));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, '127.0.0.1', () =>
      resolve({
        port: socket.address().port,
        received: () => Buffer.concat(got),
        pause: () => undefined,
        kill: () => new Promise((done) => socket.close(() => done())),
      }),
    );
  });
}

/** @param tls absent: without encryption */
export function streamReceiver(
  port = 0,
  tls?: { readonly key: string; readonly cert: string },
): Promise<HepReceiver> {
  const got: Buffer[] = [];
  const open = new Set<Socket>();
  let isPaused = false;
  const accept = (socket: Socket): void => {
    open.add(socket);
    if (isPaused) socket.pause();
    socket.on('data', (chunk) => got.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const server: Server = tls ? createTls(tls, accept) : createTcp(accept);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        received: () => Buffer.concat(got),
        pause: (paused) => {
          isPaused = paused;
          for (const socket of open) socket[paused ? 'pause' : 'resume']();
        },
        kill: () => {
          for (const socket of open) socket.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      }),
    );
  });
}
