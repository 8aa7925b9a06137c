import type { FailureClass } from '../model/classes';
import { SIP_CODES } from '../model/registries/sip-codes';
import type { Delays } from './delays';

/** What happened in a period, as numbers that add up: over minutes, trunks, routes, PBXes and instances. */
export interface Counts {
  /** Calls that began. */
  readonly calls: number;
  /** Calls that an attempt answered after an earlier one had failed. */
  readonly saved: number;
  /** Calls that went to a mailbox after an attempt had failed. */
  readonly voicemailSaves: number;
  /** Calls that took the PBX's static fallback. */
  readonly fallbacks: number;
  /** Attempts that began. */
  readonly attempts: number;
  /** Attempts after the first one of their call. */
  readonly retries: number;
  readonly answered: number;
  /** Attempts that ended without an answer, callers who gave up included. */
  readonly failed: number;
  /** Failed attempts for which nothing was sent. */
  readonly unsent: number;
  /** Attempts whose caller hung up before it rang, and while it rang. */
  readonly leftBeforeRinging: number;
  readonly leftRinging: number;
  /** Answered attempts that have ended, and how long they lasted together. Milliseconds. */
  readonly talks: number;
  readonly talkMs: number;
  /** Failed attempts by class. */
  readonly classes: Tally;
  /** Failed attempts by final SIP status; see `statusKey`. */
  readonly statuses: Tally;
  /** Post-dial delays. */
  readonly pdd: Delays;
}

/** How often each of a closed set of names came; a name that is absent never came. */
export type Tally = Readonly<Record<string, number>>;

const NUMBERS = [
  ...([
    'calls',
    'saved',
    'voicemailSaves',
    'fallbacks',
    'attempts',
    'retries',
    'answered',
  ] as const),
  ...(['failed', 'unsent', 'leftBeforeRinging', 'leftRinging', 'talks', 'talkMs'] as const),
];
type NumberName = (typeof NUMBERS)[number];

const ZERO = Object.fromEntries(NUMBERS.map((name) => [name, 0])) as Record<NumberName, 0>;

export const NONE: Counts = { ...ZERO, classes: {}, statuses: {}, pdd: {} };

/** Counts of what is named; the rest is zero. */
export function counts(some: Partial<Counts>): Counts {
  return { ...NONE, ...some };
}

/** Both together. In whatever order counts are merged, the result is the same. */
export function merged(one: Counts, other: Counts): Counts {
  const sum = new Sum(one);
  sum.add(other);
  return sum.counts;
}

/** Adds up many counts, in place. */
export class Sum {
  private readonly numbers: Record<NumberName, number>;
  private readonly tallies: Record<'classes' | 'statuses' | 'pdd', Record<string, number>>;

  constructor(first: Counts = NONE) {
    const { classes, statuses, pdd, ...numbers } = first;
    this.numbers = { ...numbers };
    this.tallies = { classes: { ...classes }, statuses: { ...statuses }, pdd: { ...pdd } };
  }

  add(other: Counts): void {
    for (const name of NUMBERS) this.numbers[name] += other[name];
    for (const name of ['classes', 'statuses', 'pdd'] as const) {
      const tally = this.tallies[name];
      const more = other[name];
      for (const key of Object.keys(more)) tally[key] = (tally[key] ?? 0) + (more[key] ?? 0);
    }
  }

  get counts(): Counts {
    return { ...this.numbers, ...this.tallies };
  }
}

const REGISTERED = new Set(SIP_CODES.map(({ code }) => code));

/**
 * A final status as it is counted: itself where it is registered, otherwise `4xx`, so that no carrier makes up keys;
 * `none` where none came.
 */
export function statusKey(sip: number | undefined): string {
  if (sip === undefined) return 'none';
  return REGISTERED.has(sip) ? String(sip) : `${Math.floor(sip / 100)}xx`;
}

/** Short: what is zero is left out. */
export function packedCounts(of: Counts): string {
  const isEmpty = (value: unknown) =>
    value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  const entries = Object.entries(of).filter(([, value]) => !isEmpty(value));
  return JSON.stringify(Object.fromEntries(entries));
}

export function unpackedCounts(packed: string): Counts {
  return counts(JSON.parse(packed) as Partial<Counts>);
}

/** Of `classes`. */
export function countOf(name: FailureClass, { classes }: Counts): number {
  return classes[name] ?? 0;
}
