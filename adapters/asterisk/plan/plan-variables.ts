import { hash } from 'node:crypto';
import type { PlanText } from './plan-text';
import type { AriRest } from '../ari/rest';

/** Asterisk searches all global variables for each one: more would cost every call more than they save. */
const MOST_SHARED = 64;

/** A plan with a name computed from its text: the name never means another plan, even after a restart. */
export interface NamedPlan extends PlanText {
  readonly name: string;
}

interface SharedPlan {
  readonly name: string;
  state: 'wanted' | 'published';
}

/**
 * Gives calls their plans. A plan that many calls have is published once, as a global variable of Asterisk,
 * and costs those calls no request.
 */
export class PlanVariables {
  /** Shared plans by their text, and whether Asterisk has them. */
  private readonly shared = new Map<string, SharedPlan>();

  constructor(private readonly rest: Pick<AriRest, 'setVariable' | 'setGlobal' | 'deleteGlobal'>) {}

  /** Adds the plan's name; it is hashed only if the plan is not shared yet. */
  named(plan: PlanText): NamedPlan {
    const name = this.shared.get(plan.text)?.name ?? hash('sha256', plan.text).slice(0, 12);
    return { ...plan, name };
  }

  /** Whether every call has the plan already. */
  has({ text }: NamedPlan): boolean {
    return this.shared.get(text)?.state === 'published';
  }

  /** Settles once the call has the plan; never rejects: a call without its plan asks. */
  async leave(channelId: string, plan: NamedPlan): Promise<void> {
    const { name, text, isShared } = plan;
    if (isShared) this.share(plan);
    await this.rest.setVariable(channelId, variableOf(name), text).catch(() => undefined);
  }

  /** Removes all plans: a new policy has others. */
  async clear(): Promise<void> {
    const plans = [...this.shared.values()];
    // No plan is published again before it is removed.
    for (const plan of plans) plan.state = 'wanted';
    await Promise.allSettled(plans.map(({ name }) => this.rest.deleteGlobal(variableOf(name))));
    this.shared.clear();
  }

  /** Asterisk may have been restarted, and then has no plans. */
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
