import type { Codec } from '../model/media';
import type { Hunt } from '../policy/hunt';
import type { Plan } from '../policy/plan/plan';
import type { Policy } from '../policy/policy';

/** A plan and its inputs; decisions by the plan are explained from them. */
export interface PlanMade {
  readonly plan: Plan;
  readonly policy: Policy;
  readonly hunt: Hunt;
}

/** A hunt that has been handed over and is not over yet. */
export interface HuntInProgress {
  /** Identifies leg A. */
  readonly channel: string;
  readonly number: string;
  /** Number of attempts already reported in events. */
  attemptsTold: number;
  /** The reoffer of the attempt in progress, to be learned once it is accepted. */
  offerToLearn?: { readonly trunk: string; readonly codecs: readonly Codec[] } | undefined;
  /** The plan of the attempt in progress. */
  plan?: PlanMade;
}

/** Hunts in progress. The journal is no substitute: it may have dropped a long call. */
export class HuntsInProgress {
  /** A leg has one hunt at a time, so an earlier one is over. */
  private readonly huntOf = new Map<string, string>();
  private readonly hunts = new Map<string, HuntInProgress>();

  /** @returns whether the hunt is new, and the earlier hunt of the same leg, which is over now */
  begin(
    huntId: string,
    { channel, number }: Pick<HuntInProgress, 'channel' | 'number'>,
  ): { readonly isNew: boolean; readonly over?: string } {
    const earlier = this.huntOf.get(channel);
    const known = this.hunts.get(huntId);
    this.huntOf.set(channel, huntId);
    this.hunts.set(huntId, { channel, number, attemptsTold: known?.attemptsTold ?? 0 });
    if (earlier === undefined || earlier === huntId) return { isNew: !known };
    this.hunts.delete(earlier);
    return { isNew: !known, over: earlier };
  }

  find(huntId: string): HuntInProgress | undefined {
    return this.hunts.get(huntId);
  }

  setPlan(huntId: string, made: PlanMade | undefined): void {
    const hunt = this.hunts.get(huntId);
    if (!hunt) return;
    if (made) hunt.plan = made;
    else delete hunt.plan;
  }

  end(huntId: string): void {
    const channel = this.hunts.get(huntId)?.channel;
    this.hunts.delete(huntId);
    if (channel !== undefined && this.huntOf.get(channel) === huntId) this.huntOf.delete(channel);
  }
}
