import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that hands everything on late, in order, in both directions. */
export class SlowProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private delayMs: number,
  ) {}

  static async start(targetPort: number, delayMs: number): Promise<SlowProxy> {
    const server = createServer();
    const proxy = new SlowProxy(server, delayMs);
    server.on('connection', (near) => {
      const far = connect(targetPort, '127.0.0.1');
      proxy.join(near, far);
      proxy.join(far, near);
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

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('data', (data) => setTimeout(() => to.writable && to.write(data), this.delayMs));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
