import type { Database } from 'node-sqlite3-wasm';
import type { CallFilter } from './calls-filter';
import { search } from './calls-search';
import { lossesOf, type Loss } from './losses';
import { present, type Row } from './row';

export { CALL_RESULTS, type CallFilter, type CallResult } from './calls-filter';
export { instanceOf, present, type Row } from './row';

/** One call in a list. */
export interface CallRow {
  /** Name of the instance that decided; absent where no fleet is set. */
  readonly instance?: string;
  readonly hunt: string;
  readonly pbx: string;
  readonly number: string;
  readonly caller?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Of the last decision, or `answered`; absent where nothing was decided. */
  readonly outcome?: string;
  /** Dialled last. */
  readonly trunk?: string;
  /** The caller's final status, where it was relayed. */
  readonly sip?: number;
  /** Class of the last failure. */
  readonly class?: string;
  readonly attempts: number;
  readonly failures: number;
  readonly fellBack: boolean;
  readonly saved: boolean;
}

export interface CallPage {
  readonly calls: readonly CallRow[];
  /** The next page's `before`; absent at the end. */
  readonly next?: string;
  /** What the journal lacks in the time of these calls, the latest first; absent: nothing that is known. */
  readonly missing?: readonly Loss[];
}

/** A page ends when it has looked for this long. Milliseconds. */
const LOOKING_MS = 120;

/**
 * Calls, the latest first. What an attempt must have, one attempt must have together. A page may have fewer calls than
 * were asked for, and a `next` all the same: nobody who writes waits for a question that takes long.
 */
export function callsOf(database: Database, filter: CallFilter, lookingMs = LOOKING_MS): CallPage {
  const { limit, changed } = filter;
  const enough = performance.now() + (changed === undefined ? lookingMs : Infinity);
  const calls: CallRow[] = [];
  let next: string | undefined;
  let last = '';
  for (const found of search(database, filter)) {
    if (!('hunt' in found)) {
      last = found.place;
      if (performance.now() < enough) continue;
      next = last;
      break;
    }
    if (calls.length === limit) {
      next = last;
      break;
    }
    calls.push(callRow(found.hunt));
    last = found.place;
  }
  const missing = changed === undefined ? missingIn(database, filter, next) : [];
  return {
    calls,
    ...(next !== undefined && { next }),
    ...(missing.length > 0 && { missing }),
  };
}

/** In the time of a page's calls. */
function missingIn(
  database: Database,
  { since = 0, until = Number.MAX_SAFE_INTEGER, before }: CallFilter,
  next: string | undefined,
): readonly Loss[] {
  const at = (cursor: string | undefined, otherwise: number): number =>
    cursor === undefined ? otherwise : Number.parseInt(cursor, 10);
  return lossesOf(database, at(next, since), Math.min(until, at(before, until)));
}

export function callRow(row: Row): CallRow {
  const text = (name: string) => row[name] as string;
  const count = (name: string) => Number(row[name]);
  const outcome = row['outcome'];
  const answered = row['answered_at'] !== null;
  const fellBack = row['fell_back'] === 1;
  const saved = count('failures') > 0 && !fellBack && (answered || outcome === 'voicemail');
  return {
    ...present(row, { instance_name: 'instance' }),
    hunt: text('id'),
    pbx: text('pbx'),
    number: text('number'),
    startedAt: count('started_at'),
    ...present(row, {
      caller: 'caller',
      ended_at: 'endedAt',
      outcome: 'outcome',
      trunk: 'trunk',
      sip: 'sip',
      class: 'class',
    }),
    attempts: count('attempts'),
    failures: count('failures'),
    fellBack,
    saved,
  };
}
