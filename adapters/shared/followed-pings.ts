import type { Logger } from 'winston';
import type { SipMirror, TrunkPing } from '../../src/calls/ports';

/** What following a PBX's OPTIONS takes, whatever the PBX. */
export interface FollowedPingsParts {
  readonly mirror?: Pick<SipMirror, 'pingStatus'>;
  readonly log: Logger;
  readonly pinged: (ping: TrunkPing) => void;
}

/** The trunks' OPTIONS that one policy asks for: all that goes on for them ends at once. */
export class FollowedPings {
  private readonly timers = new Set<NodeJS.Timeout>();
  private over = false;

  constructor(private readonly log: Logger) {}

  /** Whether another policy's are followed by now: what was asked for these counts no more. */
  get isOver(): boolean {
    return this.over;
  }

  /** @param ms as often as the PBX sends them; they keep no process alive */
  every(ms: number, look: () => void): void {
    if (!this.over) this.timers.add(setInterval(look, ms).unref());
  }

  stop(): void {
    this.over = true;
    for (const timer of this.timers) clearInterval(timer);
    this.timers.clear();
  }

  /** The trunk's OPTIONS cannot be followed, or not as well as they should be. */
  complain(trunk: string, why: string): void {
    this.log.warn('options_ping', { trunk, why });
  }
}

/**
 * Final status of the latest OPTIONS to this URI as mirrored SIP has it. An answer may have come right after the
 * last look, so it may be two intervals old.
 * @param everyMs from one OPTIONS to the next, milliseconds
 */
export function mirroredStatus(
  mirror: FollowedPingsParts['mirror'],
  uri: string,
  everyMs: number,
): number | undefined {
  return mirror?.pingStatus(uri, 2 * everyMs);
}
