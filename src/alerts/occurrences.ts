import type { CountedAlert, Often } from '../policy/alert-settings';
import type { Condition, Evidence, Subject } from './incident';
import { keyOf } from './incidents';
import { ALERTS } from './names';

/** Something that happened to one call. */
export interface Occurrence {
  readonly alert: CountedAlert;
  readonly subject: Subject;
  /** See `Condition`. */
  readonly about: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly hunt?: string;
  /** One sentence; untrusted. */
  readonly why: string;
  /** Of the latest one. */
  readonly evidence: Evidence;
  /** Counted one by one, as caller numbers are. */
  readonly tally?: string;
}

/** The window is counted in so many parts, and moves by one of them. */
const PARTS = 15;
/** Alerts times trunks; the one that came longest ago gives way. */
const MOST_KEYS = 2_000;
const MOST_CALLS = 5;
const MOST_TALLIES = 10;

interface Row {
  readonly parts: { readonly part: number; count: number }[];
  readonly calls: string[];
  readonly tallies: Map<string, number>;
  last: Occurrence;
  /** As told last, while nothing new has come. */
  made?: Condition | undefined;
}

/** What happened to calls lately, as far as somebody wants to be told: counts in a window that moves. */
export class Occurrences {
  private readonly rows = new Map<string, Row>();

  constructor(private rules: Readonly<Partial<Record<CountedAlert, Often>>>) {}

  /** Another policy is in force; what its windows have lost is forgotten. */
  configure(rules: Readonly<Partial<Record<CountedAlert, Often>>>): void {
    this.rules = rules;
    for (const [key, { last }] of this.rows) if (!rules[last.alert]) this.rows.delete(key);
  }

  wants(alert: CountedAlert): boolean {
    return this.rules[alert] !== undefined;
  }

  add(occurrence: Occurrence): void {
    const rule = this.rules[occurrence.alert];
    if (!rule) return;
    const { at, hunt, tally } = occurrence;
    const key = keyOf(occurrence);
    const row = this.rows.get(key) ?? {
      ...{ parts: [], calls: [], tallies: new Map<string, number>(), last: occurrence },
    };
    row.last = occurrence;
    row.made = undefined;
    const part = partOf(at, rule);
    const present = row.parts.at(-1);
    if (present?.part === part) present.count += 1;
    else row.parts.push({ part, count: 1 });
    if (row.parts.length > PARTS + 1) row.parts.shift();
    if (hunt !== undefined && !row.calls.includes(hunt)) {
      row.calls.unshift(hunt);
      row.calls.length = Math.min(row.calls.length, MOST_CALLS);
    }
    if (tally !== undefined && (row.tallies.has(tally) || row.tallies.size < MOST_TALLIES))
      row.tallies.set(tally, (row.tallies.get(tally) ?? 0) + 1);
    // The latest are at the end.
    this.rows.delete(key);
    this.rows.set(key, row);
    const [oldest] = this.rows.keys();
    if (this.rows.size > MOST_KEYS && oldest !== undefined) this.rows.delete(oldest);
  }

  /** What happens often enough now. @param now Unix time in milliseconds */
  conditions(now: number): readonly Condition[] {
    const found: Condition[] = [];
    for (const [key, row] of this.rows) {
      const rule = this.rules[row.last.alert];
      const count = rule ? countOf(row, rule, now) : 0;
      if (!rule || count === 0) this.rows.delete(key);
      if (!rule || count < rule.count) continue;
      if (row.made?.evidence['times'] !== count) row.made = conditionOf(row, rule, count);
      found.push(row.made);
    }
    return found;
  }
}

function conditionOf({ last, tallies, calls }: Row, rule: Often, count: number): Condition {
  const { alert, subject, about, why, evidence, at } = last;
  const counted = [...tallies].map(([what, times]) => `${what} (${times})`).join(', ');
  return {
    ...{ alert, subject, about, why, calls: [...calls], at },
    severity: ALERTS[alert].severity,
    story: '',
    level: Math.floor(Math.log10(count)),
    evidence: {
      times: count,
      seconds: Math.round(rule.window / 1_000),
      ...evidence,
      ...(counted !== '' && { numbers: counted }),
    },
    ...{ for: 0, quiet: rule.window },
  };
}

function partOf(at: number, { window }: Often): number {
  return Math.floor((at * PARTS) / window);
}

function countOf({ parts }: Row, rule: Often, now: number): number {
  const first = partOf(now, rule) - PARTS;
  return parts.reduce((sum, { part, count }) => (part > first ? sum + count : sum), 0);
}
