import type { Decision } from '../policy/decision/decision';
import type { Position } from '../policy/policy-data';
import { otherFields, outcomeWords } from './outcome-words';
import type { RecordedCall, TrunkCount } from './recorded';
import {
  trunkOf,
  type Assumption,
  type CallReplayed,
  type Difference,
  type Unrepeatable,
} from './replay-call';

/** Hunts named for each group. */
const EXAMPLES = 3;
/** Groups that are told apart; more are counted together. */
const MOST_GROUPS = 1_000;

/** What a draft would have changed. */
export interface Replayed {
  readonly calls: number;
  /** Decisions that were made again. */
  readonly decisions: number;
  /** Calls that go the same way. */
  readonly same: number;
  /** Calls that would have gone elsewhere. */
  readonly differing: number;
  /** The most frequent first. */
  readonly differences: readonly DifferenceGroup[];
  /** Differing calls in groups beyond the thousandth. */
  readonly ungrouped: number;
  /** Calls of which nothing can be said, and why; the most frequent first. */
  readonly unknown: readonly UnknownGroup[];
}

/** Calls that differ in the same way. */
export interface DifferenceGroup {
  /** Trunk whose failure was decided on; absent for a first attempt. */
  readonly failed?: string;
  readonly before: Step;
  readonly now: Step;
  /** What differs where both outcomes have the same words. */
  readonly other?: readonly string[];
  readonly calls: number;
  /** Of these, so many were answered in fact. */
  readonly answered: number;
  /** Where the draft dials. */
  readonly end?: End;
  readonly assumed: Readonly<Partial<Record<Assumption, number>>>;
  /** Ids of hunts. */
  readonly examples: readonly string[];
}

export interface Step {
  /** The rule's or the route's place; absent where none was asked. */
  readonly rule?: Pick<Position, 'file' | 'line'>;
  readonly outcome: string;
}

/** What becomes of calls on the trunk that the draft dials. */
export interface End {
  readonly trunk: string;
  /** These calls were on that trunk later, in fact. */
  readonly known: { readonly answered: number; readonly failed: number };
  /** Calls that were never tried there from then on: their end is unknown. */
  readonly unknown: number;
  /** Of the unknown ones; absent without a single attempt on that trunk in this time. */
  readonly estimate?: Estimate;
}

/** No fact: the share of all attempts on the trunk that were answered in the same time. */
export interface Estimate {
  /** Of the unknown calls, rounded. */
  readonly answered: number;
  readonly basis: TrunkCount;
}

export interface UnknownGroup {
  readonly why: Unrepeatable;
  readonly calls: number;
  readonly examples: readonly string[];
}

interface Group {
  readonly failed: string | undefined;
  readonly before: Step;
  readonly now: Step;
  readonly other: readonly string[];
  readonly trunk: string | undefined;
  calls: number;
  answered: number;
  readonly known: { answered: number; failed: number };
  readonly assumed: Map<Assumption, number>;
  readonly examples: string[];
}

/** Counts calls by what the draft changes for them, in bounded memory. */
export class Tally {
  private calls = 0;
  private decisions = 0;
  private same = 0;
  private ungrouped = 0;
  private readonly groups = new Map<string, Group>();
  private readonly unknown = new Map<Unrepeatable, { calls: number; examples: string[] }>();

  add(call: Pick<RecordedCall, 'hunt' | 'answered'>, replayed: CallReplayed): void {
    this.calls += 1;
    this.decisions += replayed.decisions;
    switch (replayed.kind) {
      case 'same':
        this.same += 1;
        return;
      case 'unknown': {
        const known = this.unknown.get(replayed.why) ?? { calls: 0, examples: [] };
        known.calls += 1;
        if (known.examples.length < EXAMPLES) known.examples.push(call.hunt);
        this.unknown.set(replayed.why, known);
        return;
      }
      case 'differs':
        return this.differs(call, replayed);
    }
  }

  /** Trunks that the draft dials in some call: what they did is needed for `result`. */
  trunks(): readonly string[] {
    const dialled = [...this.groups.values()].flatMap(({ trunk }) => trunk ?? []);
    return [...new Set(dialled)];
  }

  /** @param trunks what each of these trunks did in the same time */
  result(trunks: readonly TrunkCount[]): Replayed {
    const counts = new Map(trunks.map((count) => [count.trunk, count]));
    const differences = [...this.groups.values()].map((group) => groupOf(group, counts));
    const grouped = differences.reduce((sum, { calls }) => sum + calls, 0);
    return {
      calls: this.calls,
      decisions: this.decisions,
      same: this.same,
      differing: grouped + this.ungrouped,
      differences: differences.sort(byCalls),
      ungrouped: this.ungrouped,
      unknown: [...this.unknown].map(([why, known]) => ({ why, ...known })).sort(byCalls),
    };
  }

  private differs(
    { hunt, answered }: Pick<RecordedCall, 'hunt' | 'answered'>,
    { failed, before, now, assumed, knownAnswered }: Difference,
  ): void {
    const steps = { failed, before: stepOf(before), now: stepOf(now) };
    const other = otherFields(before.outcome, now.outcome);
    const key = JSON.stringify([steps, other]);
    let group = this.groups.get(key);
    if (!group) {
      if (this.groups.size >= MOST_GROUPS) {
        this.ungrouped += 1;
        return;
      }
      const counts = { calls: 0, answered: 0, known: { answered: 0, failed: 0 } };
      const trunk = trunkOf(now);
      group = { ...steps, other, trunk, ...counts, assumed: new Map(), examples: [] };
      this.groups.set(key, group);
    }
    group.calls += 1;
    if (answered) group.answered += 1;
    if (knownAnswered !== undefined) group.known[knownAnswered ? 'answered' : 'failed'] += 1;
    for (const one of assumed) group.assumed.set(one, (group.assumed.get(one) ?? 0) + 1);
    if (group.examples.length < EXAMPLES) group.examples.push(hunt);
  }
}

function stepOf({ rule, outcome }: Decision): Step {
  const at = rule && { rule: { file: rule.file, line: rule.line } };
  return { ...at, outcome: outcomeWords(outcome) };
}

function groupOf(group: Group, counts: ReadonlyMap<string, TrunkCount>): DifferenceGroup {
  const { failed, before, now, other, trunk, calls, answered, known, assumed, examples } = group;
  return {
    ...(failed !== undefined && { failed }),
    before,
    now,
    ...(other.length > 0 && { other }),
    calls,
    answered,
    ...(trunk !== undefined && { end: endOf(trunk, calls, known, counts.get(trunk)) }),
    assumed: Object.fromEntries(assumed),
    examples,
  };
}

function endOf(
  trunk: string,
  calls: number,
  known: End['known'],
  basis: TrunkCount | undefined,
): End {
  const unknown = calls - known.answered - known.failed;
  const end = { trunk, known: { ...known }, unknown };
  if (!basis || basis.attempts === 0 || unknown === 0) return end;
  const answered = Math.round((unknown * basis.answered) / basis.attempts);
  return { ...end, estimate: { answered, basis } };
}

function byCalls(a: { readonly calls: number }, b: { readonly calls: number }): number {
  return b.calls - a.calls;
}
