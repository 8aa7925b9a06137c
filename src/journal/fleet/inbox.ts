import type { Database } from 'node-sqlite3-wasm';
import type { Shown } from '../../records/shown';
import type { JournalEntry } from '../entry';
import { JournalWriter } from '../writer';
import { readItem, type FleetItem } from './item';
import { maskedEntry } from './masked';

/** What was read from the stream of all instances, the oldest first. */
export interface FleetRead {
  /**
   * Id of the item in the stream, and its text; the text is empty where it is too long, or no item, and `OWN_ITEM` where
   * this instance wrote it.
   */
  readonly items: readonly (readonly [id: string, text: string])[];
  /** Items were cut off before they could be read. */
  readonly cut?: boolean;
}

/** Stands for what this instance told itself. */
export const OWN_ITEM = '=';

export interface FleetTaken {
  /** Id of this journal. */
  readonly journal: string;
  /** Id of the last item that was read, `0-0` for none. */
  readonly cursor: string;
  /** Entries of other instances that were written now. */
  readonly written: number;
  /** Entries of other instances that never came. */
  readonly missing: number;
  /** What is wrong with items that no crankback writes. */
  readonly bad: readonly string[];
}

/** Instances that are known at once: any journal that is begun anew is one more. */
const MOST_INSTANCES = 256;
/** Clocks of machines differ. What is later than this could never grow old. Milliseconds. */
const EARLY_MS = 3_600_000;
/** Of another crankback's policy; see `hashOf`. */
export type VerifiedText = (policy: { file: string; hash: string; text: string }) => boolean;

/** Writes what other instances tell into this journal: each entry once, whatever comes and however often. */
export class Inbox {
  /**
   * @param own id of this journal
   * @param shown masks numbers where they are masked at rest
   * @param isText whether a policy's text is the one that its hash is of
   */
  constructor(
    private readonly database: Database,
    private readonly parts: {
      readonly own: string;
      readonly shown: Shown;
      readonly isText: VerifiedText;
    },
  ) {}

  /**
   * All or nothing.
   * @param now Unix time in milliseconds
   * @throws SQLite3Error
   */
  take({ items, cut = false }: FleetRead, now: number): FleetTaken {
    const { database } = this;
    const result = { written: 0, missing: 0, bad: [] as string[] };
    database.exec('BEGIN IMMEDIATE');
    try {
      if (cut) this.tellLoss(now, 0, 'the stream of all instances was cut before it was read');
      for (const [, text] of items) {
        if (text === OWN_ITEM) continue;
        const read =
          text === '' ? ({ ok: false, why: 'no item, or too long' } as const) : readItem(text);
        if (read.ok) this.takeItem(read.item, now, result);
        else result.bad.push(read.why);
      }
      const last = items.at(-1)?.[0];
      if (last !== undefined) database.run('UPDATE fleet SET cursor = ?', [last]);
      database.exec('COMMIT');
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      throw error;
    }
    const cursor = database.get('SELECT cursor FROM fleet')?.['cursor'] as string;
    return { journal: this.parts.own, cursor, ...result };
  }

  private takeItem(
    item: FleetItem,
    now: number,
    result: { written: number; missing: number; bad: string[] },
  ): void {
    // What this instance told is here already.
    if (item.journal === this.parts.own) return;
    if (item.entries.some(({ at }) => at > now + EARLY_MS)) {
      result.bad.push(`${item.name}: a time that is still to come`);
      return;
    }
    const known = this.known(item, now);
    if (known === undefined) {
      result.bad.push(`${item.name}: more than ${MOST_INSTANCES} instances`);
      return;
    }
    const { row, next } = known;
    const missing = Math.max(0, item.first - next);
    if (missing > 0) {
      result.missing += missing;
      this.tellLoss(now, missing, `entries of ${item.name} never came`);
    }
    // What was read before is not written again.
    const fresh = item.entries.slice(Math.max(0, next - item.first));
    if (fresh.length === 0) return;
    const writer = new JournalWriter(this.database, row);
    try {
      for (const entry of fresh) writer.add(this.kept(entry, item.name));
    } finally {
      writer.close();
    }
    result.written += fresh.length;
    this.database.run('UPDATE instances SET next = ?, heard_at = ? WHERE row = ?', [
      ...[item.first + item.entries.length, now, row],
    ]);
  }

  /** As this journal keeps it. */
  private kept(entry: JournalEntry, name: string): JournalEntry {
    if (entry.kind === 'lost') return { ...entry, why: `${name}: ${entry.why}` };
    if (entry.kind === 'policy') {
      const { text, ...rest } = entry;
      return typeof text === 'string' && this.parts.isText({ ...rest, text }) ? entry : rest;
    }
    return maskedEntry(entry, this.parts.shown);
  }

  /** An instance from its first item on: what it told before was not for this journal. */
  private known(
    { journal, name, first }: FleetItem,
    now: number,
  ): { readonly row: number; readonly next: number } | undefined {
    const { database } = this;
    const find = () =>
      database.get('SELECT row, next FROM instances WHERE journal = ? AND name = ? AND row > 0', [
        ...[journal, name],
      ]);
    const row = find();
    if (row) return { row: Number(row['row']), next: Number(row['next']) };
    const count = Number(database.get('SELECT count(*) AS n FROM instances')?.['n']);
    if (count > MOST_INSTANCES) return undefined;
    database.run('INSERT INTO instances(journal, name, next, heard_at) VALUES(?, ?, ?, ?)', [
      ...[journal, name, first, now],
    ]);
    return { row: Number(find()?.['row']), next: first };
  }

  private tellLoss(at: number, count: number, why: string): void {
    this.database.run('INSERT INTO losses(at, count, why) VALUES(?, ?, ?)', [at, count, why]);
  }
}
