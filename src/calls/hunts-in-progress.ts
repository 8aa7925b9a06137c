import type { Codec } from '../model/media';
import type { Hunt, PastAttempt } from '../policy/hunt';
import type { Plan } from '../policy/plan/plan';
import type { Policy } from '../policy/policy';

/** A plan and its inputs; decisions by the plan are explained from them. */
export interface PlanMade {
  readonly plan: Plan;
  readonly policy: Policy;
  readonly hunt: Hunt;
}

/** What a failed attempt was. */
export type JudgedAttempt = Required<Pick<PastAttempt, 'trunk' | 'class'>>;

/** A hunt that has been handed over and is not over yet. */
export interface HuntInProgress {
  /** Identifies leg A. */
  readonly channel: string;
  readonly number: string;
  /** Number of attempts already reported in events. */
  attemptsTold: number;
  /** What the failed attempts were, by their place in the hunt. */
  readonly judged: (JudgedAttempt | undefined)[];
  /** The reoffer of the attempt in progress, to be learned once it is accepted. */
  offerToLearn?: { readonly trunk: string; readonly codecs: readonly Codec[] } | undefined;
  /** The first attempt, while its end counts for the ranking that chose its trunk. */
  ranked?: { readonly key: string; readonly trunk: string } | undefined;
  /** The plan of the attempt in progress. */
  plan?: PlanMade;
}

/** As many as the adapters follow: beyond, an end was missed. */
const MOST_HUNTS = 20_000;

/** Hunts in progress. The journal is no substitute: it may have dropped a long call. */
export class HuntsInProgress {
  /** A leg has one hunt at a time, so an earlier one is over. */
  private readonly huntOf = new Map<string, string>();
  private readonly hunts = new Map<string, HuntInProgress>();

  /**
   * @returns whether the hunt is new, and the hunts that are over now: an earlier one of the same leg, and the
   * oldest one if there are too many
   */
  begin(
    huntId: string,
    { channel, number }: Pick<HuntInProgress, 'channel' | 'number'>,
  ): { readonly isNew: boolean; readonly over: readonly string[] } {
    const earlier = this.huntOf.get(channel);
    const known = this.hunts.get(huntId);
    this.huntOf.set(channel, huntId);
    const { attemptsTold = 0, judged = [], ranked } = known ?? {};
    this.hunts.set(huntId, { channel, number, attemptsTold, judged, ranked });
    const over = earlier === undefined || earlier === huntId ? [] : [earlier];
    for (const id of over) this.hunts.delete(id);
    if (this.hunts.size > MOST_HUNTS) {
      const [oldest = ''] = this.hunts.keys();
      this.end(oldest);
      over.push(oldest);
    }
    return { isNew: !known, over };
  }

  find(huntId: string): HuntInProgress | undefined {
    return this.hunts.get(huntId);
  }

  /** @param index of the attempt in the hunt; one that is no place of a hunt is ignored */
  judge(huntId: string, index: number, attempt: JudgedAttempt): void {
    const hunt = this.hunts.get(huntId);
    if (hunt && index >= 0) hunt.judged[index] = attempt;
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
