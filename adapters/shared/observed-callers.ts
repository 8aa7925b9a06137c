import type { PbxListener } from '../../src/calls/ports';
import { BoundedMap, BoundedSet } from './bounded';

/** Limit for callers whose end was missed. */
const MOST_CALLERS = 20_000;
/** Callers that have just ended. */
const MOST_ENDED = 5_000;
/** A caller who leaves ends before the leg that this ends. Milliseconds. */
const LAST_LEG_MS = 1_000;

/** Leg A of calls that the user's own dialplan makes: tells their end after the last report of an attempt. */
export class ObservedCallers {
  /** Leg A → its reports that wait for mirrored SIP. */
  private readonly callers = new BoundedMap<string, Set<Promise<void>>>(MOST_CALLERS);
  /** Ended before any of its attempts was reported → whether it was answered. */
  private readonly ended = new BoundedMap<string, boolean>(MOST_ENDED);
  private readonly handedOver = new BoundedSet<string>(MOST_CALLERS);
  private readonly ending = new BoundedSet<string>(MOST_CALLERS);

  constructor(
    private readonly listener: () => PbxListener | undefined,
    private readonly lastLegMs = LAST_LEG_MS,
  ) {}

  get size(): number {
    return this.callers.size;
  }

  /** An attempt of this leg A is reported now, or by this promise. */
  attempt(id: string, report?: Promise<void>): void {
    const reports = this.callers.get(id) ?? new Set();
    this.callers.set(id, reports);
    if (report) {
      reports.add(report);
      void report.then(() => reports.delete(report));
    }
    const answered = this.ended.get(id);
    if (answered !== undefined) this.over(id, answered);
  }

  /** Leg A came to us: what it tried before is told by its handover. */
  came(id: string): void {
    if (this.callers.has(id)) this.handedOver.add(id);
  }

  /** Leg A came to us, and was left to its dialplan: it is followed from then on, whatever it dials. */
  left(id: string): void {
    this.handedOver.delete(id);
    this.attempt(id);
  }

  /**
   * Leg A has ended.
   * @param answered somebody, or the PBX itself, had answered it
   */
  over(id: string, answered: boolean): void {
    if (!this.callers.has(id)) {
      this.ended.set(id, answered);
      return;
    }
    if (this.ending.has(id)) return;
    this.ending.add(id);
    setTimeout(() => void this.tell(id, answered), this.lastLegMs).unref();
  }

  /** Nothing more is told of calls that are no longer there. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.callers.keys()) if (!ids.has(id)) this.over(id, false);
  }

  private async tell(id: string, answered: boolean): Promise<void> {
    await Promise.all([...(this.callers.get(id) ?? [])]);
    this.callers.delete(id);
    this.ending.delete(id);
    const came = this.handedOver.delete(id) ? ({ handedOver: true } as const) : {};
    this.listener()?.observedCallOver({ id, answered, ...came });
  }
}
