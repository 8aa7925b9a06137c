import type { Logger } from 'winston';
import type { DecisionRecord, Journal } from '../journal/journal';
import type { Failure } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { normalize } from '../normalize/normalize';
import { decide } from '../policy/decide';
import type { Decision, Outcome } from '../policy/decision';
import { isDialable } from '../policy/digits';
import { drawFrom } from '../policy/draw';
import type { DecisionInputs } from '../policy/explain';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { refuseNumber, route } from '../policy/route';
import { decideAndReserve } from '../trunks/reserve';
import type { TrunkStore } from '../trunks/state';
import type { HealthStore } from '../trunks/store';
import { Chronicle } from './chronicle';
import { place } from './describe';
import { failuresOf, inOrderOfWeight, of, recoverAttempts, whenWhole, type Failed } from './failed';
import type { CallMetrics } from './metrics';
import type {
  ConnectionState,
  Handover,
  LateAnswer,
  ObservedAttempt,
  PbxListener,
  PbxPort,
} from './ports';
import { HuntsUnderWay } from './under-way';

export interface CallServiceParts {
  /** Name of the PBX in records and logs. */
  readonly pbx: string;
  readonly port: PbxPort;
  /** The policy in force; a changed file counts from the next decision on. */
  readonly policy: () => Policy;
  readonly trunks: TrunkStore;
  readonly health: Pick<HealthStore, 'report' | 'abandon'>;
  readonly journal: Journal;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly maskNumbers: boolean;
}

/** Handover → decision → answer, for one PBX. Nothing here waits for anything but that PBX. */
export class CallService implements PbxListener {
  private readonly answering = new Set<Promise<void>>();
  private readonly hunts = new HuntsUnderWay();
  private readonly chronicle: Chronicle;
  private state: ConnectionState = { connected: false, why: 'not yet connected' };

  constructor(private readonly parts: CallServiceParts) {
    this.chronicle = new Chronicle({ ...parts, dialect: parts.port.dialect });
  }

  start(): void {
    this.parts.port.start(this);
  }

  /** Lets answers under way finish, at most `limitMs`, then leaves the PBX. */
  async drain(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    await Promise.race([Promise.allSettled(this.answering), limit]);
    clearTimeout(timer);
    await this.parts.port.stop();
  }

  connectionState(): ConnectionState {
    return this.state;
  }

  connection(state: ConnectionState): void {
    const { metrics, pbx } = this.parts;
    metrics.connected.set({ pbx }, state.connected ? 1 : 0);
    // A PBX that stays away is retried for ever; the same reason is worth one line only.
    const news =
      state.connected !== this.state.connected ||
      (!state.connected && !this.state.connected && state.why !== this.state.why);
    this.state = state;
    if (news) this.chronicle.connection(state);
  }

  handover(handover: Handover): void {
    const { now, metrics, pbx } = this.parts;
    // One policy for the whole decision, whatever happens to the file meanwhile.
    const policy = this.parts.policy();
    const receivedAt = now();
    this.begin(handover);
    const record = this.chronicle.open(handover, policy);
    const failed = failuresOf(handover, policy.phrases);
    const best = bestOf(failed.map(of));
    const failure = answerOf(failed.map(of));
    const attempts = inOrderOfWeight(handover.hunt.attempts, failed, best);
    const hunt = { ...handover.hunt, attempts };
    const { decision, inputs } = this.decideOn(policy, { ...handover, hunt }, failure);
    const entry: DecisionRecord = {
      ...decision,
      outcome: this.chronicle.shownOutcome(decision.outcome),
      ...(inputs && { inputs }),
      at: receivedAt,
      ...(failure && { class: failure.class }),
      ...(isDegraded(decision.outcome, handover) && { degraded: 'relay-degraded' }),
    };
    recoverAttempts(record, handover, failed.length);
    record.decisions.push(entry);
    const answer = this.parts.port.answer(handover, decision, failure?.class).then(
      () => metrics.answerSeconds.observe({ pbx }, (now() - receivedAt) / 1000),
      (error: unknown) => this.answerFailed(handover, entry, error),
    );
    this.answering.add(answer);
    void answer.finally(() => this.answering.delete(answer));
    // Told after the answer has left: a slow terminal must not delay a call.
    const trunk = failed[best]?.trunk;
    // A mailbox that turned out to be missing brings the same attempts a second time.
    const news = !handover.hunt.mailboxMissing;
    if (news) {
      this.reportFailed(handover, failed);
      this.chronicle.failed(record, handover, failed);
    }
    this.chronicle.decision(handover, entry, failure, trunk);
    if (news) {
      this.hold(handover, entry);
      this.chronicle.besides(handover.huntId, entry, trunk);
    }
  }

  observed(attempt: ObservedAttempt): void {
    const { health, policy } = this.parts;
    const { trunk, leg, number, known, answered } = attempt;
    const failure = answered ? undefined : normalize(attempt.evidence, policy().phrases);
    if (known) {
      const outcome = failure
        ? ({ kind: 'failed', failure } as const)
        : ({ kind: 'answered' } as const);
      health.report({ trunk, hunt: leg, number, outcome });
    }
    this.chronicle.observed(attempt, failure);
  }

  lateAnswer(late: LateAnswer): void {
    this.chronicle.lateAnswer(late);
  }

  answered(huntId: string, trunk: string): void {
    const number = this.hunts.find(huntId)?.number ?? '';
    this.parts.health.report({ trunk, hunt: huntId, number, outcome: { kind: 'answered' } });
  }

  callerGone(huntId: string): void {
    this.forget(huntId);
    this.parts.health.abandon(huntId);
    this.chronicle.ended(huntId, this.parts.now());
  }

  /** The attempt that is reported is over, and so is an earlier hunt of the same leg. */
  private begin({ huntId, leg, hunt }: Handover): void {
    const over = this.hunts.begin(huntId, { leg, number: hunt.number });
    if (over !== undefined) this.parts.trunks.release(over);
    this.parts.trunks.release(huntId);
  }

  private forget(huntId: string): void {
    this.parts.trunks.release(huntId);
    this.hunts.end(huntId);
  }

  private decideOn(
    policy: Policy,
    { event, hunt: given, huntId, at }: Handover,
    failure: Failure | undefined,
  ): { readonly decision: Decision; readonly inputs?: DecisionInputs } {
    // The dialplan has checked the number; whoever changes that dialplan may not have.
    if (event.kind === 'invalid-number' || !isDialable(given.number)) {
      return { decision: refuseNumber() };
    }
    const hunt: Hunt = { ...given, draw: given.draw ?? drawFrom(huntId) };
    const { decision, trunks } = decideAndReserve(
      (state) =>
        failure ? decide(policy, hunt, failure, state, at) : route(policy, hunt, state, at),
      { policy, hunt, owner: huntId },
      this.parts.trunks,
      at,
    );
    const about = { policyHash: policy.hash, hunt, trunks, now: at };
    return { decision, inputs: { ...about, ...(failure && { failure }) } };
  }

  private hold({ at }: Handover, { hold, rule, class: failureClass }: DecisionRecord): void {
    if (!hold) return;
    this.parts.trunks.hold(hold.trunk, {
      from: at,
      ms: hold.ms,
      why: rule ? place(rule) : 'a rule',
      ...(failureClass && { class: failureClass }),
    });
  }

  /** Trunk health is told once of each attempt, with all that its own SIP says. */
  private reportFailed({ huntId, hunt }: Handover, failed: readonly Failed[]): void {
    const { health, policy } = this.parts;
    const { phrases } = policy();
    for (const one of failed) {
      if (one.counted) continue;
      whenWhole(one, phrases, (failure) =>
        health.report({
          trunk: one.trunk,
          hunt: huntId,
          number: hunt.number,
          outcome: { kind: 'failed', failure },
        }),
      );
    }
  }

  private answerFailed({ huntId }: Handover, entry: DecisionRecord, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    entry.failed = why;
    this.forget(huntId);
    this.parts.health.abandon(huntId);
    this.chronicle.answerFailed(huntId, why);
  }
}

/** Whether leg A cannot be sent the status, its phrase or its Retry-After as decided. */
function isDegraded(outcome: Outcome, { exactRelay, exactDetails }: Handover): boolean {
  if (outcome.kind !== 'relay' && outcome.kind !== 'announce') return false;
  const detailed = outcome.phrase !== undefined || outcome.retryAfter !== undefined;
  return !exactRelay || (detailed && !exactDetails);
}
