// Own reader: what `tshark -q -z follow,…` prints has no other reader.
import { readRawText } from './raw-text';
import { quotingOfStart } from './start-line';
import type { Remarks, TracedMessage } from './trace';

const BEGIN = /^Follow: \w+,(\w+)\s*$/m;

/** Whether a text is what `tshark -q -z follow,udp,ascii,0` or `…,raw,0` prints. */
export function isFollowedStream(text: string): boolean {
  return BEGIN.test(text) && /^Node 0: /m.test(text);
}

/**
 * Messages of a followed stream. `ascii` has the length of each packet before it, `raw` has bytes in hexadecimal,
 * a packet of the other side after a tab. A packet that does not begin a message goes on with the one before, as over
 * TCP.
 */
export function readFollowedStream(text: string, remarks: Remarks): readonly TracedMessage[] {
  const isRaw = BEGIN.exec(text)?.[1] === 'raw';
  const packets = isRaw ? rawPackets(text) : asciiPackets(text);
  const joined: { side: boolean; line: number; bytes: string }[] = [];
  for (const packet of packets) {
    const before = joined.at(-1);
    const [first = ''] = packet.bytes.split('\r\n', 1);
    if (before?.side === packet.side && quotingOfStart(first) === undefined)
      before.bytes += packet.bytes;
    else joined.push({ ...packet });
  }
  return joined.flatMap(({ bytes, line }) => {
    const messages = readRawText(bytes, remarks, line);
    return isRaw ? messages.map((message) => ({ ...message, line })) : messages;
  });
}

interface Packet {
  /** The side that answers. */
  readonly side: boolean;
  readonly line: number;
  readonly bytes: string;
}

function rawPackets(text: string): readonly Packet[] {
  return text.split('\n').flatMap((line, index) => {
    const [, tab, hex] = /^(\t?)((?:[0-9a-f]{2})+)\s*$/.exec(line) ?? [];
    if (hex === undefined) return [];
    return [
      { side: tab !== '', line: index + 1, bytes: Buffer.from(hex, 'hex').toString('latin1') },
    ];
  });
}

function asciiPackets(text: string): readonly Packet[] {
  const packets: Packet[] = [];
  const head = /^(\t?)(\d{1,7})\r?\n/my;
  let at = Math.max(0, text.search(/^Node 0: /m));
  let line = 1 + countLines(text.slice(0, at));
  while (at < text.length) {
    head.lastIndex = at;
    const [whole, tab, length] = head.exec(text) ?? [];
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    if (whole !== undefined) {
      const bytes = text.slice(next, next + Number(length));
      packets.push({ side: tab !== '', line: line + 1, bytes });
      line += 1 + countLines(bytes);
      at = next + bytes.length;
    } else {
      line++;
      at = next;
    }
  }
  return packets;
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
