import fc from 'fast-check';
import { SipCollector } from '../../adapters/hep/collector';
import type { PacketResult } from '../../adapters/hep/packet-result';
import { parseSip } from '../../src/sip/sip-message';
import { parseSdp } from '../../src/codecs/sdp';
import { chunk, encoded, hepOf, packet, PBX, request, response } from '../doubles/sip';

const LIMITS = { messages: 2_000, bytes: 4 * 1024 * 1024, ageMs: 1_000 };

const NAMES =
  'Via v To t Call-ID i CSeq Reason Warning Retry-After Content-Type c Content-Length l X';
const VALUES = [
  'SIP/2.0/UDP a;branch=z9hG4bK1',
  'Q.850;cause=16;text="a, b",SIP;cause=480',
  '305 a "G729"',
  '1 INVITE',
  'leg-b',
  'application/sdp',
  'multipart/mixed;boundary=b',
  '"<,;\\',
  '7 (x)',
  '99999',
];
const SDP_LINES = [
  'v=0',
  'c=IN IP4 10.0.0.1',
  'm=audio 4000/2 RTP/AVP 0 8 101 999 x',
  'a=rtpmap:101 telephone-event/8000',
  'a=rtpmap:96 opus/48000/2',
  'a=ptime:20',
  'a=crypto:1 x inline:y',
  '--b',
  '--b--',
];

const header = fc
  .tuple(
    fc.constantFrom(...NAMES.split(' ')),
    fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 60 })),
    fc.constantFrom(': ', ':', ' : ', ':\r\n ', ''),
  )
  .map(([name, value, colon]) => name + colon + value);
const line = fc.oneof(
  fc.constantFrom(...SDP_LINES),
  fc.string({ maxLength: 40 }).map((text) => `a=${text}`),
);
const callId = fc.nat(40).map((n) => `leg-${n}`);
const extra = fc.record({
  headers: fc.array(header, { maxLength: 5 }),
  body: fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\r\n')),
  callId,
  cseq: fc.nat(4),
  branch: fc.nat(4).map(String),
});
const message = fc.oneof(
  fc
    .tuple(fc.constantFrom('INVITE', 'CANCEL', 'ACK'), extra, fc.boolean())
    .map(([method, more, inDialog]) => request(method, inDialog ? { ...more, toTag: 'x' } : more)),
  fc
    .tuple(fc.integer({ min: 100, max: 699 }), fc.string({ maxLength: 20 }), extra)
    .map(([status, phrase, more]) => response(`${status} ${phrase}`, more)),
);
const wire = fc.record({ at: fc.integer({ min: 0, max: 4_000_000_000_000 }) });

/** Right, nearly right and arbitrary datagrams; the nearly right ones reach deepest. */
export const datagram: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(message, wire).map(([text, of]) => encoded(packet(text, of))) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(message, wire, fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 6 }))
      .map(([text, of, edits]) => {
        const bytes = encoded(packet(text, of));
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        return bytes;
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(message, wire, fc.nat(4_000))
      .map(([text, of, end]) => encoded(packet(text, of)).subarray(0, end)),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.nat(20), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 })
      .map((chunks) => hepOf(...chunks.map(([type, bytes]) => chunk(type, Buffer.from(bytes))))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
);

export interface FuzzFigures {
  readonly inputs: number;
  readonly results: Readonly<Partial<Record<PacketResult, number>>>;
  readonly most: { messages: number; bytes: number };
  /** The slowest single input, the best of three times. Milliseconds. */
  readonly slowestMs: number;
}

/**
 * Feeds `inputs` datagrams to one collector and asks it after each. Throws at the first crash, at any
 * evidence that cannot be, and where the memory grows beyond its limits.
 */
export function fuzz(inputs: number, seed?: number): FuzzFigures {
  const results: Partial<Record<PacketResult, number>> = {};
  const most = { messages: 0, bytes: 0 };
  let [now, slowestMs] = [0, 0];
  const counted = (result: PacketResult): void => {
    results[result] = (results[result] ?? 0) + 1;
  };
  const made = (told: (result: PacketResult) => void): SipCollector => {
    const one = new SipCollector({ limits: LIMITS, now: () => now, counted: told });
    one.sentFrom('pbx', [PBX]);
    return one;
  };
  const collector = made(counted);
  const fresh = (): SipCollector => made(() => undefined);
  fc.assert(
    fc.property(
      datagram,
      fc.string({ unit: 'binary', maxLength: 200 }),
      callId,
      (bytes, text, id) => {
        now += 1;
        const once = (into: SipCollector): number => {
          const started = performance.now();
          into.receive(bytes);
          parseSip(Buffer.from(text));
          parseSdp(text);
          check(into.leg(id));
          return performance.now() - started;
        };
        let took = once(collector);
        // Other processes and the garbage collector take time too, but not with the same input.
        for (let again = 0; again < 2 && took > slowestMs; again++)
          took = Math.min(took, once(fresh()));
        slowestMs = Math.max(slowestMs, took);
        const size = collector.size();
        most.messages = Math.max(most.messages, size.messages);
        most.bytes = Math.max(most.bytes, size.bytes);
        if (size.messages > LIMITS.messages || size.bytes > LIMITS.bytes)
          throw new Error(`memory beyond its limits: ${JSON.stringify(size)}`);
      },
    ),
    { numRuns: inputs, ...(seed !== undefined && { seed }) },
  );
  return { inputs, results, most, slowestMs };
}

function check(leg: ReturnType<SipCollector['leg']>): void {
  if (!leg || leg.kind === 'answered') return;
  const { sip, failedAfterMs = 0, firstResponseMs = 0, q850 = 1, retryAfterMs = 0 } = leg.evidence;
  const sound =
    (sip === undefined || (sip >= 300 && sip <= 699)) &&
    failedAfterMs >= 0 &&
    firstResponseMs >= 0 &&
    q850 >= 1 &&
    q850 <= 127 &&
    retryAfterMs >= 0;
  if (!sound) throw new Error(`evidence that cannot be: ${JSON.stringify(leg)}`);
}
