/**
 * So many times a pulse for each trunk, whatever others say: what they write or publish must not make this
 * instance busier than its own clock does. Its size is bounded by the policy's trunks.
 */
export class Allowance {
  private readonly taken = new Map<string, number>();

  /** @param perPulse how often something may be done for a trunk between two pulses */
  constructor(private readonly perPulse: number) {}

  /** A pulse has begun. */
  renew(): void {
    this.taken.clear();
  }

  /** False where it has to wait for the next pulse. */
  take(trunk: string): boolean {
    const taken = this.taken.get(trunk) ?? 0;
    if (taken >= this.perPulse) return false;
    this.taken.set(trunk, taken + 1);
    return true;
  }
}
