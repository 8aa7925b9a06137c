import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SipCollector } from '../../../../adapters/hep/collector';
import { decodeHep, endpointText, type HepPacket } from '../../../../adapters/hep/packet';
import { callsIn } from '../../../../src/explain/story/traced-calls';
import { readTrace } from '../../../../src/explain/traces/read-trace';
import { attemptSip } from '../../../../src/sip/attempt';
import { wire } from '../../../doubles/captures';

const FOLDER = join(__dirname, '../../../captures/asterisk-22.10.1');
const CARRIER_A = '172.30.77.21';
/** Nothing was sent there, so nothing could be mirrored. */
const NEVER_SENT = new Set(['no-dns', 'unregistered']);

function packetsOf(scenario: string): readonly HepPacket[] {
  const lines = readFileSync(join(FOLDER, `${scenario}.hep.hex`), 'utf8')
    .trim()
    .split('\n');
  return lines.flatMap((hex) => {
    const packet = decodeHep(Buffer.from(hex, 'hex'));
    return typeof packet === 'string' ? [] : [packet];
  });
}

/** As sngrep saves it. */
function exported({ at, source, destination, payload }: HepPacket): string {
  const [day = '', time = ''] = new Date(at).toISOString().split(/[TZ]/);
  const micros = String(Math.round((at % 1000) * 1000)).padStart(6, '0');
  const stamp = `${day.replaceAll('-', '/')} ${time.slice(0, 8)}.${micros}`;
  const ends = `${endpointText(source)} -> ${endpointText(destination)}`;
  return `${stamp} ${ends}\n${payload.toString('latin1')}\n\n`;
}

describe.each(Object.keys(wire).filter((name) => !NEVER_SENT.has(name)))(
  'the recording %s, saved by sngrep',
  (scenario) => {
    it('gives the very evidence that mirrored SIP gave', () => {
      const packets = packetsOf(scenario).filter(({ source, destination }) =>
        [source.address, destination.address].includes(CARRIER_A),
      );
      const trace = readTrace(Buffer.from(packets.map(exported).join(''), 'latin1'));
      if (typeof trace === 'string') throw new Error(trace);
      expect(trace.remarks).toEqual([]);
      const { calls } = callsIn(trace);
      expect(calls.length).toBeGreaterThan(0);

      const collector = new SipCollector({ now: () => 0, counted: () => undefined });
      for (const { callId } of calls) collector.dialled(callId);
      const lines = readFileSync(join(FOLDER, `${scenario}.hep.hex`), 'utf8')
        .trim()
        .split('\n');
      for (const hex of lines) collector.receive(Buffer.from(hex, 'hex'));

      for (const { callId, transactions } of calls)
        expect(attemptSip(transactions)).toEqual(collector.leg(callId));
    });
  },
);
