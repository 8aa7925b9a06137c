import type { Condition } from '../alerts/incident';
import type { Shown } from '../records/shown';
import { cut } from './delivery';

/** Conditions, bounded and fit to leave the process. One that is the same as before is made once. */
export class Fitting {
  private readonly made = new WeakMap<Condition, Condition>();

  constructor(private readonly shown: Shown) {}

  fit(condition: Condition): Condition {
    const known = this.made.get(condition);
    if (known) return known;
    const fit = this.make(condition);
    this.made.set(condition, fit);
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
