import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readEvent } from '../../../../adapters/freeswitch/esl/event-json';
import { readBegun, readPlanned } from '../../../../adapters/freeswitch/handover/contract';

const FILE = join(__dirname, '../../../captures/freeswitch-travelled/1.11.2.jsonl.gz');
const [, ...lines] = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n');
const calls = lines.map((line) => JSON.parse(line) as { name: string; events: string[] });

const eventsOf = (name: string, subclass: string) =>
  calls
    .filter((call) => call.name === name)
    .flatMap(({ events }) => events.map((event) => readEvent(Buffer.from(event))))
    .filter((event) => event['Event-Subclass'] === subclass);

describe('calls of a real FreeSWITCH that have not asked', () => {
  it.each(['answer', '503'])('%s: one event tells how the call has begun', (name) => {
    const begun = eventsOf(name, 'crankback::begun');
    expect(begun.map(readBegun)).toEqual([
      expect.objectContaining({ trunk: 'carrier-a', number: '200', generation: 'recorded' }),
    ]);
  });

  it('another one how it went on by its plan, of a call that fails alone', () => {
    expect(eventsOf('answer', 'crankback::planned')).toEqual([]);
    expect(eventsOf('503', 'crankback::planned').map(readPlanned)).toEqual([
      expect.objectContaining({ number: '200', slot: { sip: 503, afterProgress: false } }),
    ]);
  });
});
