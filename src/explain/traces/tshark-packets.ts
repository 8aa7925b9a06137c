import type { TracedMessage } from './trace';

/** How tshark prints SIP of a capture on standard input, for `readTsharkPackets`: arguments, no shell. */
export const TSHARK_ARGUMENTS = [
  ...['-r', '-', '-n'],
  ...['-Y', 'sip'],
  // Bytes of each SIP message in hexadecimal, put together again where several packets carry one.
  ...['-T', 'ek', '-x', '-j', 'sip'],
] as const;

interface Line {
  /** Milliseconds since the epoch. */
  readonly timestamp?: unknown;
  readonly layers?: { readonly sip_raw?: unknown };
}

/** Messages of what tshark has printed, one JSON object a line; whatever else is there is passed over. */
export function readTsharkPackets(printed: string): readonly TracedMessage[] {
  const messages: TracedMessage[] = [];
  for (const text of printed.split('\n')) {
    const { timestamp, layers } = lineOf(text);
    const at = Number(timestamp ?? NaN);
    for (const hex of [layers?.sip_raw ?? []].flat(2)) {
      if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})+$/.test(hex)) continue;
      const line = messages.length + 1;
      messages.push({
        payload: Buffer.from(hex, 'hex'),
        line,
        ...(Number.isFinite(at) && { at }),
      });
    }
  }
  return messages;
}

function lineOf(text: string): Line {
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text) as Line;
  } catch {
    // The last line of a tshark that was ended.
    return {};
  }
}

/** The first bytes of pcap (both byte orders, micro- and nanoseconds), pcapng, and gzip, which tshark unpacks. */
const CAPTURES = ['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a', '1f8b'];

/** Whether bytes are a capture, which only tshark reads. */
export function isCapture(bytes: Buffer): boolean {
  const begin = bytes.toString('hex', 0, 4);
  return CAPTURES.some((magic) => begin.startsWith(magic));
}
