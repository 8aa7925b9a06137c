import { BoundedMap } from '../../shared/bounded';
import type { InboundConnection } from '../esl/inbound-connection';
import { giveUp, legsOfAttempt } from './attempt-legs';

/** Timers of calls whose end was missed. */
const MOST_TIMERS = 20_000;

export interface ProgressTimeoutParts {
  readonly observer: Pick<InboundConnection, 'ask'>;
  /** An attempt has been given up. */
  readonly gaveUp: (legA: string) => void;
}

/**
 * Gives up an attempt that neither rings nor sends early media in time. `leg_progress_timeout` in the dial string
 * would do so too, but only for trunks whose dial string has it. What the dialplan knows of the attempt decides, not
 * the event of a leg that may still be unread: a leg that has rung or was answered is never ended.
 */
export class ProgressTimeouts {
  /** By leg A. */
  private readonly timers = new BoundedMap<string, NodeJS.Timeout>(MOST_TIMERS);

  constructor(private readonly parts: ProgressTimeoutParts) {}

  get size(): number {
    return this.timers.size;
  }

  /** @param ms until the attempt is given up, in milliseconds */
  arm(legA: string, ms: number): void {
    this.disarm(legA);
    const timer = setTimeout(() => void this.expire(legA, timer), ms);
    this.timers.set(legA, timer);
  }

  disarm(legA: string): void {
    clearTimeout(this.timers.get(legA));
    this.timers.delete(legA);
  }

  disarmAll(): void {
    for (const legA of this.timers.keys()) this.disarm(legA);
  }

  /** Never rejects: a question that FreeSWITCH does not answer has no answer. */
  private async expire(legA: string, timer: NodeJS.Timeout): Promise<void> {
    const { observer, gaveUp } = this.parts;
    const legs = await legsOfAttempt(observer, legA);
    const [progress, answered] = await Promise.all([
      observer.ask('uuid_getvar', `${legA} crankback_progress`),
      observer.ask('uuid_getvar', `${legA} crankback_answered`),
    ]);
    // The attempt may have ended, and another one begun, during the questions.
    if (this.timers.get(legA) !== timer) return;
    this.timers.delete(legA);
    if (progress?.trim() !== 'b' || answered?.trim() === '1' || legs.length === 0) return;
    gaveUp(legA);
    await giveUp(observer, legs);
  }
}
