import type { LegRecord } from './legs';
import type { AriRest } from '../ari/rest';
import { GIVEN_UP_CAUSE } from './causes';

/** A timer this late means that the process was frozen or starved: events are still unread. */
const LAG_MS = 250;

/**
 * Gives up a leg without any response, not even a 100. PJSIP alone would wait 32 s (Timer B). Must never
 * end a leg that has rung or been answered meanwhile.
 */
export class FirstResponseTimers {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly rest: Pick<AriRest, 'lastResponse' | 'channelState' | 'hangup'>,
    private readonly now: () => number,
    private readonly gaveUp: (leg: LegRecord) => void,
    private readonly failed: (leg: LegRecord, error: unknown) => void,
  ) {}

  get size(): number {
    return this.timers.size;
  }

  /** @param ms from now on */
  arm(leg: LegRecord, ms: number): void {
    this.disarm(leg.id);
    const due = this.now() + ms;
    this.timers.set(
      leg.id,
      setTimeout(() => {
        // After a freeze, timers fire before the events that came meanwhile are read.
        if (this.now() - due > LAG_MS) this.arm(leg, LAG_MS);
        else setImmediate(() => void this.expire(leg));
      }, ms),
    );
  }

  disarm(legId: string): void {
    clearTimeout(this.timers.get(legId));
    this.timers.delete(legId);
  }

  disarmAll(): void {
    for (const id of this.timers.keys()) this.disarm(id);
  }

  private async expire(leg: LegRecord): Promise<void> {
    if (!this.timers.delete(leg.id)) return;
    if (leg.callerId === undefined || hasResponded(leg)) return;
    try {
      if ((await this.rest.lastResponse(leg.callerId, leg.name)) !== undefined) return;
      if ((await this.rest.channelState(leg.id)) !== 'Down') return;
      // An event may have come during the request; a leg with only a 183 is still Down.
      if (hasResponded(leg)) return;
      await this.rest.hangup(leg.id, GIVEN_UP_CAUSE);
      this.gaveUp(leg);
    } catch (error) {
      this.failed(leg, error);
    }
  }
}

function hasResponded(leg: LegRecord): boolean {
  return leg.rang || leg.progress || leg.answered;
}
