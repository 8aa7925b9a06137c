import type { FindingCode } from '../../src/findings/registry';
import type { Logger } from 'winston';
import type { SipMirror, TrunkPing } from '../../src/calls/ports';

/** Requirements for following the OPTIONS of any PBX. */
export interface FollowedPingsParts {
  readonly mirror?: Pick<SipMirror, 'pingStatus'>;
  readonly log: Logger;
  readonly pinged: (ping: TrunkPing) => void;
}

/** The trunks' OPTIONS that one policy asks for; all of them end at once. */
export class FollowedPings {
  private readonly timers = new Set<NodeJS.Timeout>();
  private over = false;

  constructor(private readonly log: Logger) {}

  /** Whether another policy's OPTIONS are followed by now; results for these no longer count. */
  get isOver(): boolean {
    return this.over;
  }

  /** @param ms the PBX's own interval; the timers do not keep the process alive */
  every(ms: number, look: () => void): void {
    if (!this.over) this.timers.add(setInterval(look, ms).unref());
  }

  stop(): void {
    this.over = true;
    for (const timer of this.timers) clearInterval(timer);
    this.timers.clear();
  }

  /** Logs that the trunk's OPTIONS cannot be followed, or not as well as they should be. */
  complain(trunk: string, finding: FindingCode, why: string): void {
    this.log.warn('options_ping', { finding, trunk, why });
  }
}

/**
 * Final status of the latest OPTIONS to this URI in mirrored SIP. It may be two intervals old, because an
 * answer may have come right after the last look.
 * @param everyMs from one OPTIONS to the next, milliseconds
 */
export function mirroredStatus(
  mirror: FollowedPingsParts['mirror'],
  uri: string,
  everyMs: number,
): number | undefined {
  return mirror?.pingStatus(uri, 2 * everyMs);
}
