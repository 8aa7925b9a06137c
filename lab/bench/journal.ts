/**
 * `npm run bench:journal [-- --calls 500000]`: writes a journal of that many calls, two attempts each fifth one, then
 * asks what operators ask. Prints bytes per call, calls written per second, and milliseconds of each question.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { openJournal } from '../../src/journal/database';
import type { JournalEntry } from '../../src/journal/entry';
import { callOf } from '../../src/journal/read/call';
import { callsOf, type CallFilter } from '../../src/journal/read/calls';
import { settle } from '../../src/journal/figures/settle';
import { decisionsOf, trunkOutcomes } from '../../src/journal/read/decisions';
import { figuresOf } from '../../src/journal/read/figures';
import { reportOf } from '../../src/journal/read/report';
import { JournalWriter } from '../../src/journal/writer';

const START = Date.UTC(2026, 0, 1);
/** A hundred calls a second. Milliseconds. */
const APART = 10;
const BATCH = 500;
const HOUR = 3_600_000;

/** As the service keeps them: the inputs of a decision are most of it. */
const DETAIL = JSON.stringify({ decision: 'd'.repeat(160), inputs: 'i'.repeat(420) });
const FAILURE = JSON.stringify({ evidence: 'e'.repeat(480) });

function callEntries(index: number): readonly JournalEntry[] {
  const at = START + index * APART;
  const of = { pbx: 'asterisk', hunt: `${at}.${index}` };
  const trunk = `carrier-${index % 20}`;
  const number = `0${170_000_000 + ((index * 7919) % 9_999_999)}`;
  const decision = (outcome: string, more: object): JournalEntry => ({
    ...{ kind: 'decision', ...of, at, on: 'route', outcome, caller: `0301${index % 5000}` },
    ...{ detail: DETAIL, ...more },
  });
  const isFailed = index % 5 === 0;
  const failure = {
    ...{ class: index % 50_000 === 0 ? 'no-credit' : 'trunk-congested', fault: 'trunk', sip: 503 },
    ...{ rang: false, detail: FAILURE },
  };
  const last = isFailed ? 'carrier-b' : trunk;
  const timed = (to: string, leg: string, times: object): JournalEntry => ({
    ...{ kind: 'timed', at, ...of, trunk: to },
    times: {
      ...{ id: `${at}.${leg}`, callId: callIdOf(index, leg), invitedAt: at + 2 },
      ...{ firstResponseAt: at + 20, local: '192.0.2.1:5060', far: '192.0.2.200:5060' },
      ...(leg === 'b' && { codecs: ['PCMA', 'telephone-event'] }),
      ...times,
    },
  });
  return [
    {
      ...{ kind: 'hunt', at, ...of, leg: 'PJSIP/caller-00000001', number, policy: 'abc' },
      callerCallId: `${index}@192.0.2.30`,
    },
    decision('dial', { trunk }),
    ...(isFailed
      ? ([
          timed(trunk, 'a', { endedAt: at + 90 }),
          { kind: 'attempt-end', at: at + 90, ...of, trunk, completes: false, failure },
          decision('dial', { trunk: 'carrier-b' }),
        ] as const)
      : []),
    { kind: 'answered', at: at + 4000, ...of, trunk: last },
    timed(last, 'b', { rangAt: at + 1200, answeredAt: at + 4000 }),
    timed(last, 'b', { rangAt: at + 1200, answeredAt: at + 4000, endedAt: at + 90_000 }),
    { kind: 'hunt-end', at: at + 90_000, ...of },
  ];
}

/** As long as Asterisk's. */
function callIdOf(index: number, leg: string): string {
  return `${String(index).padStart(12, '0')}-0c25-4a4a-90b7-f25577bb1c${leg}`;
}

function main(calls: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-journal-'));
  try {
    const file = join(folder, 'journal.db');
    const { database } = openJournal(file, START);
    const writer = new JournalWriter(database, () => undefined);
    const began = performance.now();
    for (let index = 0; index < calls; index += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, offset) => callEntries(index + offset));
      writer.write(batch.flat());
    }
    const seconds = (performance.now() - began) / 1000;
    const bytes = statSync(file).size + statSync(`${file}-wal`).size;
    console.log(`${calls} calls, ${Math.round(calls / seconds)} a second written`);
    console.log(`${Math.round(bytes / calls)} bytes per call, ${Math.round(bytes / 1e6)} MB`);
    const end = START + calls * APART;
    const questions: Readonly<Record<string, Partial<CallFilter>>> = {
      'the latest': {},
      'saved in an hour': { since: end - HOUR, result: 'saved' },
      'the fallback, where there is none': { result: 'fallback' },
      'one trunk in an hour': { since: end - HOUR, trunk: 'carrier-7' },
      'a rare class': { class: 'no-credit' },
      'a status that never came': { sip: 488 },
      'a trunk and a rare class': { trunk: 'carrier-0', class: 'no-credit' },
      'one number': { to: '0170000000' },
      'numbers that begin so': { to: '017012345*' },
      'a caller': { from: '03014242' },
    };
    for (const [name, filter] of Object.entries(questions))
      console.log(measured(name, () => callsOf(database, { limit: 50, ...filter }).calls.length));
    console.log(
      measured(
        'why',
        () => callOf(database, { id: `${START}.0`, number: '' })?.decisions.length ?? 0,
      ),
    );
    console.log(
      measured(
        'why, by a Call-ID',
        () => callOf(database, { id: callIdOf(calls >> 1, 'b'), number: '' })?.legs.length ?? 0,
      ),
    );
    const all = { since: START, until: end };
    for (const until of [end, START + APART * 250])
      console.log(
        measured('a page of a replay', () => {
          const { calls: page } = decisionsOf(database, { since: START, until, limit: 200 });
          return page.length;
        }),
      );
    console.log(
      measured(
        "a trunk's report",
        () => reportOf(database, { ...all, trunk: 'carrier-b' }).failures.length,
      ),
    );
    console.log(
      measured(
        "a trunk's outcomes",
        () => trunkOutcomes(database, { ...all, trunk: 'carrier-b' }).attempts,
      ),
    );
    const counting = performance.now();
    while (settle(database, 10));
    const minutes = Math.ceil((calls * APART) / 60_000);
    const each = (performance.now() - counting) / minutes;
    console.log(`${each.toFixed(1).padStart(8)} ms  to count a minute (of ${minutes})`);
    for (const hours of [1, 24, 168])
      console.log(
        measured(`figures of ${hours} h`, () => {
          const asked = { since: end - hours * HOUR, until: end, now: end, by: 'trunk' } as const;
          return figuresOf(database, asked).all.attempts;
        }),
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(name: string, ask: () => number): string {
  const began = performance.now();
  const found = ask();
  return `${(performance.now() - began).toFixed(1).padStart(8)} ms  ${name} (${found})`;
}

const { calls } = new Command()
  .option('--calls <count>', 'calls in the journal', '500000')
  .parse()
  .opts<{ calls: string }>();
main(Number(calls));
