import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'winston';
import type { DecisionRecord, HuntRecord, Journal } from '../records/journal';
import type { SubAttempt } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { normalize } from '../normalize/normalize';
import type { Policy } from '../policy/policy';
import type { TrunkStore } from '../trunks/trunk-store';
import type { HealthStore } from '../trunks/health/health-store';
import { Chronicle } from './chronicle';
import { decideOn, mustWait } from './deciding';
import { entryOf } from './entry';
import {
  failuresOf,
  of,
  recoverAttempts,
  weighed,
  whole,
  withContacts,
  type Failed,
} from './failed';
import type { CallMetrics } from '../records/call-metrics';
import type {
  ConnectionState,
  Handover,
  LateAnswer,
  ObservedAttempt,
  PbxListener,
  PbxPort,
  PlannedSlot,
  TrunkPing,
} from './ports';
import { Lessons } from './lessons';
import { Planning } from './planning';
import { Telling } from './telling';
import { HuntsUnderWay } from './under-way';

export interface CallServiceParts {
  /** Name of the PBX in records and logs. */
  readonly pbx: string;
  readonly port: PbxPort;
  /** The policy in force; a changed file counts from the next decision on. */
  readonly policy: () => Policy;
  readonly trunks: TrunkStore;
  readonly health: Pick<HealthStore, 'report' | 'abandon' | 'pinged'>;
  /** Makes every plan void that is under way. */
  readonly raiseEpoch: () => void;
  readonly journal: Journal;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly maskNumbers: boolean;
}

/** A handover with what its decision needs beside. */
interface Handed {
  readonly handover: Handover;
  readonly policy: Policy;
  readonly record: HuntRecord;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Handover → decision → answer, for one PBX. Nothing here waits for anything but that PBX. */
export class CallService implements PbxListener {
  private readonly answering = new Set<Promise<void>>();
  private readonly hunts = new HuntsUnderWay();
  private readonly chronicle: Chronicle;
  private readonly planning: Planning;
  private readonly lessons: Lessons;
  private readonly telling: Telling;
  private state: ConnectionState = { connected: false, why: 'not yet connected' };

  constructor(private readonly parts: CallServiceParts) {
    const { dialect } = parts.port;
    this.chronicle = new Chronicle({ ...parts, dialect });
    this.planning = new Planning({ ...parts, hunts: this.hunts });
    this.lessons = new Lessons({ ...parts, hunts: this.hunts, chronicle: this.chronicle });
    const { chronicle, lessons } = this;
    this.telling = new Telling({ ...parts, chronicle, lessons });
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
    // One policy for the whole decision, whatever happens to the file meanwhile.
    const policy = this.parts.policy();
    const receivedAt = this.parts.now();
    this.begin(handover);
    const record = this.chronicle.open(handover, policy);
    const failed = failuresOf(handover, policy.phrases);
    const about = { handover, policy, record, receivedAt };
    if (mustWait(this.parts.trunks, policy, handover, failed))
      this.underWay(this.decideLater(about, failed));
    else this.underWay(this.decideNow(about, failed));
  }

  /** A decision that depends on what only the leg's own SIP tells waits for it, and no other does. */
  private async decideLater(about: Handed, told: readonly Failed[]): Promise<void> {
    const { now, metrics, pbx } = this.parts;
    const { policy, record, receivedAt } = about;
    const failed = await Promise.all(told.map((one) => whole(one, policy.phrases)));
    metrics.mirrorWaitSeconds.observe({ pbx }, (now() - receivedAt) / 1000);
    const handover = withContacts(about.handover, failed);
    if (this.hunts.find(handover.huntId)) return this.decideNow({ ...about, handover }, failed);
    // The caller has left meanwhile; what the trunk did stands.
    this.telling.failed(record, handover, failed);
  }

  private decideNow(
    { handover, policy, record, receivedAt }: Handed,
    failed: readonly Failed[],
  ): Promise<void> {
    const { now, metrics, pbx } = this.parts;
    const best = bestOf(failed.map(of));
    const failure = answerOf(failed.map(of));
    const { decision, inputs } = decideOn(
      this.parts.trunks,
      policy,
      weighed(handover, failed, best),
      failure,
    );
    // Whoever waits for an answer to a failure waits for nothing else.
    const plan =
      inputs && !failure
        ? this.planning.begin(handover.huntId, decision.outcome, { policy, ...inputs })
        : undefined;
    const entry = entryOf(handover, decision, {
      at: receivedAt,
      shown: this.chronicle.shownOutcome(decision.outcome),
      failure,
      inputs,
    });
    recoverAttempts(record, handover, failed.length);
    record.decisions.push(entry);
    const about = {
      ...(failure && { failureClass: failure.class }),
      ...(plan && { plan }),
    };
    const answer = this.parts.port.answer(handover, decision, about).then(
      () => metrics.answerSeconds.observe({ pbx }, (now() - receivedAt) / 1000),
      (error: unknown) => this.answerFailed(handover, entry, error),
    );
    this.lessons.begin(handover.huntId, decision.outcome);
    // Told after the answer has left: a slow terminal must not delay a call.
    this.telling.decided(record, handover, entry, failed, failed[best]);
    this.planning.watchBudget(policy, handover.at);
    return answer;
  }

  planned(handover: Handover, slot: PlannedSlot): void {
    const { huntId, at } = handover;
    const failed = failuresOf(handover, this.parts.policy().phrases);
    const [only] = failed;
    const used = only && this.planning.used(handover, only.failure, slot);
    if (!used) {
      const record = this.chronicle.open(handover, this.parts.policy());
      this.chronicle.unknownPlan(huntId);
      this.telling.failed(record, handover, failed);
      return;
    }
    const { policy, hunt, planned, decided, inputs } = used;
    const record = this.chronicle.open({ ...handover, hunt }, policy);
    const kept = isDeepStrictEqual(decided.outcome, planned.outcome);
    if (!kept) this.chronicle.planMismatch(huntId, planned, decided);
    this.planning.commit(huntId, used, at);
    this.lessons.begin(huntId, planned.outcome);
    const { failure } = only;
    // The same way out may have another rule behind it: that of what the failure turned out to be.
    const did = kept ? decided : planned;
    const entry = entryOf(handover, did, {
      shown: this.chronicle.shownOutcome(did.outcome),
      at: this.parts.now(),
      failure,
      inputs,
      planned: true,
    });
    recoverAttempts(record, handover, failed.length);
    record.decisions.push(entry);
    this.telling.decided(record, { ...handover, hunt }, entry, failed, only);
    this.planning.watchBudget(policy, at);
  }

  private underWay(answer: Promise<void>): void {
    this.answering.add(answer);
    void answer.finally(() => this.answering.delete(answer));
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

  answered(huntId: string, trunk: string, earlier?: Promise<readonly SubAttempt[]>): void {
    const number = this.hunts.find(huntId)?.number ?? '';
    this.lessons.answered(huntId, trunk);
    void earlier?.then((invites) => this.chronicle.answered(huntId, trunk, invites));
    this.parts.health.report({ trunk, hunt: huntId, number, outcome: { kind: 'answered' } });
  }

  pinged(ping: TrunkPing): void {
    this.parts.health.pinged(ping);
  }

  callerGone(huntId: string): void {
    this.forget(huntId);
    this.parts.health.abandon(huntId);
    this.chronicle.ended(huntId, this.parts.now());
  }

  /** The attempt that is reported is over, and so is an earlier hunt of the same leg. */
  private begin({ huntId, leg, channel = leg, hunt }: Handover): void {
    const over = this.hunts.begin(huntId, { channel, number: hunt.number });
    if (over !== undefined) this.parts.trunks.release(over);
    this.parts.trunks.release(huntId);
  }

  private forget(huntId: string): void {
    this.parts.trunks.release(huntId);
    this.hunts.end(huntId);
  }

  private answerFailed({ huntId }: Handover, entry: DecisionRecord, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    entry.failed = why;
    this.forget(huntId);
    this.parts.health.abandon(huntId);
    this.chronicle.answerFailed(huntId, why);
  }
}
