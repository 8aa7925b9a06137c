import type { Logger } from 'winston';
import type { SipMirror } from '../../../src/calls/ports';
import type { InboundConnection } from '../esl/inbound-connection';
import type { FreeswitchTrunk } from '../trunks/trunk-names';
import { FirstResponseTimers } from './first-response';
import { ProgressTimeouts } from './progress-timeout';

export interface AttemptTimersParts {
  readonly observer: Pick<InboundConnection, 'ask'>;
  /** Without it there is no `first_response`. */
  readonly mirror: SipMirror | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  readonly log: Pick<Logger, 'info'>;
  /** The hunt in progress of a leg A. */
  readonly huntOf: (legA: string) => string | undefined;
}

/** The watchdogs over the attempt that a leg A has under way. */
export class AttemptTimers {
  private readonly firstResponse: FirstResponseTimers | undefined;
  private readonly progress: ProgressTimeouts;

  constructor({ observer, mirror, now, log, huntOf }: AttemptTimersParts) {
    const gaveUp = (what: string) => (legA: string) =>
      log.info(`${what}, attempt given up`, { hunt: huntOf(legA) });
    this.firstResponse =
      mirror &&
      new FirstResponseTimers({ observer, mirror, now, gaveUp: gaveUp('no response at all') });
    this.progress = new ProgressTimeouts({ observer, gaveUp: gaveUp('no progress') });
  }

  get size(): number {
    return (this.firstResponse?.size ?? 0) + this.progress.size;
  }

  /**
   * A leg A dials.
   * @param trunk undefined for one that the policy has no more
   * @param delayMs until the attempt begins, in milliseconds
   */
  begin(legA: string, trunk: FreeswitchTrunk | undefined, delayMs = 0): void {
    const { firstResponse, progressTimeout } = trunk ?? {};
    if (firstResponse !== undefined) this.firstResponse?.arm(legA, firstResponse, delayMs);
    if (progressTimeout !== undefined) this.progress.arm(legA, progressTimeout + delayMs);
  }

  /** The attempt is over, was answered, or is no longer ours. */
  end(legA: string): void {
    this.firstResponse?.disarm(legA);
    this.progress.disarm(legA);
  }

  endAll(): void {
    this.firstResponse?.disarmAll();
    this.progress.disarmAll();
  }
}
