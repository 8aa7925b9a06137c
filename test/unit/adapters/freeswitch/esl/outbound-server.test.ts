import {
  OutboundServer,
  type WaitingCall,
} from '../../../../../adapters/freeswitch/esl/outbound-server';
import { EslCall } from '../../../../doubles/esl/server';
import { until } from '../../../../doubles/until';

const CALL = { 'Unique-ID': 'uuid-a', 'Event-Name': 'CHANNEL_DATA' };
let server: OutboundServer;
let handovers: WaitingCall[];
let dropped: string[];
const calls: EslCall[] = [];

async function listen(connections?: number) {
  handovers = [];
  dropped = [];
  server = new OutboundServer(
    {
      host: '127.0.0.1',
      port: 0,
      peers: ['127.0.0.1'],
      ...(connections !== undefined && { connections }),
    },
    {
      handover: (_, call) => handovers.push(call),
      dropped: (reason) => dropped.push(reason),
      gone: () => undefined,
    },
  );
  await server.listen();
}

async function open(from?: string): Promise<EslCall> {
  const call = await EslCall.open(server.port, from);
  calls.push(call);
  return call;
}

afterEach(async () => {
  for (const { socket } of calls.splice(0)) socket.destroy();
  await server.stop();
});

describe('the port for calls', () => {
  it('takes no more connections than there can be calls, and takes more once these have ended', async () => {
    await listen(3);
    const [first] = [await open(), await open(), await open()];
    await until(() => server.size === 3);
    const tooMany = await open();
    await until(() => tooMany.closed);
    expect(dropped).toEqual(['too-many-connections']);
    first?.socket.destroy();
    await until(() => server.size === 2);
    (await open()).data(CALL);
    await until(() => handovers.length === 1);
  });

  it('takes none of an address that is not a peer', async () => {
    await listen();
    const foreign = await open('127.0.0.2');
    await until(() => foreign.closed);
    expect(dropped).toEqual(['foreign-peer']);
  });

  it('ends a connection on which no handover comes', async () => {
    await listen();
    const silent = await open();
    await until(() => silent.closed);
    expect(dropped).toEqual(['silent-peer']);
  });

  it('ends a connection whose handover drips', async () => {
    await listen();
    const slow = await open();
    const dripping = setInterval(() => slow.socket.write('a'), 50);
    await until(() => slow.closed);
    clearInterval(dripping);
    expect(dropped).toHaveLength(1);
  });

  it('ends the connection of a call that has gone its own way', async () => {
    await listen();
    const call = await open();
    call.data(CALL);
    await until(() => handovers.length === 1);
    await until(() => call.closed);
    expect(handovers[0]?.isOver()).toBe(true);
  });
});
