import type { FailureClass } from '../model/classes';
import type { SubAttempt } from '../model/failure';
import type { Decision } from '../policy/decision';
import type { DecisionInputs } from '../policy/explain';

/** What happened to one hunt, for the operator; later explanations are made from this. */
export interface HuntRecord {
  readonly id: string;
  readonly pbx: string;
  readonly leg: string;
  readonly number: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly policyHash: string;
  readonly attempts: AttemptRecord[];
  readonly decisions: DecisionRecord[];
  /** Which trunk answered, and which of its INVITEs before that were not answered. */
  answered?: { readonly trunk: string; readonly earlier?: readonly SubAttempt[] };
  /** The caller hung up or the call ended; milliseconds since the epoch. */
  endedAt?: number;
}

export interface AttemptRecord {
  readonly trunk: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly class: FailureClass;
  readonly rang: boolean;
  /** Known from the call's own state alone: crankback was restarted since. */
  readonly recovered?: boolean;
  /** Answered after it had been given up. */
  lateAnswer?: boolean;
}

export interface DecisionRecord extends Decision {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly class?: FailureClass;
  /** Made before the attempt and carried out by the PBX without asking. */
  readonly planned?: true;
  /** The status could not be sent as it is: leg A was answered, or is not SIP. */
  readonly degraded?: 'relay-degraded';
  /** What it was made of, for `explain`; absent where no policy was asked. Numbers are not masked. */
  readonly inputs?: DecisionInputs;
  /** The PBX refused the answer; the call took the static fallback. */
  failed?: string;
}

/** The latest hunts, newest first; a full journal forgets the oldest. */
export class Journal {
  private readonly hunts = new Map<string, HuntRecord>();

  constructor(private readonly capacity: number) {}

  /** The record of a hunt, made on first sight. */
  open(start: Omit<HuntRecord, 'attempts' | 'decisions' | 'endedAt'>): HuntRecord {
    const known = this.hunts.get(start.id);
    if (known) return known;
    const record: HuntRecord = { ...start, attempts: [], decisions: [] };
    this.hunts.set(start.id, record);
    if (this.hunts.size > this.capacity) {
      const oldest = this.hunts.keys().next().value;
      if (oldest !== undefined) this.hunts.delete(oldest);
    }
    return record;
  }

  find(id: string): HuntRecord | undefined {
    return this.hunts.get(id);
  }

  /** Newest first. */
  latest(limit: number, number?: string): HuntRecord[] {
    return [...this.hunts.values()]
      .reverse()
      .filter((hunt) => number === undefined || hunt.number === number)
      .slice(0, limit);
  }
}
