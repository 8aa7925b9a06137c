/** Longer than nearly every call rings; a probe call without a result by then does not count. */
export const PROBE_RESULT_MS = 60_000;

/**
 * Permits for the live calls that probe a trunk after its cooldown. One instance holds a lease of a few
 * calls for some time; each hunt takes a permit from it under its own name.
 */
export class Permits {
  private left = 0;
  private leasedUntil = -Infinity;
  private readonly inUse = new Map<string, number>();

  /** @param until end of the lease unless it is used; Unix time in milliseconds */
  grant(calls: number, until: number): void {
    this.left = calls - this.inUse.size;
    this.leasedUntil = until;
  }

  /** Number of calls that may start now. */
  available(now: number): number {
    for (const [hunt, until] of this.inUse) if (now >= until) this.giveBack(hunt);
    if (now >= this.leasedUntil) this.clear();
    return this.left;
  }

  /** Whether this instance holds a lease, with permits left or in use. */
  isLeased(now: number): boolean {
    this.available(now);
    return this.leasedUntil > now;
  }

  /** Whether any hunt holds one. */
  get isInUse(): boolean {
    return this.inUse.size > 0;
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

  /** The hunt's call said nothing about the trunk, so another call may try. */
  giveBack(hunt: string): void {
    if (this.inUse.delete(hunt)) this.left += 1;
  }

  /** The hunt's call has a result; false if it held no permit. */
  settle(hunt: string): boolean {
    return this.inUse.delete(hunt);
  }

  clear(): void {
    this.left = 0;
    this.leasedUntil = -Infinity;
    this.inUse.clear();
  }
}
