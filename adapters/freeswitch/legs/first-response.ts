import type { SipMirror } from '../../../src/calls/ports';
import { BoundedMap } from '../../shared/bounded';
import type { InboundConnection } from '../esl/inbound-connection';
import { giveUp, legsOfAttempt } from './attempt-legs';

/** Timers of calls whose end was missed. */
const MOST_TIMERS = 20_000;
/** An INVITE that is under way since a moment later than the first one is given up with it. Milliseconds. */
const NOT_WORTH_ASKING_AGAIN_MS = 50;

export interface FirstResponseParts {
  readonly observer: Pick<InboundConnection, 'ask'>;
  readonly mirror: Pick<SipMirror, 'callIdOf' | 'leg'>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** A leg has been given up. */
  readonly gaveUp: (legA: string) => void;
}

interface Timer {
  readonly timer: NodeJS.Timeout;
  /** When the attempt began; Unix time in milliseconds. */
  readonly begunAt: number;
  /** How long an INVITE may stay without a response. Milliseconds. */
  readonly ms: number;
}

/**
 * Gives up an attempt whose INVITE gets no response, not even a 100. Sofia alone would wait for 32 s (Timer B), and
 * does not report a 100, so silence is seen only in mirrored SIP. Must never end a leg that has got a response.
 */
export class FirstResponseTimers {
  /** By leg A. */
  private readonly timers = new BoundedMap<string, Timer>(MOST_TIMERS);

  constructor(private readonly parts: FirstResponseParts) {}

  get size(): number {
    return this.timers.size;
  }

  /**
   * A leg A dials.
   * @param ms how long an INVITE may stay without a response, in milliseconds
   * @param delay until the attempt begins, in milliseconds
   */
  arm(legA: string, ms: number, delay = 0): void {
    this.disarm(legA);
    this.wait(legA, ms + delay, { ms, begunAt: this.parts.now() + delay });
  }

  disarm(legA: string): void {
    clearTimeout(this.timers.get(legA)?.timer);
    this.timers.delete(legA);
  }

  disarmAll(): void {
    for (const legA of this.timers.keys()) this.disarm(legA);
  }

  private wait(legA: string, delay: number, about: Omit<Timer, 'timer'>): void {
    const timer = setTimeout(() => void this.expire(legA), delay);
    this.timers.set(legA, { ...about, timer });
  }

  /** Never rejects: a question that FreeSWITCH does not answer has no answer. */
  private async expire(legA: string): Promise<void> {
    const about = this.timers.get(legA);
    if (!about) return;
    const silent = await this.silentLegs(legA);
    // The attempt may have ended, and another one begun, during the questions.
    if (this.timers.get(legA) !== about) return;
    this.timers.delete(legA);
    if (!silent) return;
    const sentAfterMs = Math.max(...silent.map((leg) => leg.sentAfterMs));
    const more = about.begunAt + sentAfterMs + about.ms - this.parts.now();
    if (more > NOT_WORTH_ASKING_AGAIN_MS) {
      this.wait(legA, more, about);
      return;
    }
    this.parts.gaveUp(legA);
    await giveUp(
      this.parts.observer,
      silent.map(({ uuid }) => uuid),
    );
  }

  /** The attempt's legs; undefined if one of them has got a response, or is not seen in mirrored SIP. */
  private async silentLegs(legA: string): Promise<readonly SilentLeg[] | undefined> {
    const { observer, mirror } = this.parts;
    const silent: SilentLeg[] = [];
    for (const uuid of await legsOfAttempt(observer, legA)) {
      const offer = await observer.ask('uuid_getvar', `${uuid} rtp_local_sdp_str`);
      const callId = offer === undefined ? undefined : mirror.callIdOf(offer);
      const seen = callId === undefined ? undefined : mirror.leg(callId);
      if (seen?.kind !== 'unfinished' || seen.evidence.firstResponseMs !== undefined) {
        return undefined;
      }
      silent.push({ uuid, sentAfterMs: seen.sentAfterMs });
    }
    return silent.length > 0 ? silent : undefined;
  }
}

interface SilentLeg {
  readonly uuid: string;
  /** When the INVITE under way was sent, after the leg's first one. Milliseconds. */
  readonly sentAfterMs: number;
}
