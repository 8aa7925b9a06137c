import { createSocket } from 'node:dgram';
import { createMirror } from '../../../../adapters/hep/mirror';
import { encoded, packet, PBX, request, response } from '../../../doubles/sip';
import { until } from '../../../doubles/until';

function send(port: number, ...datagrams: Buffer[]): Promise<void> {
  const socket = createSocket('udp4');
  const sent = datagrams.map(
    (datagram) =>
      new Promise<void>((resolve, reject) =>
        socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
      ),
  );
  return Promise.all(sent).then(() => void socket.close());
}

describe('the collector on its socket', () => {
  const results: string[] = [];
  const mirror = createMirror({
    hep: { host: '127.0.0.1', port: 0 },
    counted: (result) => results.push(result),
    unheard: () => undefined,
    broken: (error) => {
      throw error;
    },
  });
  let port: number;
  beforeAll(async () => {
    port = await mirror.start();
  });
  afterAll(() => mirror.stop());

  it('joins what arrives, and survives what is no HEP', async () => {
    mirror.sentFrom('pbx', [PBX]);
    const waiting = mirror.awaitFinal('leg-b', { withinMs: 10_000, sip: 503 });
    await send(
      port,
      Buffer.from('GET / HTTP/1.1'),
      Buffer.alloc(0),
      encoded(packet(request('INVITE'))),
      encoded(packet(response('503 Service Unavailable'))),
    );
    await expect(waiting).resolves.toMatchObject({ kind: 'failed', evidence: { sip: 503 } });
    await until(() => results.length === 4);
    expect(results.toSorted()).toEqual(['joined', 'joined', 'not-hep3', 'not-hep3']);
    expect(mirror.size()).toMatchObject({ legs: 1, messages: 2 });
    expect(mirror.leg('leg-b')).toMatchObject({ kind: 'failed' });
  });

  it('says where an address cannot be had', async () => {
    const hep = { host: '127.0.0.1', port };
    const second = createMirror({
      hep,
      counted: () => undefined,
      unheard: () => undefined,
      broken: () => undefined,
    });
    await expect(second.start()).rejects.toThrow('EADDRINUSE');
    await second.stop();
  });
});
