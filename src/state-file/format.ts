import * as z from 'zod';
import { LAST_GENERATION, MOST_TRIPS, type Held } from '../trunks/health/breaker/state';
import type { TrunkHold } from '../trunks/health/health-store';

/** Longer than any hold may be asked for. Milliseconds. */
const LONGEST_MS = 366 * 24 * 3600 * 1000;
const MOST_HOLDS = 100_000;
/** A line for each would help nobody. */
const MOST_WRONG = 10;
/** Wherever a state is written, this is what a reason may be. */
const LONGEST_WHY = 300;

/** How this process's clock, which cannot be set back, stands to the machine's. Both Unix time in milliseconds. */
export interface Clocks {
  readonly now: number;
  readonly machine: number;
}

const Entry = z.object({
  trunk: z.string().min(1).max(1_024),
  /** Tells this hold from every other one, also among instances. */
  id: z.string().regex(/^[!-~]{1,128}$/, 'must be 1 to 128 visible ASCII characters'),
  generation: z.int().min(0).max(LAST_GENERATION),
  trips: z.int().min(0).max(MOST_TRIPS),
  why: z.string().regex(/^\P{C}{0,300}$/u, 'must be at most 300 printable characters'),
  since: z.iso.datetime(),
  /** Both absent: until it is cleared. */
  until: z.iso.datetime().optional(),
  /** Milliseconds from the writing to the end, so that a machine whose date is wrong holds no longer. */
  leftMs: z.int().min(0).max(LONGEST_MS).optional(),
});

const File = z.object({ version: z.literal(1), holds: z.array(z.unknown()).max(MOST_HOLDS) });

/** What a state file says. */
export interface ReadHolds {
  /** In force; those that are over are left out. */
  readonly holds: readonly TrunkHold[];
  /** One line for each thing that is wrong; empty for a file in order. */
  readonly wrong: readonly string[];
}

/** The text of a state file. */
export function writeHolds(holds: readonly TrunkHold[], { now, machine }: Clocks): string {
  const date = (time: number) => new Date(machine + time - now).toISOString();
  const entries = holds.map(({ trunk, state: { generation, trips, hold } }) => ({
    trunk,
    id: hold.id,
    generation,
    trips,
    why: [...hold.why].slice(0, LONGEST_WHY).join('').replace(/\p{C}/gu, '?'),
    since: date(hold.since),
    ...(hold.until !== undefined && {
      until: date(hold.until),
      leftMs: Math.round(Math.min(Math.max(0, hold.until - now), LONGEST_MS)),
    }),
  }));
  return `${JSON.stringify({ version: 1, holds: entries }, null, 2)}\n`;
}

/** Reads a state file. What is in order in it is taken, whatever stands beside. */
export function readHolds(text: string, clocks: Clocks): ReadHolds {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { holds: [], wrong: [`no JSON: ${error instanceof Error ? error.message : ''}`] };
  }
  const file = File.safeParse(json);
  if (!file.success) return { holds: [], wrong: file.error.issues.map(lineOf('')) };
  const holds: TrunkHold[] = [];
  const wrong: string[] = [];
  for (const [index, written] of file.data.holds.entries()) {
    const entry = Entry.safeParse(written);
    if (!entry.success) wrong.push(...entry.error.issues.map(lineOf(`holds.${index}`)));
    else {
      const state = heldBy(entry.data, clocks);
      if (state) holds.push({ trunk: entry.data.trunk, state });
    }
  }
  return { holds, wrong: wrong.slice(0, MOST_WRONG) };
}

/** Undefined where the hold is over. */
function heldBy(entry: z.output<typeof Entry>, { now, machine }: Clocks): Held | undefined {
  const { generation, trips, id, why, until, leftMs = LONGEST_MS } = entry;
  const fromNow = (date: string) => Date.parse(date) - machine;
  const left = until === undefined ? undefined : Math.min(fromNow(until), leftMs);
  if (left !== undefined && left <= 0) return undefined;
  return {
    phase: 'held',
    generation,
    trips,
    hold: {
      id,
      cause: 'operator',
      absolute: true,
      why,
      since: now + Math.min(fromNow(entry.since), 0),
      ...(left !== undefined && { until: now + left }),
    },
  };
}

function lineOf(place: string) {
  return ({ path, message }: z.core.$ZodIssue): string =>
    `${[place, ...path.map(String)].filter(Boolean).join('.') || 'file'}: ${message}`;
}
