import type { CallEvent } from '../events/call-event';
import type { Policy } from '../policy/policy';
import { completed, type ClassifiedAttempt } from './classified-attempts';
import type { DecidedOnHandover } from './decide-on-handover';
import type { Effects } from './effects';
import { attemptFailed, decidedEvent, huntBegun } from './events-of-handover';
import type { HuntsInProgress } from './hunts-in-progress';
import type { Handover } from './ports';

export interface ToldHuntsParts {
  /** Name of the PBX in events. */
  readonly pbx: string;
  readonly hunts: HuntsInProgress;
  readonly effects: Effects;
  readonly emit: (event: CallEvent) => void;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** A handover and its context while it is decided. */
export interface CallAtHand {
  readonly handover: Handover;
  /** One policy for the whole decision, even if the file changes meanwhile. */
  readonly policy: Policy;
  /** Unix time in milliseconds. */
  readonly receivedAt: number;
}

/** Tells of each hunt what has become of it, each attempt once, and lets it take effect. */
export class ToldHunts {
  constructor(private readonly parts: ToldHuntsParts) {}

  begin({ handover, policy }: CallAtHand): void {
    const isNew = this.parts.effects.handedOver(handover);
    if (isNew) this.parts.emit(huntBegun(this.about(handover), handover, policy));
  }

  /** After a restart the call's own state has attempts that this process has not seen. */
  recovered({ handover }: CallAtHand, failed: readonly ClassifiedAttempt[]): void {
    const progress = this.parts.hunts.find(handover.huntId);
    if (!progress) return;
    const { attempts, mailboxMissing } = handover.hunt;
    const reported = mailboxMissing ? 0 : failed.length;
    const recovered = attempts.slice(progress.attemptsTold, attempts.length - reported);
    progress.attemptsTold += recovered.length;
    for (const attempt of recovered)
      this.parts.emit({ kind: 'attempt-recovered', ...this.about(handover), attempt });
  }

  /** A missing mailbox hands over the same attempts a second time. */
  failed({ handover, policy }: CallAtHand, failed: readonly ClassifiedAttempt[]): void {
    if (handover.hunt.mailboxMissing) return;
    const progress = this.parts.hunts.find(handover.huntId);
    if (progress) progress.attemptsTold += failed.length;
    const first = handover.hunt.attempts.length - failed.length;
    for (const [index, attempt] of failed.entries()) {
      this.remember(handover.huntId, first + index, attempt, policy);
      this.parts.emit(attemptFailed(this.about(handover), handover, attempt));
      if (!attempt.counted) this.parts.effects.attemptFailed(handover, policy, attempt);
    }
  }

  decided(
    call: CallAtHand,
    decided: DecidedOnHandover,
    attempt: ClassifiedAttempt | undefined,
    planned = false,
  ): void {
    const { handover, policy, receivedAt: at } = call;
    const { emit, effects } = this.parts;
    const about = { ...this.about(handover), at };
    emit(decidedEvent(about, handover, policy, { ...decided, attempt, planned }));
    if (!handover.hunt.mailboxMissing) effects.ruleHolds(handover, decided.decision, attempt);
  }

  /** For later handovers: the call's own state may know less. */
  private remember(
    huntId: string,
    index: number,
    attempt: ClassifiedAttempt,
    policy: Policy,
  ): void {
    const judge = ({ trunk, failure }: ClassifiedAttempt) =>
      this.parts.hunts.judge(huntId, index, { trunk, class: failure.class });
    judge(attempt);
    if (attempt.late) void completed(attempt, policy).then(judge);
  }

  private about({ huntId }: Handover): { at: number; pbx: string; hunt: string } {
    return { at: this.parts.now(), pbx: this.parts.pbx, hunt: huntId };
  }
}
