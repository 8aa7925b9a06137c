import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sdpOf } from '../../../../src/sip/body';
import { retryAfterMsOf, warningsOf } from '../../../../src/sip/headers';
import { readReasons } from '../../../../src/normalize/reason-header';
import { decodeHep, type HepPacket } from '../../../../adapters/hep/packet';
import { parseSip, type SipMessage } from '../../../../src/sip/sip-message';
import { parseSdp } from '../../../../src/codecs/sdp';

const FOLDER = join(__dirname, '../../../captures/hep');

type Printed = Readonly<Record<string, string | readonly string[]>>;

function lines(file: string): string[] {
  return readFileSync(join(FOLDER, file), 'utf8').trim().split('\n');
}

/** What we read from one datagram, under the names and in the writing of tshark. */
function printed(datagram: Buffer, packet: HepPacket, message: SipMessage): Printed {
  const { headers, status } = message;
  const sdp = sdpOf(headers, message.body);
  const streams = sdp === undefined ? [] : (parseSdp(sdp)?.streams ?? []);
  const header = (name: string) => headers.get(name)?.[0];
  const seconds = Math.floor(packet.at / 1000);
  const fields: Record<string, string | undefined> = {
    'hep3.hep_packet_size': String(datagram.length),
    'hep3.transport_layer_protocol': packet.ipProtocol === 17 ? 'UDP' : undefined,
    'hep3.source_ipv4_address': packet.source.address,
    'hep3.destination_ipv4_address': packet.destination.address,
    'hep3.source_port': String(packet.source.port),
    'hep3.destination_port': String(packet.destination.port),
    'hep3.timestamp_unix': String(seconds),
    'hep3.timestamp_microsec': String(Math.round((packet.at - seconds * 1000) * 1000)),
    'hep3.capture_node_id': String(packet.captureId),
    'hep3.auth_key': packet.password.toString() || undefined,
    'sip.Request-Line': status === undefined ? message.startLine : undefined,
    'sip.Method': message.method,
    'sip.Status-Line': status === undefined ? undefined : message.startLine,
    'sip.Status-Code': status === undefined ? undefined : String(status),
    'sip.Call-ID': message.callId,
    'sip.CSeq.seq': String(message.cseq),
    'sip.CSeq.method': message.cseqMethod,
    'sip.Via.transport': message.transport,
    'sip.Via.branch': message.branch,
    'sip.to.tag': message.toTag,
    'sip.Content-Type': header('content-type'),
    'sip.Content-Length': String(message.body.length),
    'sdp.media.media': streams[0]?.type,
    'sdp.media.port': streams[0] && String(streams[0].port),
    'sdp.media.proto': streams[0]?.profile,
    'sdp.connection_info.address': streams[0]?.address,
  };
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

/** The fields of the recording that we read as such; the rest is compared below, by meaning. */
const AS_PRINTED = (of: Printed): Printed =>
  Object.fromEntries(Object.entries(of).filter(([name]) => !OTHERWISE.has(name)));

const OTHERWISE = new Set([
  // No evidence is made of it.
  'sip.from.tag',
  'hep3.ip_family',
  'hep3.application_protocol',
  'hep3.correlation_id',
  'sip.r-uri',
  'sip.Reason',
  'sip.Warning',
  'sip.Retry-After',
  'sdp.mime.type',
  'sdp.sample_rate',
  'sdp.media_attr',
  'sdp.media.format',
]);

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat();
}

const HOLDS = {
  asterisk: { reasons: 10, warnings: 2, retryAfter: 4, codecs: 96 },
  freeswitch: { reasons: 29, warnings: 1, retryAfter: 23, codecs: 152 },
} as const;

describe.each(['asterisk', 'freeswitch'] as const)('the HEP of %s', (pbx) => {
  const cases = lines(`${pbx}.hex`).map((hex, index) => {
    const datagram = Buffer.from(hex, 'hex');
    const packet = decodeHep(datagram);
    if (typeof packet === 'string') throw new Error(`packet ${index + 1}: ${packet}`);
    const message = parseSip(packet.payload);
    if (!message) throw new Error(`packet ${index + 1} is not read as SIP`);
    return { datagram, packet, message };
  });
  const expected = lines(`${pbx}.tshark.jsonl`).map((line) => JSON.parse(line) as Printed);

  it('is read packet by packet as tshark prints it', () => {
    const ours = cases.map(({ datagram, packet, message }) => printed(datagram, packet, message));
    expect(ours).toEqual(expected.map(AS_PRINTED));
  });

  it('has the same Reason, Warning and Retry-After values', () => {
    const seen = { reasons: 0, warnings: 0, retryAfter: 0 };
    cases.forEach(({ message: { headers } }, index) => {
      const wanted = expected[index] ?? {};
      const reasons = readReasons(...(headers.get('reason') ?? [])).map(
        ({ protocol, cause, text }) =>
          `${protocol};cause=${cause}${text === undefined ? '' : `;text="${text}"`}`,
      );
      expect(reasons).toEqual(listOf(wanted['sip.Reason']));
      const warnings = warningsOf(headers).map(
        ({ code, agent, text }) => `${code} ${agent} "${text}"`,
      );
      expect(warnings).toEqual(listOf(wanted['sip.Warning']));
      const retryAfter = retryAfterMsOf(headers);
      expect(retryAfter === undefined ? [] : [String(retryAfter / 1000)]).toEqual(
        listOf(wanted['sip.Retry-After']),
      );
      seen.reasons += reasons.length;
      seen.warnings += warnings.length;
      seen.retryAfter += retryAfter === undefined ? 0 : 1;
    });
    expect(HOLDS[pbx]).toMatchObject(seen);
  });

  it('has the same codecs', () => {
    let codecs = 0;
    cases.forEach(({ message }, index) => {
      const sdp = sdpOf(message.headers, message.body);
      const wanted = expected[index] ?? {};
      const names = listOf(wanted['sdp.mime.type']);
      const rates = listOf(wanted['sdp.sample_rate']);
      const pairs = names.map((name, at) => `${name}/${rates[at]}`);
      const stream = sdp === undefined ? undefined : parseSdp(sdp)?.streams[0];
      const ours = stream?.codecs.map(({ name, clockRate }) => `${name}/${clockRate}`) ?? [];
      const audio = pairs.filter((pair) => !/^(telephone-event|CN)\//.test(pair));
      expect(ours).toEqual(audio);
      const events = pairs.filter((pair) => pair.startsWith('telephone-event/'));
      expect(stream?.telephoneEvent.map((rate) => `telephone-event/${rate}`) ?? []).toEqual(events);
      const ptime = listOf(wanted['sdp.media_attr']).find((line) => line.startsWith('ptime:'));
      expect(stream?.ptime === undefined ? undefined : `ptime:${stream.ptime}`).toBe(ptime);
      codecs += ours.length;
    });
    expect(HOLDS[pbx]).toMatchObject({ codecs });
  });
});
