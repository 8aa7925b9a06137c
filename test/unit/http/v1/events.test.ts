import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { serveV1 } from '../../../doubles/v1';

/** All that came by now ends so. */
async function until(socket: Socket, end: string): Promise<string> {
  let text = '';
  while (!text.endsWith(end)) text += String((await once(socket, 'data'))[0]);
  return text;
}

it('events are sent as they are, and end with their connection', async () => {
  const { server, live } = serveV1();
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [head = '', body] = (await until(socket, 'id: run-0\n\n')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    expect(head.toLowerCase()).toContain('\r\nconnection: close');
    expect(head.toLowerCase()).not.toContain('transfer-encoding');
    expect(body).toBe('retry: 2000\n\nid: run-0\n\n');
    live.record({ kind: 'hunt-ended', at: 0, pbx: 'asterisk', hunt: 'h1' });
    expect(await until(socket, '\n\n')).toBe(
      'id: run-1\nevent: hunt-ended\ndata: {"kind":"hunt-ended","at":"1970-01-01T00:00:00.000Z","pbx":"asterisk","hunt":"h1"}\n\n',
    );
    const closed = once(socket, 'close');
    live.stop();
    await closed;
  } finally {
    socket.destroy();
    await server.close();
  }
});
