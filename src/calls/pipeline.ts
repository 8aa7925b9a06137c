import { isDeepStrictEqual } from 'node:util';
import type { CallEvent } from '../events/call-event';
import type { Evidence, Failure, SubAttempt } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import type { Decision } from '../policy/decision/decision';
import { modeOfCall, type ModeOfCall } from '../policy/mode';
import type { Policy } from '../policy/policy';
import type { HealthStore } from '../trunks/health/health-store';
import type { TrunkStore } from '../trunks/trunk-store';
import { atMost } from './at-most';
import {
  classifiedAttempts,
  completed,
  failureOfAttempt,
  withClasses,
  withContacts,
  withDecisiveAttemptLast,
  type ClassifiedAttempt,
} from './classified-attempts';
import {
  decideOnBegun,
  decideOnHandover,
  decideOnWentOn,
  dependsOnLateEvidence,
} from './decide-on-handover';
import { Effects } from './effects';
import { callObserved } from './events-of-observation';
import { HuntsInProgress } from './hunts-in-progress';
import { ObservedCalls } from './observed-calls';
import { Plans } from './plans';
import { NOT_YET } from './ports';
import { ToldHunts, type CallAtHand } from './told-hunts';
import type {
  AbandonedAttempt,
  AnswerDetails,
  BegunCall,
  ConnectionState,
  FailedAttempt,
  FellBack,
  Handover,
  LateAnswer,
  ObservedAttempt,
  ObservedCallOver,
  PbxListener,
  PbxPort,
  PlannedSlot,
  TimedLeg,
  TrunkPing,
} from './ports';

export interface CallPipelineParts {
  /** Name of the PBX in events. */
  readonly pbx: string;
  readonly port: PbxPort;
  /** The policy in force; a changed file counts from the next decision on. */
  readonly policy: () => Policy;
  readonly trunks: TrunkStore;
  readonly health: Pick<
    HealthStore,
    'report' | 'left' | 'timed' | 'abandon' | 'pinged' | 'sendsAgain'
  >;
  /** Makes every plan in progress void. */
  readonly raiseGeneration: () => void;
  /** Receives every event; must neither throw nor block. */
  readonly emit: (event: CallEvent) => void;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * Takes each call of one PBX through its steps: handover → evidence → decide → reserve → answer → emit. It
 * waits for nothing but that PBX.
 */
export class CallPipeline implements PbxListener {
  private readonly answering = new Set<Promise<void>>();
  private readonly hunts = new HuntsInProgress();
  private readonly observedCalls: ObservedCalls;
  private readonly plans: Plans;
  private readonly effects: Effects;
  private readonly told: ToldHunts;
  private state: ConnectionState = { connected: false, why: NOT_YET };

  constructor(private readonly parts: CallPipelineParts) {
    this.plans = new Plans({ ...parts, hunts: this.hunts });
    this.effects = new Effects({ ...parts, hunts: this.hunts });
    this.told = new ToldHunts({ ...parts, hunts: this.hunts, effects: this.effects });
    this.observedCalls = new ObservedCalls(parts.trunks);
  }

  start(): void {
    this.parts.port.start(this);
  }

  handover(handover: Handover): void {
    const call = { handover, policy: this.parts.policy(), receivedAt: this.parts.now() };
    const answer = this.answerTo(call);
    this.answering.add(answer);
    void answer.finally(() => this.answering.delete(answer));
  }

  private answerTo(call: CallAtHand): Promise<void> {
    const { handover, policy } = call;
    const mode = this.isBegun(handover) ? undefined : modeOfCall(policy, ...beginningOf(handover));
    if (mode?.mode === 'observe') return this.decline(call, mode);
    this.told.begin(call);
    const failed = classifiedAttempts(handover, policy);
    return dependsOnLateEvidence(this.parts.trunks, policy, handover, failed)
      ? this.decideOnceComplete(call, failed)
      : this.decide(call, failed);
  }

  /** A hunt whose first attempt was decided stays decided, whatever the mode by now. */
  private isBegun({ huntId, event, hunt }: Handover): boolean {
    if (this.hunts.find(huntId) || hunt.mailboxMissing) return true;
    return event.kind === 'failed' && !event.usersOwn;
  }

  /** Lets the call go on in its own dialplan, where it is followed like any other call of the user's. */
  private decline({ handover, receivedAt }: CallAtHand, mode: ModeOfCall): Promise<void> {
    const { pbx, port, emit, now } = this.parts;
    const { huntId: hunt, leg } = handover;
    const declined = port.decline(handover).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      emit({ kind: 'answer-not-taken', at: now(), pbx, hunt, decidedAt: receivedAt, why });
    });
    // An earlier hunt of the same leg A is over.
    this.effects.handedOver(handover);
    this.effects.over(hunt);
    emit({ kind: 'declined', at: receivedAt, pbx, hunt, leg, number: handover.hunt.number, mode });
    this.observedCalls.declined(handover);
    if (handover.event.kind === 'failed')
      this.observeUncounted(handover, handover.event.attempts, receivedAt);
    return declined;
  }

  /** Attempts that no event has told before. */
  private observeUncounted(
    { leg, channel = leg, hunt: { number } }: Handover,
    attempts: readonly FailedAttempt[],
    overAt: number,
  ): void {
    const caller = { id: channel, leg, extension: number };
    for (const { trunk, counted, evidence, late, otherLegs } of attempts) {
      if (counted) continue;
      const about = { trunk, known: true, leg, caller, answered: false, number };
      const observed = (more: readonly Evidence[] = []): void =>
        this.observed({
          ...about,
          evidence: [...evidence, ...more],
          ...(otherLegs && { otherLegs }),
          ...{ beganAt: overAt - longestOf(evidence), overAt },
        });
      if (late) void late.then(observed);
      else observed();
    }
  }

  /** Only a decision that depends on mirrored SIP waits for it. */
  private async decideOnceComplete(
    call: CallAtHand,
    reported: readonly ClassifiedAttempt[],
  ): Promise<void> {
    const { pbx, emit, now } = this.parts;
    const failed = await Promise.all(reported.map((one) => completed(one, call.policy)));
    const ms = now() - call.receivedAt;
    const handover = withContacts(call.handover, failed);
    emit({ kind: 'evidence-awaited', at: now(), pbx, hunt: handover.huntId, ms });
    if (this.hunts.find(handover.huntId)) return this.decide({ ...call, handover }, failed);
    // The caller has left meanwhile; the trunk's failure still counts.
    this.told.failed({ ...call, handover }, failed);
  }

  private decide(asked: CallAtHand, failed: readonly ClassifiedAttempt[]): Promise<void> {
    const call = { ...asked, handover: this.judged(asked.handover, failed) };
    const { handover, policy } = call;
    const failures = failed.map(({ failure }) => failure);
    const decisive = bestOf(failures);
    const failure = answerOf(failures);
    const weighed = withDecisiveAttemptLast(handover, failed, decisive);
    const decided = decideOnHandover(this.parts.trunks, policy, weighed, failure);
    const { decision, inputs } = decided;
    // Making a plan must not delay the answer to a failure.
    const plan =
      inputs && !failure
        ? this.plans.forAttempt(handover.huntId, decision.outcome, { policy, ...inputs })
        : undefined;
    const { attempts } = handover.hunt;
    const details = {
      ...(failure && { failureClass: failure.class }),
      ...(attempts.length > 0 && { attempts }),
      ...(plan && { plan }),
    };
    const answer = this.answer(asked, decision, details);
    this.effects.attemptBegan(handover.huntId, decision);
    this.told.recovered(call, failed);
    this.told.failed(call, failed);
    this.told.decided(call, decided, failed[decisive]);
    this.plans.watchBudget(policy, handover.at);
    return answer;
  }

  private answer(call: CallAtHand, decision: Decision, details: AnswerDetails): Promise<void> {
    const { pbx, port, emit, now } = this.parts;
    const { handover, receivedAt } = call;
    const hunt = handover.huntId;
    return port.answer(handover, decision, details).then(
      () => emit({ kind: 'answer-taken', at: now(), pbx, hunt, ms: now() - receivedAt }),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.effects.over(hunt);
        emit({ kind: 'answer-not-taken', at: now(), pbx, hunt, decidedAt: receivedAt, why });
      },
    );
  }

  planned(handover: Handover, slot: PlannedSlot): void {
    const { pbx, policy, emit, now } = this.parts;
    const hunt = handover.huntId;
    const failed = classifiedAttempts(handover, policy());
    const [attempt] = failed;
    const judged = this.judged(handover, failed);
    const step = attempt && this.plans.stepTaken(judged, attempt.failure, slot);
    if (!step) {
      const call = { handover, policy: policy(), receivedAt: now() };
      if (!this.hunts.find(hunt)) this.told.begin(call);
      emit({ kind: 'planned-step-unknown', at: now(), pbx, hunt });
      this.told.failed(call, failed);
      return;
    }
    const { planned, decided, inputs } = step;
    const call = {
      handover: { ...handover, hunt: step.hunt },
      policy: step.policy,
      receivedAt: now(),
    };
    const kept = isDeepStrictEqual(decided.outcome, planned.outcome);
    if (!kept && !isOwnStatus(attempt.failure, planned, decided))
      emit({ kind: 'plan-mismatched', at: now(), pbx, hunt, planned, decided });
    this.plans.reserve(hunt, step, handover.at);
    this.effects.attemptBegan(hunt, planned);
    this.told.recovered(call, failed);
    this.told.failed(call, failed);
    // The actual failure may lead to the same outcome by another rule.
    const decision = kept ? decided : planned;
    this.told.decided(call, { decision, inputs }, attempt, true);
    this.plans.watchBudget(step.policy, handover.at);
  }

  wentOn(given: Handover, trunk: string): void {
    const { trunks, policy, now } = this.parts;
    const failed = classifiedAttempts(given, policy());
    const [attempt] = failed;
    if (!attempt) return;
    const handover = this.judged(given, failed);
    const call = { handover, policy: policy(), receivedAt: now() };
    if (!this.hunts.find(handover.huntId)) this.told.begin(call);
    const decided = decideOnWentOn(trunks, call.policy, handover, attempt.failure, trunk);
    this.hunts.setPlan(handover.huntId, undefined);
    this.effects.attemptBegan(handover.huntId, decided.decision);
    this.told.recovered(call, failed);
    this.told.failed(call, failed);
    this.told.decided(call, decided, attempt, true);
    this.plans.watchBudget(call.policy, handover.at);
  }

  begun({ handover, trunk, upToDate }: BegunCall): void {
    const { pbx, trunks, policy, emit, now } = this.parts;
    const hunt = handover.huntId;
    const call = { handover, policy: policy(), receivedAt: now() };
    this.told.begin(call);
    const { decided, began } = decideOnBegun(trunks, call.policy, handover, trunk);
    const isKept = began === decided.decision;
    if (!isKept && upToDate)
      emit({
        ...{ kind: 'plan-mismatched', at: now(), pbx, hunt },
        ...{ planned: began, decided: decided.decision },
      });
    if (isKept && decided.inputs)
      this.plans.forAttempt(hunt, began.outcome, { policy: call.policy, ...decided.inputs });
    this.effects.attemptBegan(hunt, began);
    this.told.decided(call, isKept ? decided : { decision: began }, undefined, true);
    this.plans.watchBudget(call.policy, handover.at);
  }

  observed(attempt: ObservedAttempt): void {
    const { pbx, health, policy, emit, now } = this.parts;
    const { trunk, leg, legId, number, known, answered } = attempt;
    const ms = Math.round(attempt.overAt - attempt.beganAt);
    const failure = answered ? undefined : failureOfAttempt(attempt, policy());
    if (known) {
      const outcome = failure
        ? ({ kind: 'failed', failure } as const)
        : ({ kind: 'answered' } as const);
      health.report({ trunk, hunt: leg, number, outcome });
    }
    const id = legId === undefined ? {} : { legId };
    const seen = { ...id, leg, number, trunk, known, ms };
    emit({ kind: 'attempt-observed', at: now(), pbx, ...seen, ...(failure && { failure }) });
    this.observedCalls.attempt(attempt, failure, policy(), now());
  }

  observedCallOver(call: ObservedCallOver): void {
    const { pbx, policy, emit, now } = this.parts;
    const inForce = policy();
    const outcome = this.observedCalls.over(call, inForce);
    if (outcome) emit(callObserved({ at: now(), pbx }, outcome, inForce));
  }

  lateAnswer({ huntId, trunk, leg }: LateAnswer): void {
    const { pbx, emit, now } = this.parts;
    const about = { trunk, leg, ...(huntId !== undefined && { hunt: huntId }) };
    emit({ kind: 'late-answered', at: now(), pbx, ...about });
  }

  timed({ huntId, trunk, times }: TimedLeg): void {
    const { pbx, health, emit, now } = this.parts;
    health.timed(trunk, times);
    const about = { trunk, times, ...(huntId !== undefined && { hunt: huntId }) };
    emit({ kind: 'attempt-timed', at: now(), pbx, ...about });
  }

  answered(huntId: string, trunk: string, earlier?: Promise<readonly SubAttempt[]>): void {
    const { pbx, emit, now } = this.parts;
    const retry = (this.hunts.find(huntId)?.attemptsTold ?? 0) > 0;
    this.effects.answered(huntId, trunk);
    // A call may last for hours, and its plan would keep the policy of then.
    this.hunts.setPlan(huntId, undefined);
    void (earlier ?? Promise.resolve([])).then((invites) =>
      emit({
        ...{ kind: 'attempt-answered', at: now(), pbx, hunt: huntId, trunk, retry },
        earlier: invites,
      }),
    );
  }

  fellBack({ huntId: hunt, ...call }: FellBack): void {
    const { pbx, emit, now } = this.parts;
    this.effects.over(hunt);
    emit({ kind: 'fell-back', at: now(), pbx, hunt, ...call });
  }

  sendsAgain(): void {
    this.parts.health.sendsAgain();
  }

  pinged(ping: TrunkPing): void {
    this.parts.health.pinged(ping);
  }

  abandoned({ huntId, trunk, ...attempt }: AbandonedAttempt): void {
    const { pbx, policy, emit, now } = this.parts;
    const number = this.hunts.find(huntId)?.number ?? attempt.number;
    const failure = failureOfAttempt({ trunk, ...attempt }, policy());
    const about = { at: now(), pbx, hunt: huntId, number, trunk, failure };
    emit({ kind: 'attempt-failed', ...about, observed: false, complete: true });
    // What the far side did before the caller could learn of it counts like any other failure.
    if (failure.class === 'cancelled') this.effects.left(huntId, { trunk, number, failure });
    else this.effects.counted(huntId, number, { trunk, failure });
  }

  callerGone(huntId: string): void {
    const { pbx, emit, now } = this.parts;
    this.effects.over(huntId);
    emit({ kind: 'hunt-ended', at: now(), pbx, hunt: huntId });
  }

  connectionState(): ConnectionState {
    return this.state;
  }

  connection(state: ConnectionState): void {
    const { pbx, emit, now } = this.parts;
    const before = this.state;
    this.state = state;
    if (state.connected) {
      if (!before.connected) emit({ kind: 'pbx-connected', at: now(), pbx });
      return;
    }
    // A PBX that stays away is retried for ever; the same reason is one event.
    if (!before.connected && before.why === state.why) return;
    emit({ kind: 'pbx-gone', at: now(), pbx, why: state.why });
  }

  /** Waits at most `limitMs` for answers in progress, then disconnects from the PBX. */
  async drain(limitMs: number): Promise<void> {
    await atMost(limitMs, Promise.allSettled(this.answering));
    await this.parts.port.stop();
  }

  /** The handover's hunt with what each attempt was. */
  private judged(handover: Handover, failed: readonly ClassifiedAttempt[]): Handover {
    return withClasses(handover, failed, this.hunts.find(handover.huntId)?.judged);
  }
}

/** The number with which a hunt begins, and the trunk where the user's own dialplan has dialled it. */
function beginningOf({ event, hunt }: Handover): [call: Handover['hunt'], trunk?: string] {
  const [first] = event.kind === 'failed' ? event.attempts : [];
  return first ? [hunt, first.trunk] : [hunt];
}

/** From dialling to the failure, as the last to tell of it has it. Milliseconds. */
function longestOf(evidence: readonly Evidence[]): number {
  return Math.max(0, ...evidence.map(({ failedAfterMs = 0 }) => failedAfterMs));
}

/** A relay by the PBX's own status, where nothing could be sent: the plan could not know better. */
function isOwnStatus({ origin }: Failure, planned: Decision, decided: Decision): boolean {
  const kinds = [planned.outcome.kind, decided.outcome.kind];
  return origin === 'local' && kinds.every((kind) => kind === 'relay');
}
