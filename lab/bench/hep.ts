/**
 * Measures how many mirrored SIP messages one core processes, and the memory of a million messages. CPU time, with that of
 * garbage collection: what other programs do meanwhile does not count.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SipCollector } from '../../adapters/hep/collector';
import { decodeHep } from '../../adapters/hep/packet';
import { parseSip } from '../../src/sip/sip-message';

const PACKETS = 1_000_000;
const CAPTURE = join(process.cwd(), 'test/captures/asterisk-22.10.1/ring-503.hep.hex');
/** Digits of a call's number, which replace the beginning of its Call-IDs. */
const DIGITS = 8;

const template = readFileSync(CAPTURE, 'utf8')
  .trim()
  .split('\n')
  .map((hex) => Buffer.from(hex, 'hex'));

/** The recorded call; its Call-IDs are made distinct, at the same length. */
function seated(datagram: Buffer): { bytes: Buffer; seats: number[] } {
  const bytes = Buffer.from(datagram);
  const packet = decodeHep(bytes);
  const message = typeof packet === 'string' ? undefined : parseSip(packet.payload);
  if (!message) throw new Error('the capture is broken');
  const callId = Buffer.from(message.callId);
  const seats: number[] = [];
  for (let at = bytes.indexOf(callId); at >= 0; at = bytes.indexOf(callId, at + 1)) seats.push(at);
  return { bytes, seats };
}

const call = template.map(seated);

/** Index of the INVITE to the carrier in the recording. */
const INVITE_OF_LEG_B = 2;

function callIdOf(datagram: Buffer | undefined): string {
  const packet = datagram && decodeHep(datagram);
  if (!packet || typeof packet === 'string') throw new Error('the capture is broken');
  return parseSip(packet.payload)?.callId ?? '';
}

function collect(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}

const results: Record<string, number> = {};
const collector = new SipCollector({
  now: () => performance.now(),
  counted: (result) => (results[result] = (results[result] ?? 0) + 1),
});
const [, , invite] = template.map((datagram) => decodeHep(datagram));
if (!invite || typeof invite === 'string') throw new Error('the capture is broken');
collector.sentFrom('asterisk', [invite.source]);
collect();
const before = process.memoryUsage();
let busy = 0;
let peak = 0;
let lastLeg = '';
for (let sent = 0, calls = 0; sent < PACKETS; calls++) {
  const number = String(calls).padStart(DIGITS, '0');
  // A datagram from a socket has its own memory; writing it is not measured.
  const datagrams = call.map(({ bytes, seats }) => {
    const own = Buffer.from(bytes);
    for (const at of seats) own.write(number, at, 'latin1');
    return own;
  });
  const started = process.cpuUsage();
  for (const datagram of datagrams) collector.receive(datagram);
  const { user, system } = process.cpuUsage(started);
  busy += (user + system) / 1_000;
  sent += datagrams.length;
  lastLeg = callIdOf(datagrams[INVITE_OF_LEG_B]);
  if (calls % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
}
collect();
const after = process.memoryUsage();
const size = collector.size();

const started = performance.now();
const ASKED = 100_000;
for (let asked = 0; asked < ASKED; asked++) collector.leg(lastLeg);
const asking = performance.now() - started;

console.log(`packets a failed call     ${template.length}`);
console.log(`packets a second          ${Math.round(PACKETS / (busy / 1000))}`);
console.log(`microseconds a packet     ${((busy * 1000) / PACKETS).toFixed(1)}`);
console.log(`microseconds an answer    ${((asking * 1000) / ASKED).toFixed(1)}`);
console.log(`results                   ${JSON.stringify(results)}`);
console.log(`kept                      ${size.messages} messages, ${size.legs} legs`);
console.log(`estimated                 ${megabytes(size.bytes)}`);
console.log(`heap grown                ${megabytes(after.heapUsed - before.heapUsed)}`);
console.log(`outside the heap grown    ${megabytes(after.external - before.external)}`);
console.log(`resident, most            ${megabytes(peak)}`);
