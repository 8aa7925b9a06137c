import { hash } from 'node:crypto';
import type { PlanText } from './plan-text';
import type { AriRest } from './rest';

/** Asterisk looks each global variable up in the list of all: more would cost every call more than they save. */
const MOST_SHARED = 64;

/** A plan with its name, made from its text: it never comes to mean another plan, also after a restart. */
export interface NamedPlan extends PlanText {
  readonly name: string;
}

export function namedPlan(plan: PlanText): NamedPlan {
  return { ...plan, name: hash('sha256', plan.text).slice(0, 12) };
}

/**
 * Leaves plans with calls. One that many calls have is published once, as a global variable of Asterisk, and
 * costs those calls no request.
 */
export class PlanVariables {
  /** Names of shared plans, and whether Asterisk has them. */
  private readonly shared = new Map<string, 'wanted' | 'published'>();

  constructor(private readonly rest: Pick<AriRest, 'setVariable' | 'setGlobal' | 'deleteGlobal'>) {}

  /** Whether every call has it already. */
  has({ name }: NamedPlan): boolean {
    return this.shared.get(name) === 'published';
  }

  /** Settles once the call has it; never rejects: a call without its plan asks. */
  async leave(channelId: string, { name, text, isShared }: NamedPlan): Promise<void> {
    if (isShared) this.publish(name, text);
    await this.rest.setVariable(channelId, variableOf(name), text).catch(() => undefined);
  }

  /** A new policy has other plans. */
  async clear(): Promise<void> {
    const names = [...this.shared.keys()];
    // None is published again before it is gone.
    for (const name of names) this.shared.set(name, 'wanted');
    await Promise.allSettled(names.map((name) => this.rest.deleteGlobal(variableOf(name))));
    this.shared.clear();
  }

  /** Asterisk may have been restarted, and then has none of them. */
  forget(): void {
    this.shared.clear();
  }

  private publish(name: string, text: string): void {
    if (this.shared.has(name) || this.shared.size >= MOST_SHARED) return;
    this.shared.set(name, 'wanted');
    this.rest.setGlobal(variableOf(name), text).then(
      () => this.shared.has(name) && this.shared.set(name, 'published'),
      // The next call with this plan tries again.
      () => this.shared.delete(name),
    );
  }
}

function variableOf(name: string): string {
  return `CRANKBACK_PLAN_${name}`;
}
