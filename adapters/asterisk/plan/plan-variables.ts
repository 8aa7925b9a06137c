import { hash } from 'node:crypto';
import type { PlanText } from './plan-text';
import type { AriRest } from '../ari/rest';

/** Asterisk looks each global variable up in the list of all: more would cost every call more than they save. */
const MOST_SHARED = 64;

/** A plan with its name, made from its text: it never comes to mean another plan, also after a restart. */
export interface NamedPlan extends PlanText {
  readonly name: string;
}

interface SharedPlan {
  readonly name: string;
  state: 'wanted' | 'published';
}

/**
 * Leaves plans with calls. One that many calls have is published once, as a global variable of Asterisk, and
 * costs those calls no request.
 */
export class PlanVariables {
  /** Shared plans by their text, and whether Asterisk has them. */
  private readonly shared = new Map<string, SharedPlan>();

  constructor(private readonly rest: Pick<AriRest, 'setVariable' | 'setGlobal' | 'deleteGlobal'>) {}

  /** The plan with its name, which is hashed only where nobody has published the plan yet. */
  named(plan: PlanText): NamedPlan {
    const name = this.shared.get(plan.text)?.name ?? hash('sha256', plan.text).slice(0, 12);
    return { ...plan, name };
  }

  /** Whether every call has it already. */
  has({ text }: NamedPlan): boolean {
    return this.shared.get(text)?.state === 'published';
  }

  /** Settles once the call has it; never rejects: a call without its plan asks. */
  async leave(channelId: string, plan: NamedPlan): Promise<void> {
    const { name, text, isShared } = plan;
    if (isShared) this.share(plan);
    await this.rest.setVariable(channelId, variableOf(name), text).catch(() => undefined);
  }

  /** A new policy has other plans. */
  async clear(): Promise<void> {
    const plans = [...this.shared.values()];
    // None is published again before it is gone.
    for (const plan of plans) plan.state = 'wanted';
    await Promise.allSettled(plans.map(({ name }) => this.rest.deleteGlobal(variableOf(name))));
    this.shared.clear();
  }

  /** Asterisk may have been restarted, and then has none of them. */
  forget(): void {
    this.shared.clear();
  }

  private share({ name, text }: NamedPlan): void {
    if (this.shared.has(text) || this.shared.size >= MOST_SHARED) return;
    const plan: SharedPlan = { name, state: 'wanted' };
    this.shared.set(text, plan);
    this.rest.setGlobal(variableOf(name), text).then(
      () => (plan.state = 'published'),
      // The next call with this plan tries again.
      () => this.shared.delete(text),
    );
  }
}

function variableOf(name: string): string {
  return `CRANKBACK_PLAN_${name}`;
}
