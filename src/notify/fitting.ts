import type { Condition } from '../alerts/incident';
import { keyOf } from '../alerts/incidents';
import type { Shown } from '../records/shown';
import { cut } from './delivery';

interface Made {
  readonly of: Condition;
  readonly fit: Condition;
}

/** Conditions, bounded and fit to leave the process. One that says the same as in the look before is not made again. */
export class Fitting {
  private before: ReadonlyMap<string, Made> = new Map();
  private made = new Map<string, Made>();

  constructor(private readonly shown: Shown) {}

  /** Another look: what is no more is forgotten. */
  begin(): void {
    this.before = this.made;
    this.made = new Map();
  }

  fit(condition: Condition): Condition {
    const key = keyOf(condition);
    const known = this.before.get(key);
    const fit = known && saysTheSame(known.of, condition) ? known.fit : this.make(condition);
    this.made.set(key, { of: condition, fit });
    return fit;
  }

  private make(condition: Condition): Condition {
    const { shown } = this;
    const { why, story, evidence, calls, about } = condition;
    const bounded = Object.entries(evidence).map(([name, value]) => [
      name,
      typeof value === 'string' ? cut(value) : value,
    ]);
    const told = shown({ why: cut(why), story: cut(story), hunts: calls.map((one) => cut(one)) });
    return {
      ...condition,
      ...{ why: told.why, story: told.story, calls: told.hunts, about: cut(about, 64) },
      evidence: shown(Object.fromEntries(bounded) as Condition['evidence']),
    };
  }
}

function saysTheSame(one: Condition, other: Condition): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
