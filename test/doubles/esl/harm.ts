import { connect, createServer, type Server, type Socket } from 'node:net';

/** Accepts calls and reads, but sends only this much. */
export class Silent {
  calls = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(said: string) {
    this.server = createServer((socket) => {
      this.calls += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.resume();
      socket.write(said);
    });
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Sits between a FreeSWITCH and the observer; when armed, resets the connection in the middle of an event. */
export class Cutter {
  armed = false;
  cuts = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(target: { host: string; port: number }) {
    this.server = createServer({ noDelay: true }, (near) => {
      const far = connect({ ...target, noDelay: true });
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
      }
      near.pipe(far);
      far.on('data', (data: Buffer) => {
        if (!this.armed || !data.includes('text/event-json')) {
          near.write(data);
          return;
        }
        this.armed = false;
        this.cuts += 1;
        near.write(data.subarray(0, data.length / 2), () => near.resetAndDestroy());
        far.destroy();
      });
      far.on('close', () => near.end());
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
