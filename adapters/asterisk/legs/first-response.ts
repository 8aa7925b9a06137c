import type { LegRecord } from './legs';
import type { AriRest } from '../ari/rest';
import { GIVEN_UP_CAUSE, readTech } from './causes';

/** A timer this late means that the process was frozen or starved: events are still unread. */
const LAG_MS = 250;

interface Timer {
  readonly timer: NodeJS.Timeout;
  /** How long an INVITE may stay without a response. Milliseconds. */
  readonly ms: number;
  /** The final response that had come when it was armed again: another INVITE has followed it. */
  readonly after?: string;
}

/**
 * Gives up a leg whose INVITE gets no response, not even a 100. PJSIP alone would wait 32 s (Timer B). A leg may
 * have several INVITEs: after a 401, 407 or 422, or to the next SRV host, PJSIP sends another one, and the time
 * begins anew. Must never end a leg that has rung or been answered meanwhile.
 */
export class FirstResponseTimers {
  private readonly timers = new Map<string, Timer>();

  /** @param sentAt when the INVITE under way was sent, if that is known; Unix time in milliseconds */
  constructor(
    private readonly rest: Pick<AriRest, 'lastResponse' | 'channelState' | 'hangup'>,
    private readonly now: () => number,
    private readonly sentAt: (leg: LegRecord) => number | undefined,
    private readonly gaveUp: (leg: LegRecord) => void,
    private readonly failed: (leg: LegRecord, error: unknown) => void,
  ) {}

  get size(): number {
    return this.timers.size;
  }

  /**
   * @param ms how long an INVITE may stay without a response, in milliseconds
   * @param first milliseconds from now until the present one has been silent for that long
   */
  arm(leg: LegRecord, ms: number, first = ms): void {
    this.disarm(leg.id);
    this.wait(leg, first, { ms });
  }

  disarm(legId: string): void {
    clearTimeout(this.timers.get(legId)?.timer);
    this.timers.delete(legId);
  }

  disarmAll(): void {
    for (const id of this.timers.keys()) this.disarm(id);
  }

  private wait(leg: LegRecord, delay: number, about: Omit<Timer, 'timer'>): void {
    const due = this.now() + delay;
    const timer = setTimeout(() => {
      // After a freeze, timers fire before the events that came meanwhile are read.
      if (this.now() - due > LAG_MS) this.wait(leg, LAG_MS, about);
      else setImmediate(() => void this.expire(leg));
    }, delay);
    this.timers.set(leg.id, { ...about, timer });
  }

  private async expire(leg: LegRecord): Promise<void> {
    const about = this.timers.get(leg.id);
    if (!about) return;
    this.timers.delete(leg.id);
    if (leg.callerId === undefined || hasResponded(leg)) return;
    try {
      const last = await this.rest.lastResponse(leg.callerId, leg.name);
      if (last !== undefined && !isFinal(last)) return;
      if ((await this.rest.channelState(leg.id)) !== 'Down') return;
      // An event may have come during the request; a leg with only a 183 is still Down.
      if (hasResponded(leg) || leg.endedAt !== undefined) return;
      const more = last === undefined ? 0 : this.stillDue(leg, last, about);
      if (more > 0) {
        this.wait(leg, more, { ms: about.ms, ...(last !== undefined && { after: last }) });
        return;
      }
      await this.giveUp(leg);
    } catch (error) {
      this.failed(leg, error);
    }
  }

  private async giveUp(leg: LegRecord): Promise<void> {
    // The call is handed over before Asterisk has answered the request.
    leg.givenUp = true;
    try {
      await this.rest.hangup(leg.id, GIVEN_UP_CAUSE);
    } catch (error) {
      delete leg.givenUp;
      throw error;
    }
    this.gaveUp(leg);
  }

  /**
   * A leg that lives on after a final response has another INVITE under way. If nobody knows since when, it gets its
   * whole time from now on, once. Milliseconds.
   */
  private stillDue(leg: LegRecord, last: string, { ms, after }: Omit<Timer, 'timer'>): number {
    const sentAt = this.sentAt(leg);
    if (sentAt !== undefined) return sentAt + ms - this.now();
    return last === after ? 0 : ms;
  }
}

function isFinal(response: string): boolean {
  return (readTech(response)?.status ?? 0) >= 300;
}

function hasResponded(leg: LegRecord): boolean {
  return leg.rang || leg.progress || leg.answered;
}
