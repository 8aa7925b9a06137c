import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Link } from '../../../../../adapters/freeswitch/esl/connection';
import { until } from '../../../../doubles/until';

const MESSAGE_MS = 30;
let server: Server;
let peer: Socket;
let said: string[];
let ended: string | undefined;

beforeEach(async () => {
  [said, ended] = [[], undefined];
  server = createServer((socket) => {
    Link.accept(
      socket,
      { message: 1_000, messageMs: MESSAGE_MS },
      {
        message: ({ headers }) => said.push(headers['Event-Name'] ?? ''),
        dropped: () => undefined,
        closed: (why) => (ended = why),
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  peer.on('error', () => undefined);
});

afterEach(async () => {
  peer.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const MESSAGE = 'Content-Type: command/reply\nEvent-Name: CHANNEL_DATA\n\n';

describe('a connection', () => {
  it('ends where a message that has begun is not complete in time', async () => {
    peer.write(`${MESSAGE}Content-Type: `);
    await until(() => ended !== undefined);
    expect(ended).toBe(`a message not complete within ${MESSAGE_MS} ms`);
    expect(said).toEqual(['CHANNEL_DATA']);
  });

  it('may be silent between two messages', async () => {
    peer.write(MESSAGE);
    await until(() => said.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 3 * MESSAGE_MS));
    peer.write(MESSAGE);
    await until(() => said.length === 2);
    expect(ended).toBeUndefined();
  });
});
