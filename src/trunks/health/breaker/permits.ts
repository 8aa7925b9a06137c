/** Longer than nearly every call rings; a probe that has not come back by then has told nothing. */
export const PROBE_RESULT_MS = 60_000;

/**
 * Permits for the live calls that try a trunk after its cooldown. They come as one lease of a few
 * calls, which one instance holds for a time; a permit is taken in the name of a hunt.
 */
export class Permits {
  private left = 0;
  private leasedUntil = -Infinity;
  private readonly inUse = new Map<string, number>();

  /** @param until when the lease ends unless it is used; Unix time in milliseconds */
  grant(calls: number, until: number): void {
    this.left = calls - this.inUse.size;
    this.leasedUntil = until;
  }

  /** How many calls may start now. */
  available(now: number): number {
    for (const [hunt, until] of this.inUse) if (now >= until) this.giveBack(hunt);
    if (now >= this.leasedUntil) this.clear();
    return this.left;
  }

  /** Whether a lease is held, with permits left or in use. */
  isLeased(now: number): boolean {
    this.available(now);
    return this.leasedUntil > now;
  }

  isHeldBy(hunt: string): boolean {
    return this.inUse.has(hunt);
  }

  take(hunt: string, now: number): boolean {
    if (this.inUse.has(hunt)) return true;
    if (this.available(now) < 1) return false;
    this.left -= 1;
    this.inUse.set(hunt, now + PROBE_RESULT_MS);
    this.leasedUntil = Math.max(this.leasedUntil, now + PROBE_RESULT_MS);
    return true;
  }

  /** The hunt's call has said nothing about the trunk: another one may try. */
  giveBack(hunt: string): void {
    if (this.inUse.delete(hunt)) this.left += 1;
  }

  /** The hunt's call has come back; false where it held no permit. */
  settle(hunt: string): boolean {
    return this.inUse.delete(hunt);
  }

  clear(): void {
    this.left = 0;
    this.leasedUntil = -Infinity;
    this.inUse.clear();
  }
}
