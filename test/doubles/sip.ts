import type { HepPacket } from '../../adapters/hep/packet';
import { parseSip, type SipMessage } from '../../src/sip/sip-message';

export const PBX = { address: '192.0.2.1', port: 5060 };
export const CARRIER = { address: '198.51.100.7', port: 5060 };

/** Header lines beside those of every message; nothing follows a `body`. */
export interface Extra {
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly branch?: string;
  readonly toTag?: string;
}

function text(startLine: string, method: string, extra: Extra): string {
  const { callId = 'leg-b', cseq = 1, branch = 'z9hG4bK1', toTag, headers = [], body = '' } = extra;
  return [
    startLine,
    `Via: SIP/2.0/UDP 192.0.2.1:5060;rport;branch=${branch}`,
    'From: "A" <sip:a@192.0.2.1>;tag=ours',
    `To: <sip:100@198.51.100.7>${toTag === undefined ? '' : `;tag=${toTag}`}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} ${method}`,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** A request as the PBX sends it. */
export function request(method: string, extra: Extra = {}): string {
  return text(`${method} sip:100@198.51.100.7 SIP/2.0`, method, extra);
}

/** A response to an INVITE, with a To tag like every response but 100. */
export function response(statusLine: string, extra: Extra = {}): string {
  const tagged = statusLine.startsWith('100') ? extra : { toTag: 'theirs', ...extra };
  return text(`SIP/2.0 ${statusLine}`, 'INVITE', tagged);
}

/** Parses a message; throws if that fails. */
export function parsed(message: string): SipMessage {
  const result = parseSip(Buffer.from(message));
  if (!result) throw new Error(`not SIP: ${message}`);
  return result;
}

type Wire = Partial<Pick<HepPacket, 'source' | 'destination' | 'at'>>;

export function packet(message: string, wire: Wire = {}): HepPacket {
  const sent = !message.startsWith('SIP/2.0');
  return {
    source: sent ? PBX : CARRIER,
    destination: sent ? CARRIER : PBX,
    ipProtocol: 17,
    at: 0,
    password: Buffer.alloc(0),
    captureId: 1,
    ...wire,
    payload: Buffer.from(message),
  };
}

/** A HEPv3 chunk of the generic vendor. */
export function chunk(type: number, content: Buffer, vendor = 0): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16BE(vendor, 0);
  header.writeUInt16BE(type, 2);
  header.writeUInt16BE(content.length + 6, 4);
  return Buffer.concat([header, content]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** A datagram of these chunks. */
export function hepOf(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from('HEP3'), number(body.length + 6, 2), body]);
}

/** The chunks of a packet by name, so that a test can omit or break one. */
export function chunksOf(of: HepPacket): Record<string, Buffer> {
  const bytes = (address: string) => Buffer.from(address.split('.').map(Number));
  return {
    family: chunk(1, number(2, 1)),
    ipProtocol: chunk(2, number(of.ipProtocol, 1)),
    source: chunk(3, bytes(of.source.address)),
    destination: chunk(4, bytes(of.destination.address)),
    sourcePort: chunk(7, number(of.source.port, 2)),
    destinationPort: chunk(8, number(of.destination.port, 2)),
    seconds: chunk(9, number(Math.floor(of.at / 1000), 4)),
    microseconds: chunk(10, number(Math.round((of.at % 1000) * 1000), 4)),
    protocol: chunk(11, number(1, 1)),
    captureId: chunk(12, number(of.captureId, 4)),
    payload: chunk(15, of.payload),
    ...(of.password.length > 0 && { password: chunk(14, of.password) }),
  };
}

/** A packet as the PBX would send it. */
export function encoded(of: HepPacket): Buffer {
  return hepOf(...Object.values(chunksOf(of)));
}
