import type { AttemptFailed, CallEvent, Decided, HuntBegun } from '../events/call-event';
import { classOfStatus } from '../model/classes';
import type { PastAttempt } from '../policy/hunt';
import type { AttemptRecord, DecisionRecord, HuntRecord } from './hunt-record';

/**
 * The latest hunts, newest first, built from call events; a full journal drops the oldest. Numbers are
 * stored complete.
 */
export class Journal {
  private readonly hunts = new Map<string, HuntRecord>();

  constructor(private readonly capacity: number) {}

  readonly record = (event: CallEvent): void => {
    switch (event.kind) {
      case 'hunt-begun':
        this.open(event);
        return;
      case 'attempt-recovered':
        this.hunts.get(event.hunt)?.attempts.push(recoveredRecord(event.attempt));
        return;
      case 'attempt-failed':
        this.hunts.get(event.hunt)?.attempts.push(attemptRecord(event));
        return;
      case 'attempt-answered': {
        const record = this.hunts.get(event.hunt);
        const { trunk, earlier } = event;
        if (record) record.answered = { trunk, ...(earlier.length > 0 && { earlier }) };
        return;
      }
      case 'late-answered': {
        const record = event.hunt === undefined ? undefined : this.hunts.get(event.hunt);
        const attempt = record?.attempts.findLast((one) => one.trunk === event.trunk);
        if (attempt) attempt.lateAnswer = true;
        return;
      }
      case 'decided':
        this.hunts.get(event.hunt)?.decisions.push(decisionRecord(event));
        return;
      case 'answer-not-taken': {
        const { decisions } = this.hunts.get(event.hunt) ?? { decisions: [] };
        const decision = decisions.findLast(({ at }) => at === event.decidedAt);
        if (decision) decision.failed = event.why;
        return;
      }
      case 'hunt-ended': {
        const record = this.hunts.get(event.hunt);
        if (record) record.endedAt ??= event.at;
        return;
      }
      default:
    }
  };

  find(id: string): HuntRecord | undefined {
    return this.hunts.get(id);
  }

  /**
   * Newest first.
   * @param isWanted which ones; all without it
   */
  latest(limit: number, isWanted: (hunt: HuntRecord) => boolean = () => true): HuntRecord[] {
    const found: HuntRecord[] = [];
    for (const hunt of [...this.hunts.values()].reverse()) {
      if (found.length >= limit) break;
      if (isWanted(hunt)) found.push(hunt);
    }
    return found;
  }

  private open({ hunt, pbx, leg, number, startedAt, policyHash }: HuntBegun): void {
    if (this.hunts.has(hunt)) return;
    const start = { id: hunt, pbx, leg, number, startedAt, policyHash };
    this.hunts.set(hunt, { ...start, attempts: [], decisions: [] });
    if (this.hunts.size <= this.capacity) return;
    const oldest = this.hunts.keys().next().value;
    if (oldest !== undefined) this.hunts.delete(oldest);
  }
}

function decisionRecord(event: Decided): DecisionRecord {
  const { decision, inputs, at, failure, planned, degraded, passedOver } = event;
  return {
    ...decision,
    ...(passedOver.length > 0 && { passedOver }),
    ...(inputs && { inputs }),
    at,
    ...(failure && { class: failure.class }),
    ...(planned && { planned }),
    ...(degraded && { degraded: 'relay-degraded' }),
  };
}

function attemptRecord({ trunk, failure }: AttemptFailed): AttemptRecord {
  return {
    trunk,
    class: failure.class,
    rang: failure.rang,
    ...(failure.sip !== undefined && { sip: failure.sip }),
    ...(failure.phrase !== undefined && { phrase: failure.phrase }),
  };
}

/** The call's own state has only status and ringing; the class follows from them. */
function recoveredRecord({ trunk, sip, rang }: PastAttempt): AttemptRecord {
  if (sip === undefined)
    return { trunk, class: rang ? 'no-answer' : 'trunk-timeout', rang, recovered: true };
  const failureClass = classOfStatus(sip, { rang, ours: false });
  return { trunk, class: failureClass, rang, recovered: true, sip };
}
