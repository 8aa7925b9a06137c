import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AttemptFailed, Decided } from '../../../src/events/call-event';
import type { Failure } from '../../../src/model/failure';
import { Journal } from '../../../src/records/journal';

const begun = (hunt: string, number = '200') => ({
  kind: 'hunt-begun' as const,
  at: 0,
  hunt,
  pbx: 'asterisk',
  leg: 'PJSIP/caller-00000001',
  number,
  startedAt: 0,
  policyHash: '0'.repeat(12),
});
const ids = (journal: Journal) => [...journal.newestFirst()].map((hunt) => hunt?.id);

const failure = (phrase: string): Failure => ({
  class: 'trunk-congested',
  fault: 'trunk',
  sip: 503,
  phrase,
  rang: false,
  progress: false,
  earlyMediaMs: 0,
  origin: 'far',
  contradictions: [],
  evidence: [
    {
      source: 'hep',
      rang: false,
      progress: false,
      origin: 'far',
      warnings: [{ code: 399, agent: 'carrier', text: phrase }],
    },
  ],
});

const failed = (hunt: string, phrase: string): AttemptFailed => ({
  kind: 'attempt-failed',
  at: 1,
  pbx: 'asterisk',
  hunt,
  number: '200',
  trunk: 'carrier-a',
  failure: failure(phrase),
  observed: false,
  complete: true,
});

const decided = (hunt: string, phrase: string): Decided => ({
  kind: 'decided',
  at: 2,
  pbx: 'asterisk',
  hunt,
  on: 'failed',
  number: '200',
  decision: { outcome: { kind: 'relay', sip: 503 }, why: 'relayed', refused: [] },
  passedOver: [],
  inputs: {
    policyHash: '0'.repeat(12),
    hunt: { number: '200', startedAt: 0, attempts: [], mailboxMissing: false },
    failure: failure(phrase),
    trunks: { obstacles: {}, turn: 0 },
    now: 2,
  },
  planned: false,
  degraded: false,
  repeated: false,
});

describe('the journal', () => {
  it('keeps no more hunts than its capacity and forgets the oldest first', () => {
    const journal = new Journal({ hunts: 3 });
    for (let index = 1; index <= 1000; index++) journal.record(begun(`h${index}`));
    expect(ids(journal)).toEqual(['h1000', 'h999', 'h998']);
    expect(journal.find('h997')).toBeUndefined();
    expect(journal.find('h998')).toBeDefined();
  });

  it('opens a hunt once: its later handovers find the same record', () => {
    const journal = new Journal({ hunts: 3 });
    journal.record(begun('h1'));
    const attempt = { trunk: 'carrier-a', sip: 486, rang: false };
    journal.record({ kind: 'attempt-recovered', at: 0, pbx: 'asterisk', hunt: 'h1', attempt });
    journal.record(begun('h1', '999'));
    expect(journal.find('h1')).toMatchObject({ number: '200', attempts: [{ class: 'busy' }] });
    expect(ids(journal)).toEqual(['h1']);
  });

  it('tells of a hunt all that became of it, and nothing of how it is kept', () => {
    const journal = new Journal({ hunts: 3 });
    const of = { pbx: 'asterisk', hunt: 'h1' } as const;
    journal.record(begun('h1'));
    journal.record(decided('h1', 'Service Unavailable'));
    journal.record({ kind: 'answer-not-taken', ...of, at: 3, decidedAt: 2, why: 'it is gone' });
    journal.record(failed('h1', 'Service Unavailable'));
    const completed = { ...failure('Service Unavailable'), location: 'LN' } as const;
    const about = { ...of, at: 4, number: '200', trunk: 'carrier-a' } as const;
    journal.record({
      kind: 'evidence-completed',
      ...about,
      reported: failure('Service Unavailable'),
      failure: completed,
    });
    journal.record({ kind: 'late-answered', ...of, at: 5, trunk: 'carrier-a', leg: 'l' });
    journal.record({
      kind: 'attempt-answered',
      ...of,
      at: 6,
      trunk: 'b',
      retry: true,
      earlier: [],
    });
    journal.record({ kind: 'hunt-ended', ...of, at: 7 });
    const { kind, at, hunt, ...start } = begun('h1');
    expect([kind, at]).toEqual(['hunt-begun', 0]);
    expect(journal.find('h1')).toEqual({
      ...{ ...start, id: hunt, answered: { trunk: 'b' }, endedAt: 7 },
      attempts: [
        {
          ...{ trunk: 'carrier-a', class: 'trunk-congested', rang: false, sip: 503 },
          ...{ phrase: 'Service Unavailable', location: 'LN', lateAnswer: true },
        },
      ],
      decisions: [expect.objectContaining({ at: 2, why: 'relayed', failed: 'it is gone' })],
    });
  });

  it('gives the newest first', () => {
    const journal = new Journal({ hunts: 10 });
    for (const id of ['h0', 'h1', 'h2']) journal.record(begun(id));
    expect(ids(journal)).toEqual(['h2', 'h1', 'h0']);
  });
});

describe('what others can make long', () => {
  const LONG = 'x'.repeat(30_000);

  it('is cut, marked and counted', () => {
    const leftOut: string[] = [];
    const journal = new Journal({ hunts: 10 }, (what) => leftOut.push(what));
    journal.record(begun('h1'));
    journal.record(failed('h1', LONG));
    journal.record(decided('h1', LONG));
    const record = journal.find('h1');
    expect(record?.attempts[0]?.phrase).toBe(`${'x'.repeat(1000)}… (29000 more)`);
    expect(record?.decisions[0]?.inputs?.failure?.evidence[0]?.warnings).toEqual([
      { code: 399, agent: 'carrier', text: `${'x'.repeat(1000)}… (29000 more)` },
    ]);
    expect(record?.leftOut).toEqual({ cut: 3 });
    expect(leftOut).toEqual(['cut', 'cut', 'cut']);
  });

  it('is kept whole where it is as long as it may be in earnest', () => {
    const leftOut: string[] = [];
    const journal = new Journal({ hunts: 10 }, (what) => leftOut.push(what));
    journal.record(begun('h1'));
    const event = decided('h1', 'Service Unavailable'.repeat(50));
    journal.record(event);
    expect(journal.find('h1')?.decisions[0]?.inputs).toEqual(event.inputs);
    expect(journal.find('h1')).not.toHaveProperty('leftOut');
    expect(leftOut).toEqual([]);
  });

  it('as a list is cut as well', () => {
    const journal = new Journal({ hunts: 10 });
    journal.record(begun('h1'));
    const invite = { sip: 407, farEnd: '192.0.2.1:5060' };
    const earlier = Array.from({ length: 5000 }, () => invite);
    journal.record({
      kind: 'attempt-answered',
      at: 1,
      pbx: 'asterisk',
      hunt: 'h1',
      trunk: 'carrier-a',
      retry: false,
      earlier,
    });
    expect(journal.find('h1')?.answered?.earlier).toHaveLength(100);
    expect(journal.find('h1')?.leftOut).toEqual({ cut: 1 });
  });

  it('has room for 10,000 hunts of the usual length', () => {
    const journal = new Journal({ hunts: 10_000 });
    for (let index = 0; index < 10_000; index++) {
      journal.record(begun(`h${index}`));
      journal.record(decided(`h${index}`, 'OK'));
      journal.record(failed(`h${index}`, 'Service Unavailable'));
      journal.record(decided(`h${index}`, 'Service Unavailable'));
    }
    expect(journal.size).toBe(10_000);
    expect([...journal.newestFirst()].at(-1)?.leftOut).toBeUndefined();
  });

  it('makes the oldest hunts go: all together have a bound in bytes', () => {
    const journal = new Journal({ hunts: 10_000, bytes: 100_000 });
    for (let index = 0; index < 1000; index++) {
      journal.record(begun(`h${index}`));
      journal.record(decided(`h${index}`, `${index}`.repeat(300)));
      expect(journal.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(journal.size).toBeGreaterThan(10);
    expect(journal.size).toBeLessThan(200);
    expect(ids(journal)[0]).toBe('h999');
    expect(journal.find('h0')).toBeUndefined();
  });

  it('fills one hunt up to a bound: what comes later is left out, inputs first', () => {
    const leftOut: string[] = [];
    const journal = new Journal({ hunts: 10, bytesOfHunt: 10_000 }, (what) => leftOut.push(what));
    journal.record(begun('h1'));
    for (let index = 0; index < 1000; index++) journal.record(decided('h1', 'x'.repeat(900)));
    const record = journal.find('h1');
    expect(journal.bytes).toBeLessThanOrEqual(10_000);
    expect(record?.decisions[0]?.inputs).toBeDefined();
    expect(record?.decisions.at(-1)?.inputs).toBeUndefined();
    const kept = record?.decisions.length ?? 0;
    expect(kept).toBeGreaterThan(3);
    expect(record?.leftOut?.entry).toBe(1000 - kept);
    expect(leftOut.filter((what) => what === 'entry')).toHaveLength(1000 - kept);
    // It still takes what is short.
    journal.record({ kind: 'hunt-ended', at: 9, pbx: 'asterisk', hunt: 'h1' });
    expect(journal.find('h1')?.endedAt).toBe(9);
  });

  it('lies outside of the heap, which each collection of garbage would look through', () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const journal = new Journal({ hunts: 10_000 });
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 2000; index++) {
      journal.record(begun(`h${index}`));
      for (let times = 0; times < 5; times++) journal.record(decided(`h${index}`, 'x'.repeat(300)));
    }
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(journal.bytes / 2);
  });

  it('occupies no more memory than it says, whatever the texts were a part of', () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const journal = new Journal({ hunts: 10_000 });
    collect();
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const before = used();
    for (let index = 0; index < 2000; index++) {
      // As a parser cuts it out of a datagram: V8 keeps all of it for the piece.
      const message = `${index} ${LONG}`;
      journal.record({ ...begun(`h${index}`), leg: message.slice(0, 100) });
      journal.record(failed(`h${index}`, message.slice(100, 200)));
      journal.record(decided(`h${index}`, message.slice(200, 300)));
    }
    collect();
    // The whole messages would be 60 MB.
    expect(used() - before).toBeLessThan(1.5 * journal.bytes);
    expect(journal.bytes).toBeLessThan(10_000_000);
  });
});
