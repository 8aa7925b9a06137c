import type { Logger } from 'winston';
import type { RedisMetrics } from './metrics';

/** Where something stood that no crankback writes there. */
export type BadValueKind =
  'state' | 'message' | 'counts' | 'lease' | 'latest' | 'journal' | 'share';

/** Somebody who writes them all the time must not fill the log. */
const SAID_AGAIN_MS = 60_000;
/** What is wrong may quote what stood there. */
const LONGEST_WHY = 200;

export interface BadValuesParts {
  readonly log: Logger;
  readonly metrics: Pick<RedisMetrics, 'badValues'>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Counts values in Redis that are not ours, and logs one a minute of each kind. */
export class BadValues {
  private readonly saidAt = new Map<BadValueKind, number>();
  private readonly unsaid = new Map<BadValueKind, number>();

  constructor(private readonly parts: BadValuesParts) {}

  /** @param trunk absent where the value belongs to none of the policy's */
  note(what: BadValueKind, why: string, trunk?: string): void {
    const { log, metrics, now } = this.parts;
    metrics.badValues.inc({ what });
    const unsaid = this.unsaid.get(what) ?? 0;
    if (now() - (this.saidAt.get(what) ?? -Infinity) < SAID_AGAIN_MS) {
      this.unsaid.set(what, unsaid + 1);
      return;
    }
    this.saidAt.set(what, now());
    this.unsaid.set(what, 0);
    log.warn('a value in Redis is not ours: it is dropped', {
      finding: 'CB5004',
      what,
      ...(trunk !== undefined && { trunk }),
      why: why.slice(0, LONGEST_WHY),
      ...(unsaid > 0 && { before: unsaid }),
    });
  }
}
