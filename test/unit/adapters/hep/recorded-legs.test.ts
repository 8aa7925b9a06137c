import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SipCollector } from '../../../../adapters/hep/collector';
import { decodeHep } from '../../../../adapters/hep/packet';
import { parseSip } from '../../../../src/sip/sip-message';
import { wire } from '../../../doubles/captures';

const FOLDER = join(__dirname, '../../../captures/asterisk-22.10.1');
const CARRIER_A = '172.30.77.21';
/** Nothing was sent there, so nothing could be mirrored. */
const NEVER_SENT = new Set(['no-dns', 'unregistered']);

function datagrams(scenario: string): Buffer[] {
  const text = readFileSync(join(FOLDER, `${scenario}.hep.hex`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((hex) => Buffer.from(hex, 'hex'));
}

/** Call-ID of the first INVITE to the carrier. */
function legOf(packets: readonly Buffer[]): string {
  for (const datagram of packets) {
    const packet = decodeHep(datagram);
    const message = typeof packet === 'string' ? undefined : parseSip(packet.payload);
    if (typeof packet === 'string' || !message) continue;
    if (packet.destination.address === CARRIER_A) return message.callId;
  }
  throw new Error('no INVITE to the carrier');
}

const ORDERS: readonly [string, (packets: Buffer[]) => Buffer[]][] = [
  ['in order', (packets) => packets],
  ['in reverse', (packets) => packets.toReversed()],
  ['twice', (packets) => [...packets, ...packets]],
];

describe.each(Object.keys(wire).filter((name) => !NEVER_SENT.has(name)))(
  'the recording %s',
  (scenario) => {
    const [attempt] = wire[scenario]?.attempts ?? [];
    if (!attempt) throw new Error('the recording has no attempt');
    const packets = datagrams(scenario);

    it.each(ORDERS)('reads as it was on the wire, packets %s', (_name, ordered) => {
      const collector = new SipCollector({ now: () => 0, counted: () => undefined });
      // As the Dial event of the same recording does.
      collector.dialled(legOf(packets));
      for (const datagram of ordered(packets)) collector.receive(datagram);
      const leg = collector.leg(legOf(packets));
      const sent = attempt.carrier_sent.map((line) => Number(line.slice(0, 3)));
      if (attempt.final?.status === 200) {
        expect(leg).toEqual({ kind: 'answered', subAttempts: [] });
        return;
      }
      expect(leg).toMatchObject({
        kind: sent.some((code) => code >= 300) ? 'failed' : 'unfinished',
      });
      if (leg?.kind === 'answered' || !leg) throw new Error('unreachable');
      const { evidence } = leg;
      expect(evidence.sip).toBe(attempt.final?.status);
      expect(evidence.phrase).toBe(attempt.final?.phrase);
      expect(evidence.provisional?.map(({ sip }) => sip).sort()).toEqual(
        sent.filter((code) => code < 200),
      );
      expect(evidence.rang).toBe(sent.includes(180));
      const cancelled = attempt.carrier_received.includes('CANCEL');
      expect(evidence.origin).toBe(cancelled ? 'ours' : attempt.final ? 'far' : 'no-response');
      expect(evidence).toMatchObject({ farEnd: `${CARRIER_A}:5060`, transport: 'UDP' });
      expect(evidence.offer?.streams[0]?.codecs.map(({ name }) => name)).toEqual(['PCMU', 'PCMA']);
    });
  },
);

describe('the times of a recorded leg', () => {
  const timesOf = (scenario: string, ordered = (packets: Buffer[]) => packets) => {
    const collector = new SipCollector({ now: () => 0, counted: () => undefined });
    const packets = datagrams(scenario);
    collector.dialled(legOf(packets));
    for (const datagram of ordered(packets)) collector.receive(datagram);
    return collector.timesOf(legOf(packets));
  };
  const ends = {
    local: expect.stringMatching(/^172\.30\.77\.\d+:5060$/) as string,
    far: `${CARRIER_A}:5060`,
  };

  it('of an answer are in the order of the wire, with both ends and the codecs that it took', () => {
    const times = timesOf('answer');
    expect(times).toMatchObject({ ...ends, codecs: ['PCMU'] });
    const { firstResponseMs = -1, answeredMs = -1 } = times ?? {};
    expect(firstResponseMs).toBeGreaterThan(0);
    expect(answeredMs).toBeGreaterThanOrEqual(firstResponseMs);
  });

  it('of a leg that rang have the 18x between the first response and the end', () => {
    const { firstResponseMs = NaN, rangMs = NaN, failedMs = NaN } = timesOf('ring-503') ?? {};
    expect(rangMs).toBeGreaterThanOrEqual(firstResponseMs);
    expect(failedMs).toBeGreaterThan(rangMs);
  });

  it.each(['503', '486'])('of a %s have no answer, whatever the order of packets', (scenario) => {
    const times = timesOf(scenario);
    expect(times).toMatchObject({ ...ends, failedMs: expect.any(Number) as number });
    expect(times).not.toHaveProperty('answeredMs');
    expect(times).not.toHaveProperty('codecs');
    expect(timesOf(scenario, (packets) => packets.toReversed())).toEqual(times);
  });

  it('of a leg that nobody answered have no response', () => {
    expect(Object.keys(timesOf('silent-timeout') ?? {})).toEqual(['local', 'far']);
  });

  it('of a leg that was never seen are unknown', () => {
    const collector = new SipCollector({ now: () => 0, counted: () => undefined });
    expect(collector.timesOf('nobody')).toBeUndefined();
  });
});

it('the recorded 488 brings the Warning that neither ARI nor the dialplan shows', () => {
  const collector = new SipCollector({ now: () => 0, counted: () => undefined });
  const packets = datagrams('488');
  for (const datagram of packets) collector.receive(datagram);
  collector.dialled(legOf(packets));
  const leg = collector.leg(legOf(packets));
  expect(leg).toMatchObject({
    evidence: {
      statusLine: 'SIP/2.0 488 Not Acceptable Here',
      warnings: [
        { code: 305, agent: 'carrier.example', text: 'Incompatible media format: only G729' },
      ],
    },
  });
});
