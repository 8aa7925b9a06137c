// Own decoder: hep-js is GPL, and the format only has six bytes of header before each field.
import { SocketAddress } from 'node:net';
import type { SipEndpoint } from '../../src/calls/ports';

/** A mirrored SIP message, with its addresses and time on the wire. */
export interface HepPacket {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** IP protocol: 17 UDP, 6 TCP, 132 SCTP. */
  readonly ipProtocol: number;
  /** Time of mirroring by the PBX's clock. Unix time in milliseconds, exact to a microsecond. */
  readonly at: number;
  /** Chunk 14 as sent; empty without one. */
  readonly password: Buffer;
  /** `captureId` of the sender; 0 without one. */
  readonly captureId: number;
  readonly payload: Buffer;
}

/** An IP address as text and a port. */
export type Endpoint = SipEndpoint;

/** Why a datagram is not a mirrored SIP message. */
export type HepFault =
  /** Does not begin with `HEP3`, such as HEPv1 and v2. */
  | 'not-hep3'
  /** Cut off, or an impossible length. */
  | 'bad-length'
  /** A chunk of a known type with an impossible size or value. */
  | 'bad-chunk'
  /** Addresses, ports, time or payload are missing. */
  | 'incomplete'
  /** Compressed payload (chunk 16): no PBX sends it, and unpacking untrusted data invites bombs. */
  | 'compressed'
  /** No SIP but RTCP reports or logs. Not malformed. */
  | 'not-sip';

const HEADER_BYTES = 6;
const MAGIC = 0x48455033;
const GENERIC_VENDOR = 0;
const SIP = 1;

const CHUNK = {
  ipProtocol: 2,
  ipv4Source: 3,
  ipv4Destination: 4,
  ipv6Source: 5,
  ipv6Destination: 6,
  sourcePort: 7,
  destinationPort: 8,
  seconds: 9,
  microseconds: 10,
  protocol: 11,
  captureId: 12,
  password: 14,
  payload: 15,
  compressed: 16,
} as const;

const NOTHING = Buffer.alloc(0);

/**
 * Decodes one HEPv3 datagram (HEP/EEP 3, "Extensible Encapsulation Protocol"). Never throws. Skips chunks
 * of other vendors and unknown types; of repeated chunks the last one counts. Ignores bytes after the
 * announced length. `payload` and `password` share the datagram's memory.
 */
export function decodeHep(datagram: Buffer): HepPacket | HepFault {
  if (datagram.length < HEADER_BYTES || datagram.readUInt32BE(0) !== MAGIC) return 'not-hep3';
  const end = datagram.readUInt16BE(4);
  if (end < HEADER_BYTES || end > datagram.length) return 'bad-length';

  let [sourceV4, destinationV4] = [-1, -1];
  let sourceV6: string | undefined;
  let destinationV6: string | undefined;
  let [sourcePort, destinationPort, seconds, microseconds] = [-1, -1, -1, 0];
  let [ipProtocol, protocol, captureId] = [17, SIP, 0];
  let [payload, password]: (Buffer | undefined)[] = [];

  for (let at = HEADER_BYTES; at < end;) {
    if (end - at < HEADER_BYTES) return 'bad-length';
    const length = datagram.readUInt16BE(at + 4);
    if (length < HEADER_BYTES || at + length > end) return 'bad-length';
    const size = length - HEADER_BYTES;
    const from = at + HEADER_BYTES;
    const vendor = datagram.readUInt16BE(at);
    const type = datagram.readUInt16BE(at + 2);
    at += length;
    if (vendor !== GENERIC_VENDOR) continue;
    if (SIZE_OF[type] !== undefined && SIZE_OF[type] !== size) return 'bad-chunk';
    switch (type) {
      case CHUNK.ipProtocol:
        ipProtocol = datagram.readUInt8(from);
        break;
      case CHUNK.ipv4Source:
        sourceV4 = datagram.readUInt32BE(from);
        sourceV6 = undefined;
        break;
      case CHUNK.ipv4Destination:
        destinationV4 = datagram.readUInt32BE(from);
        destinationV6 = undefined;
        break;
      case CHUNK.ipv6Source:
        sourceV6 = ipv6(datagram, from);
        break;
      case CHUNK.ipv6Destination:
        destinationV6 = ipv6(datagram, from);
        break;
      case CHUNK.sourcePort:
        sourcePort = datagram.readUInt16BE(from);
        break;
      case CHUNK.destinationPort:
        destinationPort = datagram.readUInt16BE(from);
        break;
      case CHUNK.seconds:
        seconds = datagram.readUInt32BE(from);
        break;
      case CHUNK.microseconds:
        microseconds = datagram.readUInt32BE(from);
        if (microseconds >= 1_000_000) return 'bad-chunk';
        break;
      case CHUNK.protocol:
        protocol = datagram.readUInt8(from);
        break;
      case CHUNK.captureId:
        captureId = datagram.readUInt32BE(from);
        break;
      case CHUNK.password:
        password = datagram.subarray(from, from + size);
        break;
      case CHUNK.payload:
        payload = datagram.subarray(from, from + size);
        break;
      case CHUNK.compressed:
        return 'compressed';
    }
  }
  if (protocol !== SIP) return 'not-sip';
  if (sourceV6 === undefined && sourceV4 < 0) return 'incomplete';
  if (destinationV6 === undefined && destinationV4 < 0) return 'incomplete';
  if (sourcePort < 0 || destinationPort < 0 || seconds < 0) return 'incomplete';
  if (payload === undefined || payload.length === 0) return 'incomplete';
  return {
    source: endpoint(sourceV4, sourceV6, sourcePort),
    destination: endpoint(destinationV4, destinationV6, destinationPort),
    ipProtocol,
    at: seconds * 1000 + microseconds / 1000,
    password: password ?? NOTHING,
    captureId,
    payload,
  };
}

/**
 * The datagram without what stands behind its announced length, and its chunk 14 (empty without one); undefined where its
 * chunks cannot be followed. For packets that are passed on unread.
 */
export function hepBytes(
  datagram: Buffer,
): { readonly packet: Buffer; readonly password: Buffer } | undefined {
  if (datagram.length < HEADER_BYTES || datagram.readUInt32BE(0) !== MAGIC) return undefined;
  const end = datagram.readUInt16BE(4);
  if (end < HEADER_BYTES || end > datagram.length) return undefined;
  let password: Buffer = NOTHING;
  for (let at = HEADER_BYTES; at < end;) {
    if (end - at < HEADER_BYTES) return undefined;
    const length = datagram.readUInt16BE(at + 4);
    if (length < HEADER_BYTES || at + length > end) return undefined;
    if (
      datagram.readUInt16BE(at) === GENERIC_VENDOR &&
      datagram.readUInt16BE(at + 2) === CHUNK.password
    )
      password = datagram.subarray(at + HEADER_BYTES, at + length);
    at += length;
  }
  return { packet: datagram.subarray(0, end), password };
}

/** Payload sizes of chunks with a fixed size. Bytes, by chunk type. */
const SIZE_OF: readonly (number | undefined)[] = (() => {
  const sizes: (number | undefined)[] = [];
  sizes[CHUNK.ipProtocol] = sizes[CHUNK.protocol] = 1;
  sizes[CHUNK.sourcePort] = sizes[CHUNK.destinationPort] = 2;
  sizes[CHUNK.ipv4Source] = sizes[CHUNK.ipv4Destination] = 4;
  sizes[CHUNK.seconds] = sizes[CHUNK.microseconds] = sizes[CHUNK.captureId] = 4;
  sizes[CHUNK.ipv6Source] = sizes[CHUNK.ipv6Destination] = 16;
  return sizes;
})();

/** More than a PBX and its carriers have; outsiders have more. */
const MOST_ENDPOINTS = 1_024;
/** Each packet has two of the same few, which all legs share: by address, and the port behind it. */
const endpoints = new Map<number, Endpoint>();

function endpoint(v4: number, v6: string | undefined, port: number): Endpoint {
  if (v6 !== undefined) return { address: v6, port };
  const key = v4 * 0x10000 + port;
  const known = endpoints.get(key);
  if (known) return known;
  if (endpoints.size >= MOST_ENDPOINTS) endpoints.clear();
  const made = { address: ipv4(v4), port };
  endpoints.set(key, made);
  return made;
}

function ipv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function ipv6(bytes: Buffer, at: number): string {
  const groups: string[] = [];
  for (let group = 0; group < 8; group++)
    groups.push(bytes.readUInt16BE(at + 2 * group).toString(16));
  return normalIpv6(groups.join(':'));
}

/** Shortens runs of zeros as operators do, and gives an IPv4 address that is mapped into IPv6 as IPv4. */
export function normalIpv6(text: string): string {
  const { address } = new SocketAddress({ family: 'ipv6', address: text });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** `0.0.0.0` and `::`. No packet has such an address; a PBX may mirror its own end so. */
export function isUnspecified({ address }: Endpoint): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** `192.0.2.1:5060`, `[2001:db8::1]:5060`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
