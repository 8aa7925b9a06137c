import type { Database } from 'node-sqlite3-wasm';
import { PLACE, type CallFilter } from './calls-filter';
import { all, conditionsOf, valuesOf, wayOf, type Condition, type Way } from './calls-way';
import { instanceOf, type Row } from './row';

/** A place in the order of time. */
interface Place {
  readonly at: number;
  readonly row: number;
}

/** Rows of the index that are looked through at first, and at most, before the time is looked at. */
const FIRST_SLICE = 500;
const SLICE = 2_000;

/** A call with its place, or how far the search has come without another one. A place among attempts ends with `a`. */
export type Found = { readonly hunt: Row; readonly place: string } | { readonly place: string };

/**
 * Calls that a filter takes, the latest first, each once. What an attempt must have, one attempt must have together.
 * Between slices of the index it tells how far it has come, so that whoever reads may stop.
 */
export function* search(database: Database, filter: CallFilter): Iterable<Found> {
  const begun = placeOf(filter.before);
  const way = wayOf(database, filter, begun?.of);
  const ofAttempts = way.of === 'attempts';
  const textOf = (at: unknown, of: unknown) =>
    `${String(at)}-${String(of)}${ofAttempts ? 'a' : ''}`;
  const [time, row] = ofAttempts ? ['a.began_at', 'a.row'] : ['h.started_at', 'h.row'];
  const source = `${way.of} ${ofAttempts ? 'a' : 'h'} ${way.index}`;
  const whole = ofAttempts ? `${source} CROSS JOIN hunts h ON h.row = a.hunt` : source;
  const order = `ORDER BY ${time} DESC, ${row} DESC`;
  const { indexed, other } = conditionsOf(filter, way);
  /** One bound at each end: SQLite looks by the first one that it finds, and not by the closest. */
  const between = (from: Place | undefined, to: Place | undefined): readonly Condition[] => [
    ...indexed,
    ...(from ? [{ sql: `(${time}, ${row}) >= (?, ?)`, values: [from.at, from.row] }] : []),
    ...(to ? [{ sql: `(${time}, ${row}) < (?, ?)`, values: [to.at, to.row] }] : []),
  ];
  const placeBefore = (from: Place | undefined, to: Place | undefined, rows: number) => {
    const conditions = between(from, to);
    const found = database.get(
      `SELECT ${time} AS at, ${row} AS row FROM ${source} WHERE ${all(conditions)} ${order} LIMIT 1 OFFSET ${rows}`,
      valuesOf(conditions),
    ) as Row | null;
    return found ? { at: Number(found['at']), row: Number(found['row']) } : undefined;
  };
  // An attempt never begins before its call.
  const since = momentOf(filter.since);
  let to: Place | undefined = begun ?? (ofAttempts ? undefined : momentOf(filter.until));
  for (let slice = FIRST_SLICE; ; slice = Math.min(2 * slice, SLICE)) {
    const end = way.few ? undefined : placeBefore(since, to, slice - 1);
    const conditions = [...between(end ?? since, to), ...other];
    const statement = database.prepare(
      `SELECT h.*, ${instanceOf('h')}, ${time} AS cursor_at, ${row} AS cursor_row FROM ${whole} WHERE ${all(conditions)} ${order}`,
    );
    try {
      for (const found of statement.iterate(valuesOf(conditions))) {
        const hunt = found as Row;
        yield { hunt, place: textOf(hunt['cursor_at'], hunt['cursor_row']) };
      }
    } finally {
      statement.finalize();
    }
    if (!end) return;
    yield { place: textOf(end.at, end.row) };
    to = end;
  }
}

/** Rows begin at 1. */
function momentOf(at: number | undefined): Place | undefined {
  return at === undefined ? undefined : { at, row: 0 };
}

function placeOf(cursor: string | undefined): (Place & { readonly of: Way['of'] }) | undefined {
  const [, at, row, mark] = PLACE.exec(cursor ?? '') ?? [];
  if (at === undefined || row === undefined) return undefined;
  return { at: Number(at), row: Number(row), of: mark === 'a' ? 'attempts' : 'hunts' };
}
