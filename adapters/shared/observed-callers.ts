import type { PbxListener } from '../../src/calls/ports';
import { BoundedMap } from './bounded';

/** Limit for callers whose end was missed. */
const MOST_CALLERS = 20_000;

/** Leg A of calls that the user's own dialplan makes: tells their end after the last report of an attempt. */
export class ObservedCallers {
  /** Leg A → its reports that wait for mirrored SIP. */
  private readonly callers = new BoundedMap<string, Set<Promise<void>>>(MOST_CALLERS);

  constructor(private readonly listener: () => PbxListener | undefined) {}

  get size(): number {
    return this.callers.size;
  }

  /** An attempt of this leg A was reported, or will be. */
  attempt(id: string, report?: Promise<void>): void {
    const reports = this.callers.get(id) ?? new Set();
    this.callers.set(id, reports);
    if (!report) return;
    reports.add(report);
    void report.then(() => reports.delete(report));
  }

  /**
   * Leg A has ended.
   * @param answered somebody, or the PBX itself, had answered it
   */
  over(id: string, answered: boolean): void {
    const reports = this.callers.get(id);
    if (!reports) return;
    this.callers.delete(id);
    const tell = () => this.listener()?.observedCallOver({ id, answered });
    if (reports.size === 0) tell();
    else void Promise.all(reports).then(tell);
  }

  /** Nothing more is told of calls that are no longer there. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.callers.keys()) if (!ids.has(id)) this.over(id, false);
  }
}
