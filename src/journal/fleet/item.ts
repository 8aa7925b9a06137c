import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { JournalEntry } from '../entry';
import { FleetEntry } from './fleet-entry';

/** Of an item's text; the stream's bound in bytes counts on it. */
export const LONGEST_ITEM = 64 * 1024;
/** Entries of one item, before they are packed. Characters of JSON. */
const LONGEST_JSON = 256 * 1024;
const MOST_ENTRIES = 500;
/** Of what an item may unpack to; the longest that is written here has an eighth of it. Bytes. */
const LONGEST_UNPACKED = 2 * 1024 * 1024;

/** Who tells of calls: an instance is known by the id of its journal, and named for people. */
export interface Teller {
  readonly journal: string;
  readonly name: string;
}

/** What goes into the stream as one item. */
export interface PackedItem {
  /** Number of its first entry. */
  readonly first: number;
  readonly count: number;
  /** base64 of deflated JSON. */
  readonly text: string;
}

/** Entries of one instance, numbered without a gap as it wrote them. */
export interface FleetItem extends Teller {
  readonly first: number;
  readonly entries: readonly JournalEntry[];
}

export type ReadItem =
  { readonly ok: true; readonly item: FleetItem } | { readonly ok: false; readonly why: string };

/** Names of instances: fit for a table and a command line. */
export const INSTANCE_NAME = /^[\w.-]{1,64}$/;

const Item = z.object({
  v: z.literal(1),
  journal: z.string().regex(/^[\w-]{1,64}$/),
  name: z.string().regex(INSTANCE_NAME),
  first: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER / 2),
  entries: z.array(FleetEntry).min(1).max(MOST_ENTRIES),
});

/**
 * Packs entries into items that are short enough. What is too long by itself is left out: its number is missing, and
 * whoever reads tells so.
 * @param first number of the first entry
 */
export function packed(
  entries: readonly JournalEntry[],
  { journal, name }: Teller,
  first: number,
): readonly PackedItem[] {
  const items: PackedItem[] = [];
  let from = 0;
  let size = 0;
  const close = (until: number): void => {
    if (until > from) items.push(...fitting(from, until));
    from = until;
    size = 0;
  };
  const fitting = (begin: number, end: number): readonly PackedItem[] => {
    const [count, number] = [end - begin, first + begin];
    const item = { v: 1, journal, name, first: number, entries: entries.slice(begin, end) };
    const text = deflateRawSync(JSON.stringify(item), { level: 1 }).toString('base64');
    if (text.length <= LONGEST_ITEM) return [{ first: number, count, text }];
    const middle = begin + (count >> 1);
    return count === 1 ? [] : [...fitting(begin, middle), ...fitting(middle, end)];
  };
  for (const [index, entry] of entries.entries()) {
    size += JSON.stringify(entry).length;
    if (size > LONGEST_JSON || index - from >= MOST_ENTRIES) close(index);
  }
  close(entries.length);
  return items;
}

/** Not ok for what no crankback writes: anybody may have written it. */
export function readItem(text: string): ReadItem {
  if (text.length > LONGEST_ITEM) return { ok: false, why: 'too long' };
  let value: unknown;
  try {
    const bytes = Buffer.from(text, 'base64');
    value = JSON.parse(inflateRawSync(bytes, { maxOutputLength: LONGEST_UNPACKED }).toString());
  } catch {
    return { ok: false, why: 'not packed as an item is' };
  }
  const item = Item.safeParse(value);
  if (item.success) return { ok: true, item: item.data };
  const [issue] = item.error.issues;
  return { ok: false, why: `${issue?.path.join('.') ?? 'item'}: ${issue?.message ?? 'wrong'}` };
}
