/** Of what happens to a call, all that changes which trunk it takes up. */
export interface UseOfTrunk {
  readonly kind: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly pbx?: string;
  readonly hunt?: string;
  /** Of a decision. */
  readonly outcome?: string;
  readonly trunk?: string;
}

/** Calls at once on a trunk within a minute. */
export interface Peak {
  /** Its start: Unix time in milliseconds. */
  readonly minute: number;
  readonly trunk: string;
  readonly most: number;
  /** At the end of what has been seen of it. */
  readonly last: number;
}

/** Calls at once. Without a bound, calls whose end was lost would stay for ever. */
const MOST_CALLS = 50_000;
const MINUTE_MS = 60_000;

/** Calls on each trunk as limits count them: from the decision to dial until the next decision, or the call's end. */
export class CallsInUse {
  /** Call → trunk, the oldest first. */
  private readonly calls = new Map<string, string>();
  private readonly now = new Map<string, number>();
  private peaks = new Map<string, Peak>();

  seen({ kind, at, pbx, hunt, outcome, trunk }: UseOfTrunk): void {
    if (pbx === undefined || hunt === undefined) return;
    const call = JSON.stringify([pbx, hunt]);
    switch (kind) {
      case 'decision':
        this.leave(call, at);
        if (trunk !== undefined && (outcome === 'dial' || outcome === 'redirect'))
          this.take(call, trunk, at);
        return;
      case 'hunt-end':
      case 'not-carried-out':
        this.leave(call, at);
    }
  }

  /** What has changed since `kept`. */
  changed(): readonly Peak[] {
    return [...this.peaks.values()];
  }

  kept(): void {
    this.peaks = new Map();
  }

  private take(call: string, trunk: string, at: number): void {
    this.calls.set(call, trunk);
    this.count(trunk, 1, at);
    if (this.calls.size <= MOST_CALLS) return;
    const [oldest] = this.calls.keys();
    if (oldest !== undefined) this.leave(oldest, at);
  }

  private leave(call: string, at: number): void {
    const trunk = this.calls.get(call);
    if (trunk === undefined) return;
    this.calls.delete(call);
    this.count(trunk, -1, at);
  }

  private count(trunk: string, by: 1 | -1, at: number): void {
    const before = this.now.get(trunk) ?? 0;
    const last = before + by;
    if (last === 0) this.now.delete(trunk);
    else this.now.set(trunk, last);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const key = JSON.stringify([minute, trunk]);
    // A call that goes on since the minute before counts in this one as well.
    const most = Math.max(this.peaks.get(key)?.most ?? before, last);
    this.peaks.set(key, { minute, trunk, most, last });
  }
}
