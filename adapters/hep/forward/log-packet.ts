// Own encoder: hep-js is GPL, and the format only has six bytes of header before each field.

/** A line of ours for a collector. */
export interface LogEntry {
  /** SIP Call-ID of the leg that it belongs to. */
  readonly callId: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly line: string;
}

const GENERIC_VENDOR = 0;
const IPV4 = 2;
const UDP = 17;
/** Of HEP's types of protocol: a line of a log. */
const LOG = 100;
/** No packet of the network: collectors want addresses all the same. */
const NOWHERE = Buffer.from([127, 0, 0, 1]);
/** What collectors show as the sender, instead of a number. */
const NODE = 'crankback';

/**
 * A HEPv3 packet of type 100 (log), with the Call-ID as correlation id (chunk 0x0011).
 * @param password of chunk 14, as that of the PBX's own packets
 */
export function logPacket({ callId, at, line }: LogEntry, password?: string): Buffer {
  const chunks = Buffer.concat([
    chunk(1, number(IPV4, 1)),
    chunk(2, number(UDP, 1)),
    chunk(3, NOWHERE),
    chunk(4, NOWHERE),
    chunk(7, number(0, 2)),
    chunk(8, number(0, 2)),
    chunk(9, number(Math.floor(at / 1000), 4)),
    chunk(10, number(Math.floor((at % 1000) * 1000), 4)),
    chunk(11, number(LOG, 1)),
    chunk(12, number(0, 4)),
    ...(password === undefined ? [] : [chunk(14, Buffer.from(password))]),
    chunk(15, Buffer.from(line)),
    chunk(17, Buffer.from(callId)),
    chunk(19, Buffer.from(NODE)),
  ]);
  const header = Buffer.alloc(6);
  header.write('HEP3', 'latin1');
  header.writeUInt16BE(header.length + chunks.length, 4);
  return Buffer.concat([header, chunks]);
}

function chunk(type: number, content: Buffer): Buffer {
  const header = Buffer.alloc(6);
  header.writeUInt16BE(GENERIC_VENDOR, 0);
  header.writeUInt16BE(type, 2);
  header.writeUInt16BE(header.length + content.length, 4);
  return Buffer.concat([header, content]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}
