/**
 * How far Redis can be used. Reachable and writable are two facts: one that is full or a replica answers, and
 * shares nothing.
 */
export type Level = 'unreachable' | 'read-only' | 'shared';

const RANK: Readonly<Record<Level, number>> = { unreachable: 0, 'read-only': 1, shared: 2 };

/** Whoever was in order for so long starts afresh. Milliseconds. */
const STEADY_MS = 60_000;
/** So many falls are outages; more of them in a short time are one that comes and goes. */
const FREE_FALLS = 2;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * The level that is said and acted upon. It falls at once. It rises at once too, but after several falls it waits,
 * twice as long with each, so that a Redis that comes and goes does not fill the log.
 */
export class Standing {
  private current: Level | undefined;
  private falls = 0;
  private roseAt = 0;
  private betterSince: number | undefined;

  /** Undefined: nothing is known yet. */
  get level(): Level | undefined {
    return this.current;
  }

  /** Not better than this any more. True where the level has changed. */
  fall(to: Level, now: number): boolean {
    this.betterSince = undefined;
    if (this.current !== undefined && RANK[to] >= RANK[this.current]) return false;
    if (this.current === 'shared') {
      this.falls = now - this.roseAt >= STEADY_MS ? 1 : this.falls + 1;
    }
    this.current = to;
    return true;
  }

  /** Everything that this level needs was seen to work. True where the level has changed. */
  rise(to: Level, now: number): boolean {
    if (this.current !== undefined && RANK[to] <= RANK[this.current]) {
      this.betterSince = undefined;
      return false;
    }
    this.betterSince ??= now;
    if (now - this.betterSince < this.wait()) return false;
    this.current = to;
    this.betterSince = undefined;
    this.roseAt = now;
    return true;
  }

  private wait(): number {
    if (this.falls <= FREE_FALLS) return 0;
    // Beyond 2^30 the longest is reached.
    const doublings = Math.min(this.falls - FREE_FALLS - 1, 30);
    return Math.min(FIRST_WAIT_MS * 2 ** doublings, LONGEST_WAIT_MS);
  }
}
