import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMirror } from '../../../../../adapters/hep/mirror';
import { Forwarder } from '../../../../../adapters/hep/forward/forwarder';
import { parseHepCollectors } from '../../../../../src/settings/hep-collectors';
import { streamReceiver, udpReceiver, type HepReceiver } from '../../../../doubles/hep-receivers';
import { chunk, encoded, hepOf, packet, request } from '../../../../doubles/sip';
import { until } from '../../../../doubles/until';

jest.setTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), 'crankback-hep-'));
let tls: { key: string; cert: string };
const stops: (() => unknown)[] = [];

beforeAll(() => {
  const [key, cert] = ['key', 'cert'].map((name) => join(folder, `${name}.pem`)) as [
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...subject, ...made], { stdio: 'pipe' });
  tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Numbered, so that no two are alike. */
const numbered = (n: number, length = 0) =>
  encoded(packet(request('INVITE', { callId: `call-${n}`, body: 'x'.repeat(length) })));

async function kept(receiver: Promise<HepReceiver>): Promise<HepReceiver> {
  const one = await receiver;
  stops.push(() => one.kill().catch(() => undefined));
  return one;
}

/** A forwarder with what it tells. */
function forwarding(urls: string, { ca, most }: { ca?: string; most?: number } = {}) {
  const told = { sent: 0, full: 0, lost: 0, changes: [] as (string | undefined)[] };
  const forwarder = new Forwarder({
    to: parseHepCollectors(urls) ?? [],
    ...(ca !== undefined && { ca }),
    ...(most !== undefined && { most }),
    reports: {
      sent: () => (told.sent += 1),
      dropped: (_, reason) => (told[reason] += 1),
      changed: (_, why) => told.changes.push(why),
    },
    now: () => performance.now(),
  });
  stops.push(() => forwarder.stop());
  forwarder.start();
  const isUp = () => forwarder.states().every(({ why }) => why === undefined);
  return { forwarder, told, isUp };
}

/** A mirror with a socket of its own, and what sends to it. */
async function mirroring(urls: string, { password, ca }: { password?: string; ca?: string } = {}) {
  const to = parseHepCollectors(urls) ?? [];
  const mirror = createMirror({
    hep: {
      ...{ host: '127.0.0.1', port: 0, ...(password !== undefined && { password }) },
      forward: { to, ...(ca !== undefined && { ca }) },
    },
    counted: () => undefined,
    unheard: () => undefined,
    broken: () => undefined,
  });
  stops.push(() => mirror.stop());
  const port = await mirror.start();
  const pbx = createSocket('udp4');
  stops.push(() => pbx.close());
  await until(() => mirror.collectors().every(({ why }) => why === undefined));
  return (packets: readonly Buffer[]) => {
    for (const one of packets) pbx.send(one, port, '127.0.0.1');
  };
}

describe('mirrored packets', () => {
  it('reach collectors by UDP, TCP and TLS as the PBX sent them, byte for byte', async () => {
    const receivers = await Promise.all([
      kept(udpReceiver()),
      kept(streamReceiver()),
      kept(streamReceiver(0, tls)),
    ]);
    const [udp, tcp, secure] = receivers.map(({ port }) => port);
    const urls = `udp://127.0.0.1:${udp}, tcp://localhost:${tcp},tls://localhost:${secure}`;
    const send = await mirroring(urls, { ca: tls.cert });
    const rtcp = hepOf(chunk(11, Buffer.from([5])), chunk(15, Buffer.from('{"ssrc":1}')));
    const sent = [...Array.from({ length: 100 }, (_, n) => numbered(n)), rtcp];
    send(sent);
    const all = Buffer.concat(sent);
    await until(() => receivers.every(({ received }) => received().length >= all.length));
    for (const { received } of receivers) expect(received().equals(all)).toBe(true);
  });

  it('without the password stay here, whatever they are about', async () => {
    const receiver = await kept(streamReceiver());
    const send = await mirroring(`tcp://127.0.0.1:${receiver.port}`, { password: 'right' });
    const rtcp = (password: string) =>
      hepOf(
        chunk(11, Buffer.from([5])),
        chunk(14, Buffer.from(password)),
        chunk(15, Buffer.from('x')),
      );
    send([numbered(1), rtcp('wrong'), hepOf(chunk(11, Buffer.from([5]))), rtcp('right')]);
    await until(() => receiver.received().length > 0);
    expect(receiver.received().equals(rtcp('right'))).toBe(true);
  });

  it('with something behind their end go without it: a stream would be out of step', async () => {
    const receiver = await kept(streamReceiver());
    const send = await mirroring(`tcp://127.0.0.1:${receiver.port}`);
    send([Buffer.concat([numbered(1), Buffer.from('HEP3 and more')]), numbered(2)]);
    const expected = Buffer.concat([numbered(1), numbered(2)]);
    await until(() => receiver.received().length >= expected.length);
    expect(receiver.received().equals(expected)).toBe(true);
  });

  it('that are no HEP stay here', async () => {
    const receiver = await kept(streamReceiver());
    const send = await mirroring(`tcp://127.0.0.1:${receiver.port}`);
    const cut = numbered(1).subarray(0, 40);
    const lying = Buffer.from(numbered(1));
    lying.writeUInt16BE(3, 10);
    send([Buffer.from('HEP'), Buffer.from('INVITE sip:x SIP/2.0'), cut, lying, numbered(2)]);
    await until(() => receiver.received().length > 0);
    expect(receiver.received().equals(numbered(2))).toBe(true);
  });
});

describe('a collector that is away', () => {
  it.each(['tcp', 'tls'])('is found again by %s, and gets what waited', async (protocol) => {
    const secure = protocol === 'tls' ? tls : undefined;
    const first = await streamReceiver(0, secure);
    const { forwarder, told, isUp } = forwarding(`${protocol}://localhost:${first.port}`, {
      ca: tls.cert,
    });
    await until(isUp);
    forwarder.pass(numbered(1));
    await until(() => first.received().length > 0);
    await first.kill();
    await until(() => !isUp());
    forwarder.pass(numbered(2));
    forwarder.pass(numbered(3));
    expect(forwarder.states()[0]?.waitingBytes).toBeGreaterThan(0);
    const second = await kept(streamReceiver(first.port, secure));
    const waited = Buffer.concat([numbered(2), numbered(3)]);
    await until(() => second.received().length >= waited.length);
    expect(second.received().equals(waited)).toBe(true);
    expect(told.changes.map((why) => why === undefined)).toEqual([true, false, true]);
    expect(forwarder.states()).toEqual([expect.objectContaining({ waitingBytes: 0 })]);
  });

  it('is sent to all the same by UDP, which is told that nobody listens', async () => {
    const first = await udpReceiver();
    const { forwarder, told, isUp } = forwarding(`udp://127.0.0.1:${first.port}`);
    await until(isUp);
    await first.kill();
    // The first one is sent, and answered by ICMP.
    await until(() => {
      forwarder.pass(numbered(1));
      return forwarder.states()[0]?.why === 'ECONNREFUSED';
    });
    expect(told.changes).toEqual([undefined, 'ECONNREFUSED']);
    const second = await kept(udpReceiver(first.port));
    await until(() => {
      forwarder.pass(numbered(2));
      return second.received().length > 0;
    });
  });

  it('and to which no route leads is said to be so, and packets for it harm nobody', async () => {
    // The kernel refuses to connect there, as it does on a machine without a network.
    const { forwarder, told } = forwarding('udp://255.255.255.255:9060');
    await until(() => told.changes.length > 0);
    expect(told.changes).toEqual(['EACCES']);
    forwarder.pass(numbered(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(told.sent).toBe(0);
    expect(forwarder.states()[0]?.waitingBytes).toBeGreaterThan(0);
  });

  it.each([
    ['nobody listens', () => Promise.resolve(1)],
    [
      'it takes nothing',
      async () => {
        const slow = await kept(streamReceiver());
        slow.pause(true);
        return slow.port;
      },
    ],
  ])('or where %s keeps a bounded number of bytes, and the rest is counted', async (_, make) => {
    const most = 256 * 1024;
    const { forwarder, told } = forwarding(`tcp://127.0.0.1:${await make()}`, { most });
    const large = numbered(1, 1_000);
    const passed = 40_000;
    for (let n = 0; n < passed; n++) {
      forwarder.pass(large);
      if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const [state] = forwarder.states();
    expect(state?.waitingBytes).toBeLessThanOrEqual(most);
    expect(told.full).toBeGreaterThan(0);
  });

  it('and slow gets whole packets when it reads again', async () => {
    const slow = await kept(streamReceiver());
    const { forwarder, told, isUp } = forwarding(`tcp://127.0.0.1:${slow.port}`);
    await until(isUp);
    slow.pause(true);
    const packets = Array.from({ length: 3_000 }, (_, n) => numbered(n, 2_000));
    for (const one of packets) forwarder.pass(one);
    await until(() => told.full > 0);
    slow.pause(false);
    await until(() => told.sent + told.full === packets.length);
    const got = told.sent;
    const bytes = () => slow.received();
    await until(() => framesOf(bytes()).length === got);
    const known = new Set(packets.map((one) => one.toString('latin1')));
    expect(framesOf(bytes()).every((one) => known.has(one.toString('latin1')))).toBe(true);
  });
});

/** HEP packets of a stream; throws where it is out of step. */
function framesOf(stream: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at + 6 <= stream.length;) {
    if (stream.toString('latin1', at, at + 4) !== 'HEP3') throw new Error(`out of step at ${at}`);
    const end = at + stream.readUInt16BE(at + 4);
    if (end > stream.length) break;
    frames.push(stream.subarray(at, end));
    at = end;
  }
  return frames;
}

describe('TLS', () => {
  it.each([
    ['of nobody whom we trust', 'localhost', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of another name', '127.0.0.1', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('to a certificate %s sends nothing', async (_, host, isTrusted, why) => {
    const receiver = await kept(streamReceiver(0, tls));
    const { forwarder } = forwarding(`tls://${host}:${receiver.port}`, {
      ...(isTrusted && { ca: tls.cert }),
    });
    forwarder.pass(numbered(1));
    await until(() => forwarder.states()[0]?.why === why);
    expect(receiver.received()).toHaveLength(0);
  });
});
