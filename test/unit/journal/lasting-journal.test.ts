import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HuntBegun } from '../../../src/events/call-event';
import { JournalBusy, LastingJournal } from '../../../src/journal/thread/lasting-journal';
import { sharedBytes } from '../../../src/policy-file/watch/policy-bytes';
import { pause, untilAsync } from '../../doubles/until';

let folder: string;
const journals: LastingJournal[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-journal-'));
});
afterEach(async () => {
  await Promise.all(journals.splice(0).map((one) => one.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** A journal whose thread does as this program says with each message (`message`, `say`). */
function journalOf(onMessage: string, atBegin = "say({ kind: 'open', file: 'x' });") {
  const entry = join(folder, 'thread.js');
  writeFileSync(
    entry,
    `const { parentPort } = require('node:worker_threads');
     const say = (it) => parentPort.postMessage(it);
     parentPort.on('message', (message) => {
       if (message.kind === 'close') { say({ kind: 'closed' }); process.exit(); }
       ${onMessage}
     });
     ${atBegin}`,
  );
  const told: string[] = [];
  const lost: number[] = [];
  const journal = new LastingJournal({
    ...{ entry, retention: { days: 1, bytes: 1e9 }, now: () => 1 },
    shown: (value) => value,
    told: (message, fields) => told.push(`${message} ${JSON.stringify(fields)}`),
    lost: (count) => lost.push(count),
  });
  journals.push(journal);
  const sum = () => lost.reduce((total, count) => total + count, 0);
  return { journal, told, lost: sum };
}

const begun = (hunt: number): HuntBegun => ({
  ...{ kind: 'hunt-begun', at: 1, pbx: 'asterisk', hunt: String(hunt), leg: 'l' },
  ...{ number: '1', startedAt: 1, policyHash: 'p' },
});

describe('a journal whose thread', () => {
  it('hangs keeps a bounded number of entries, counts the rest, and says so once', async () => {
    const { journal, told, lost } = journalOf('');
    for (let hunt = 0; hunt < 25_000; hunt++) journal.record(begun(hunt));
    expect(lost()).toBeGreaterThanOrEqual(5_000);
    expect(lost()).toBeLessThanOrEqual(7_000);
    expect(told.filter((one) => one.includes('entries are lost'))).toHaveLength(1);
    expect(journal.warnings()).toEqual([expect.stringMatching(/came faster than they could be/)]);
    const before = Date.now();
    await journal.stop();
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('cannot write tells how many are missing before the next one, and recovers', async () => {
    const { journal, told, lost } = journalOf(
      `globalThis.batches = (globalThis.batches ?? 0) + 1;
       if (message.kind === 'ask') return say({ kind: 'answer', id: message.id, answer: globalThis.seen });
       globalThis.seen = message.entries;
       say(globalThis.batches === 1 ? { kind: 'not-written', why: 'disk full' } : { kind: 'written', bytes: 1 });`,
    );
    journal.record(begun(1));
    journal.record(begun(2));
    await untilAsync(() => Promise.resolve(lost() === 2));
    expect(journal.warnings()).toEqual(['journal: entries are lost: disk full [CB6002]']);
    journal.record(begun(3));
    await untilAsync(() => Promise.resolve(journal.warnings().length === 0));
    expect(await journal.ask('calls', { limit: 1 })).toMatchObject([
      { kind: 'lost', count: 2, why: 'disk full' },
      { kind: 'hunt', hunt: '3' },
    ]);
    expect(told.at(-1)).toMatch(/written again/);
  });

  it('is slow has all that was waiting before it is closed', async () => {
    const file = join(folder, 'written');
    const { journal, lost } = journalOf(
      `require('node:fs').appendFileSync(${JSON.stringify(file)}, message.entries.map(({ hunt }) => hunt + ' ').join(''));
       if (globalThis.first) say({ kind: 'written' });
       globalThis.first = true;`,
    );
    journal.record(begun(0));
    await untilAsync(() => Promise.resolve(existsSync(file)));
    // Behind a batch that is still being written.
    for (let hunt = 1; hunt <= 2_500; hunt++) journal.record(begun(hunt));
    await journal.stop();
    expect(readFileSync(file, 'utf8').trim().split(' ')).toHaveLength(2_501);
    expect(lost()).toBe(0);
  });

  it('cannot delete what is too old loses nothing that is being written', async () => {
    const { journal, told, lost } = journalOf("say({ kind: 'not-cleaned', why: 'disk full' });");
    journal.record(begun(1));
    await untilAsync(() => Promise.resolve(told.some((one) => one.includes('too old'))));
    expect([lost(), journal.warnings()]).toEqual([0, []]);
  });

  it('writes to memory only says so for as long as it does', async () => {
    const { journal } = journalOf(
      "say({ kind: 'written' });",
      "say({ kind: 'open', file: ':memory:', why: 'no such folder' });",
    );
    await untilAsync(() => Promise.resolve(journal.warnings().length > 0));
    journal.record(begun(1));
    await pause(500);
    expect(journal.warnings()).toEqual(['journal: kept in memory only: no such folder [CB6001]']);
  });

  it('gets a policy with its text, since its file may say something else by then', async () => {
    const { journal } = journalOf(
      `if (message.kind === 'ask') return say({ kind: 'answer', id: message.id, answer: globalThis.text });
       globalThis.text = Buffer.from(message.entries[0].text).toString();
       say({ kind: 'written' });`,
    );
    const text = sharedBytes('# for Zürich');
    journal.policyInForce({ hash: 'f00', file: 'is-not-there.yaml', text });
    await untilAsync(
      async () => ((await journal.ask('calls', { limit: 1 })) as unknown) === '# for Zürich',
    );
  });

  it('dies begins again, and whoever asked is told', async () => {
    const { journal, told } = journalOf("if (message.kind === 'ask') process.exit(1);");
    await untilAsync(async () => {
      await expect(journal.ask('calls', { limit: 1 })).rejects.toThrow(JournalBusy);
      return told.some((one) => one.includes('begins again'));
    });
    // Without a thread, the answer is as good as at once.
    await expect(journal.ask('calls', { limit: 1 })).rejects.toThrow(/too much to do/);
  });

  it('is asked by more than it can bear refuses the others at once', async () => {
    const { journal } = journalOf(
      "if (message.kind === 'ask') setTimeout(() => say({ kind: 'answer', id: message.id }), 300);",
    );
    await pause(50);
    const asked = Array.from({ length: 40 }, () => journal.ask('calls', { limit: 1 }));
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
  });
});
