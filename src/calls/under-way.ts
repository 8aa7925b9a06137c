import type { Codec } from '../model/media';
import type { PlanMade } from './planning';

/** A hunt that has been handed over and is not over yet. */
export interface HuntUnderWay {
  /** Tells leg A from any other. */
  readonly channel: string;
  readonly number: string;
  /** What is offered now, if it is to be remembered once it is accepted. */
  lesson?: { readonly trunk: string; readonly codecs: readonly Codec[] } | undefined;
  /** The plan that the attempt under way has with it. */
  plan?: PlanMade;
}

/** Hunts under way; not by the journal, which may have forgotten a long call. */
export class HuntsUnderWay {
  /** A leg has one hunt at a time, so an earlier one is over. */
  private readonly huntOf = new Map<string, string>();
  private readonly hunts = new Map<string, HuntUnderWay>();

  /** @returns the hunt of the same leg that is over now */
  begin(huntId: string, hunt: HuntUnderWay): string | undefined {
    const earlier = this.huntOf.get(hunt.channel);
    const over = earlier === huntId ? undefined : earlier;
    if (over !== undefined) this.hunts.delete(over);
    this.huntOf.set(hunt.channel, huntId);
    this.hunts.set(huntId, hunt);
    return over;
  }

  find(huntId: string): HuntUnderWay | undefined {
    return this.hunts.get(huntId);
  }

  plan(huntId: string, made: PlanMade | undefined): void {
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
