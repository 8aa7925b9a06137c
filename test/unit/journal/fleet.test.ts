import { deflateRawSync } from 'node:zlib';
import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { packed, readItem, LONGEST_ITEM } from '../../../src/journal/fleet/item';
import { FleetMember } from '../../../src/journal/fleet/member';
import { callOf } from '../../../src/journal/read/call';
import { callsOf } from '../../../src/journal/read/calls';
import { policyOf } from '../../../src/journal/read/call';
import { retain } from '../../../src/journal/retention';
import { JournalWriter } from '../../../src/journal/writer';

const START = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;
const OF = { pbx: 'asterisk', hunt: 'h1' };
const HUNT: JournalEntry = { kind: 'hunt', at: START, ...OF, leg: 'l', number: '030', policy: 'p' };
const TELLER = { journal: 'other', name: 'site-a' };

function journal(name = 'site-b') {
  const { database } = openJournal(':memory:', START);
  const member = new FleetMember(database, { name, maskNumbers: false });
  const writer = new JournalWriter(database);
  return {
    ...{ database, member },
    write: (...entries: JournalEntry[]) => writer.write(entries),
    /** Entries of another instance. */
    take: (entries: readonly JournalEntry[], first = 0, teller = TELLER) =>
      member.take(
        { items: packed(entries, teller, first).map(({ text }) => ['1-1', text]) },
        START,
      ),
    losses: () => database.all('SELECT count, why FROM losses ORDER BY rowid'),
    calls: () => callsOf(database, { limit: 50 }).calls,
  };
}

/** An item as anybody could write it. */
const forged = (more: object) =>
  deflateRawSync(JSON.stringify({ v: 1, ...TELLER, first: 0, entries: [HUNT], ...more })).toString(
    'base64',
  );

describe('what another instance tells', () => {
  it('is written once, however often it is read, and what never came is named', () => {
    const { take, losses, calls } = journal();
    const more: JournalEntry = { ...HUNT, hunt: 'h2' };
    expect(take([HUNT, more], 7)).toMatchObject({ written: 2, missing: 0, cursor: '1-1' });
    expect(take([HUNT, more], 7)).toMatchObject({ written: 0, missing: 0 });
    expect(take([more, { ...HUNT, hunt: 'h3' }], 8)).toMatchObject({ written: 1, missing: 0 });
    expect(losses()).toEqual([]);
    expect(take([{ ...HUNT, hunt: 'h9' }], 14)).toMatchObject({ written: 1, missing: 4 });
    expect(losses()).toEqual([{ count: 4, why: 'entries of site-a never came' }]);
    expect(
      calls()
        .map(({ hunt, instance }) => `${instance} ${hunt}`)
        .sort(),
    ).toEqual([...['site-a h1', 'site-a h2', 'site-a h3', 'site-a h9']]);
  });

  it.each<[string, JournalEntry]>([
    ['ends', { kind: 'hunt-end', at: START + 5, ...OF }],
    ['answers', { kind: 'answered', at: START + 5, ...OF, trunk: 't' }],
    ['sends to the fallback', { kind: 'not-carried-out', at: START + 5, ...OF, why: 'x' }],
    [
      'decides on',
      {
        ...{ kind: 'decision', at: START + 5, ...OF, on: 'route', outcome: 'dial', trunk: 't' },
        detail: '{"decision":{"outcome":{"kind":"dial"}}}',
      },
    ],
  ])('never %s a call of this instance that has the same id', (_, entry) => {
    const { write, take, calls } = journal();
    write(HUNT);
    const before = calls();
    expect(take([{ ...HUNT, number: '666' }, entry])).toMatchObject({ written: 2, bad: [] });
    expect(calls().filter(({ instance }) => instance === 'site-b')).toEqual(before);
  });

  it.each<[string, object, RegExp]>([
    ['no entry', { entries: [] }, /^entries/],
    ['a kind that there is not', { entries: [{ ...HUNT, kind: 'x' }] }, /^entries\.0/],
    ['a number that is none', { entries: [{ ...HUNT, number: 5 }] }, /number/],
    ['a text without an end', { entries: [{ ...HUNT, leg: 'l'.repeat(257) }] }, /leg/],
    ['a time that is none', { entries: [{ ...HUNT, at: 1e300 }] }, /at/],
    ['a name that no instance has', { name: 'a b' }, /^name/],
    ['a number before the first', { first: -1 }, /^first/],
    ['another version', { v: 2 }, /^v/],
    [
      'a decision that no reader understands',
      { entries: [{ kind: 'decision', at: 1, ...OF, on: 'x', outcome: 'x', detail: '{}' }] },
      /detail/,
    ],
  ])('is refused with %s, and the place is named', (_, more, why) => {
    expect(readItem(forged(more))).toEqual({
      ok: false,
      why: expect.stringMatching(why) as string,
    });
  });

  it('is refused where it is longer than an item, or unpacks to more', () => {
    expect(readItem('x'.repeat(LONGEST_ITEM + 1))).toEqual({ ok: false, why: 'too long' });
    const bomb = deflateRawSync(JSON.stringify('0'.repeat(40e6))).toString('base64');
    expect(bomb.length).toBeLessThan(LONGEST_ITEM);
    expect(readItem(bomb)).toEqual({ ok: false, why: 'not packed as an item is' });
  });

  it('steers no terminal', () => {
    const { take, database } = journal();
    const detail = JSON.stringify({ decision: { outcome: { kind: '\u001b[2J' } } });
    const decided = { kind: 'decision', at: START, ...OF, on: 'x', outcome: 'x', detail } as const;
    const pbx = 'asterisk\u001b[2J';
    take([
      { ...HUNT, pbx, number: '1\u001b[2J', leg: '\u202e' },
      { ...decided, pbx },
    ]);
    const call = callOf(database, { id: 'h1', number: '' });
    const told = { pbx: 'asterisk\\u001b[2J', number: '1\\u001b[2J', leg: '\\u202e' };
    expect(call).toMatchObject(told);
    expect(call?.decisions[0]?.detail).toEqual({ decision: { outcome: { kind: '\\u001b[2J' } } });
  });

  it('is no call of tomorrow, which would outlast all others', () => {
    const { take, calls } = journal();
    expect(take([{ ...HUNT, at: START + DAY }])).toMatchObject({
      ...{ written: 0, bad: ['site-a: a time that is still to come'] },
    });
    expect(calls()).toEqual([]);
  });

  it('comes from 256 instances at most', () => {
    const { take } = journal();
    const tell = (index: number) => take([HUNT], 0, { journal: `j${index}`, name: 'x' });
    for (let index = 0; index < 256; index++) expect(tell(index).bad).toEqual([]);
    expect(tell(256)).toMatchObject({ written: 0, bad: ['x: more than 256 instances'] });
  });

  it('is no text of a policy that its hash is not of', () => {
    const { take, database } = journal();
    take([{ kind: 'policy', at: START, hash: 'f00', file: 'a.yaml', text: 'forged' }]);
    expect(policyOf(database, 'f00')).toEqual({ hash: 'f00', file: 'a.yaml' });
  });

  it('leaves each instance the policy that was in force when its oldest call began', () => {
    const { write, take, database } = journal();
    const policy = (hash: string, at: number): JournalEntry => ({
      kind: 'policy',
      at,
      hash,
      file: 'f',
    });
    take([policy('of-a', START - 40 * DAY), { ...HUNT, at: START - DAY }]);
    write(policy('of-b', START - 20 * DAY), policy('of-b2', START - 15 * DAY));
    retain(database, { days: 10, bytes: 1e9 }, START);
    expect(policyOf(database, 'of-a')).toBeDefined();
    expect(policyOf(database, 'of-b')).toBeUndefined();
    expect(policyOf(database, 'of-b2')).toBeDefined();
  });
});

describe('what this instance tells', () => {
  it('is packed into items that are short enough, in order and without a gap', () => {
    const noise = (index: number) =>
      Array.from({ length: 60 }, (_, at) => Math.sin(index * 1000 + at)).join();
    const entries = Array.from({ length: 2_000 }, (_, index): JournalEntry => ({
      ...{ kind: 'trunk', at: START, trunk: 't', side: 'far', from: 'a', to: 'b' },
      detail: JSON.stringify({ noise: noise(index) }),
    }));
    const items = packed(entries, TELLER, 5);
    let next = 5;
    const told = items.flatMap(({ first, count, text }) => {
      expect([first, text.length <= LONGEST_ITEM]).toEqual([next, true]);
      next += count;
      const read = readItem(text);
      return read.ok ? read.item.entries : [];
    });
    expect(told).toEqual(entries);
  });

  it('leaves out what is too long by itself', () => {
    const long = Array.from({ length: 20_000 }, (_, at) => Math.sin(at)).join();
    const entry: JournalEntry = { kind: 'lost', at: START, count: 1, why: long } as never;
    expect(packed([HUNT, entry, HUNT], TELLER, 0).map(({ first }) => first)).toEqual([0, 2]);
  });

  it('is not read back', () => {
    const { member, write, calls } = journal();
    const numbered = member.number([HUNT]);
    write(HUNT);
    const items = member.pack(numbered).map(({ text }) => ['1-1', text] as const);
    expect(member.take({ items }, START)).toMatchObject({ written: 0, bad: [] });
    expect(calls()).toHaveLength(1);
  });
});
