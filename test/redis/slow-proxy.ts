import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that hands everything on late, in order, in both directions. */
export class SlowProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param delayMs how late what the first, second… connection carries is handed on */
  static async start(
    targetPort: number,
    delayMs: (connection: number) => number,
  ): Promise<SlowProxy> {
    const server = createServer();
    const proxy = new SlowProxy(server);
    let connections = 0;
    server.on('connection', (near) => {
      const late = delayMs(connections++);
      const far = connect(targetPort, '127.0.0.1');
      proxy.join(near, far, late);
      proxy.join(far, near, late);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(from: Socket, to: Socket, delayMs: number): void {
    this.sockets.add(from);
    from.on('data', (data) => setTimeout(() => to.writable && to.write(data), delayMs));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
