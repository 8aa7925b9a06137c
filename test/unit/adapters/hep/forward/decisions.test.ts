import { createMirror } from '../../../../../adapters/hep/mirror';
import { DecisionLines } from '../../../../../src/records/decision-lines';
import { showing } from '../../../../../src/records/shown';
import { parseHepCollectors } from '../../../../../src/settings/hep-collectors';
import { hep3 } from '../../../../doubles/hep3';
import { streamReceiver, udpReceiver, type HepReceiver } from '../../../../doubles/hep-receivers';
import { START } from '../../../../doubles/policies';
import { savedCall } from '../../../../doubles/traced-calls';
import { until } from '../../../../doubles/until';

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function kept(receiver: Promise<HepReceiver>): Promise<HepReceiver> {
  const one = await receiver;
  stops.push(() => one.kill());
  return one;
}

/** Chunks of HEP3 by the names of its specification. */
function read(packet: ReadonlyMap<number, Buffer> | undefined) {
  const of = (type: number) => packet?.get(type) ?? Buffer.alloc(0);
  return {
    family: of(1).readUInt8(),
    ipProtocol: of(2).readUInt8(),
    addresses: [of(3), of(4)].map((one) => [...one].join('.')),
    ports: [of(7), of(8)].map((one) => one.readUInt16BE()),
    at: of(9).readUInt32BE() * 1000 + of(10).readUInt32BE() / 1000,
    protocol: of(11).readUInt8(),
    captureId: of(12).readUInt32BE(),
    password: of(14).toString(),
    payload: of(15).toString(),
    correlationId: of(17).toString(),
    node: of(19).toString(),
  };
}

it('collectors get each decision as a log packet of HEP3, by the Call-ID of its legs', async () => {
  const [udp, tcp] = [await kept(udpReceiver()), await kept(streamReceiver())];
  const urls = `udp://127.0.0.1:${udp.port},tcp://127.0.0.1:${tcp.port}`;
  const to = parseHepCollectors(urls) ?? [];
  const mirror = createMirror({
    hep: { host: '127.0.0.1', port: 0, password: 'päss', forward: { to } },
    ...{ counted: () => undefined, unheard: () => undefined, broken: () => undefined },
  });
  stops.push(() => mirror.stop());
  await mirror.start();
  await until(() => mirror.collectors().every(({ why }) => why === undefined));
  const lines = new DecisionLines(showing({ maskNumbers: false }), (line) => mirror.tell(line));
  for (const event of savedCall({ why: 'Ü is full' })) lines.record(event);
  for (const receiver of [udp, tcp]) {
    await until(() => hep3(receiver.received()).length === 3);
    const packets = hep3(receiver.received()).map(read);
    expect(packets.map(({ correlationId }) => correlationId)).toEqual([
      ...['leg-a@phone', 'leg-a@phone', 'a@pbx'],
    ]);
    expect(packets[0]).toEqual({
      ...{ family: 2, ipProtocol: 17, addresses: ['127.0.0.1', '127.0.0.1'], ports: [0, 0] },
      ...{ at: START + 5, protocol: 100, captureId: 0, password: 'päss', node: 'crankback' },
      correlationId: 'leg-a@phone',
      payload: 'crankback 1795239432.7@1 (asterisk): dial carrier-a: the first trunk',
    });
    expect(packets[2]?.payload).toContain('by policy.yaml:14: Ü is full; passed over: carrier-x');
  }
});
