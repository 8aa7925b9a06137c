import type { Logger } from 'winston';
import type { DecisionRecord, HuntRecord, Journal } from '../journal/journal';
import { diagnose } from '../codecs/mismatch';
import { maskNumber } from '../journal/mask';
import type { Failure } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { normalize } from '../normalize/normalize';
import { decide } from '../policy/decide';
import type { Decision, Leg, Outcome } from '../policy/decision';
import { isDialable } from '../policy/digits';
import { drawFrom } from '../policy/draw';
import type { DecisionInputs } from '../policy/explain';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { refuseNumber, route } from '../policy/route';
import { decideAndReserve } from '../trunks/reserve';
import type { TrunkStore } from '../trunks/state';
import type { HealthStore } from '../trunks/store';
import { describe, place } from './describe';
import { failuresOf, inOrderOfWeight, of, recoverAttempts, type Failed } from './failed';
import type { CallMetrics } from './metrics';
import type {
  ConnectionState,
  Handover,
  LateAnswer,
  ObservedAttempt,
  PbxListener,
  PbxPort,
} from './ports';

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
  /** Leg A → its hunt under way: a leg has one at a time, so an earlier one is over. */
  private readonly huntOf = new Map<string, string>();
  /** The other way round; not by the journal, which may have forgotten a long call. */
  private readonly hunts = new Map<string, { readonly leg: string; readonly number: string }>();
  private state: ConnectionState = { connected: false, why: 'not yet connected' };

  constructor(private readonly parts: CallServiceParts) {}

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
    const { log, metrics, pbx } = this.parts;
    metrics.connected.set({ pbx }, state.connected ? 1 : 0);
    // A PBX that stays away is retried for ever; the same reason is worth one line only.
    const news =
      state.connected !== this.state.connected ||
      (!state.connected && !this.state.connected && state.why !== this.state.why);
    this.state = state;
    if (!news) return;
    if (state.connected) log.info('connected', { pbx });
    else log.warn('not connected', { pbx, why: state.why });
  }

  handover(handover: Handover): void {
    const { now, journal, metrics, pbx } = this.parts;
    // One policy for the whole decision, whatever happens to the file meanwhile.
    const policy = this.parts.policy();
    const receivedAt = now();
    this.freeChannels(handover);
    const record = journal.open({
      id: handover.huntId,
      pbx,
      leg: handover.leg,
      number: this.shown(handover.hunt.number),
      startedAt: handover.hunt.startedAt,
      policyHash: policy.hash,
    });
    const failed = failuresOf(handover, policy.phrases);
    const best = bestOf(failed.map(of));
    const failure = answerOf(failed.map(of));
    const attempts = inOrderOfWeight(handover.hunt.attempts, failed, best);
    const hunt = { ...handover.hunt, attempts };
    const { decision, inputs } = this.decideOn(policy, { ...handover, hunt }, failure);
    const entry: DecisionRecord = {
      ...decision,
      outcome: this.shownOutcome(decision.outcome),
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
    // Logged after the answer has left: a slow terminal must not delay a call.
    this.recordAttempts(record, handover, failed);
    this.logDecision(handover, entry, failure, failed[best]?.trunk);
    this.besides(handover, entry, failed[best]?.trunk);
    metrics.decisions.inc({ pbx, outcome: decision.outcome.kind, class: failure?.class ?? 'none' });
  }

  observed(attempt: ObservedAttempt): void {
    const { log, metrics, pbx } = this.parts;
    const trunk = attempt.known ? attempt.trunk : 'other';
    const attempted = { trunk: attempt.trunk, hunt: attempt.leg, number: attempt.number };
    if (attempt.answered) {
      if (attempt.known) this.parts.health.report({ ...attempted, outcome: { kind: 'answered' } });
      metrics.attempts.inc({ pbx, trunk, class: 'answered' });
      if (attempt.known) {
        log.info('attempt', {
          pbx,
          leg: attempt.leg,
          trunk: attempt.trunk,
          answered: true,
          observed: true,
          ms: attempt.durationMs,
        });
      }
      return;
    }
    const failure = normalize(attempt.evidence, this.parts.policy().phrases);
    if (attempt.known) {
      this.parts.health.report({ ...attempted, outcome: { kind: 'failed', failure } });
    }
    metrics.attempts.inc({ pbx, trunk, class: failure.class });
    if (!attempt.known) return;
    log.info('attempt', {
      pbx,
      leg: attempt.leg,
      trunk: attempt.trunk,
      ...about(failure),
      observed: true,
      ms: attempt.durationMs,
    });
  }

  lateAnswer({ huntId, trunk, leg }: LateAnswer): void {
    const { journal, log, metrics, pbx } = this.parts;
    metrics.lateAnswers.inc({ pbx, trunk });
    const record = huntId === undefined ? undefined : journal.find(huntId);
    const attempt = record?.attempts.findLast((one) => one.trunk === trunk);
    if (attempt) attempt.lateAnswer = true;
    log.warn('late-answer', {
      pbx,
      trunk,
      leg,
      ...(huntId !== undefined && { hunt: huntId }),
      why: 'the carrier answered after its leg was given up: its time-outs may be too short',
    });
  }

  answered(huntId: string, trunk: string): void {
    const number = this.hunts.get(huntId)?.number ?? '';
    this.parts.health.report({ trunk, hunt: huntId, number, outcome: { kind: 'answered' } });
  }

  callerGone(huntId: string): void {
    this.forget(huntId);
    this.parts.health.abandon(huntId);
    const record = this.parts.journal.find(huntId);
    if (record) record.endedAt ??= this.parts.now();
  }

  /** The attempt that is reported is over, and so is an earlier hunt of the same leg. */
  private freeChannels({ huntId, leg, hunt }: Handover): void {
    const earlier = this.huntOf.get(leg);
    if (earlier !== undefined && earlier !== huntId) this.forget(earlier);
    this.huntOf.set(leg, huntId);
    this.hunts.set(huntId, { leg, number: hunt.number });
    this.parts.trunks.release(huntId);
  }

  private forget(huntId: string): void {
    this.parts.trunks.release(huntId);
    const leg = this.hunts.get(huntId)?.leg;
    this.hunts.delete(huntId);
    if (leg !== undefined && this.huntOf.get(leg) === huntId) this.huntOf.delete(leg);
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

  /** What a rule asks for beside its treatment, once per attempt. */
  private besides(
    handover: Handover,
    { alert, hold, rule, class: failureClass }: DecisionRecord,
    trunk: string | undefined,
  ): void {
    const { log, metrics, pbx, trunks } = this.parts;
    if (handover.hunt.mailboxMissing) return;
    const about = { pbx, hunt: handover.huntId, ...(rule && { rule: place(rule) }) };
    if (hold) {
      trunks.hold(hold.trunk, {
        from: handover.at,
        ms: hold.ms,
        why: rule ? place(rule) : 'a rule',
        ...(failureClass && { class: failureClass }),
      });
      log.warn('trunk held', { ...about, trunk: hold.trunk, seconds: hold.ms / 1000 });
    }
    if (alert === undefined) return;
    metrics.alerts.inc({ pbx, alert });
    log.warn('alert', { ...about, alert, trunk });
  }

  private recordAttempts(record: HuntRecord, handover: Handover, failed: readonly Failed[]): void {
    // A mailbox that turned out to be missing brings the same attempts a second time.
    if (handover.hunt.mailboxMissing) return;
    const { log, metrics, pbx } = this.parts;
    for (const one of failed) {
      const { trunk, failure, counted } = one;
      record.attempts.push({
        trunk,
        class: failure.class,
        rang: failure.rang,
        ...(failure.sip !== undefined && { sip: failure.sip }),
        ...(failure.phrase !== undefined && { phrase: failure.phrase }),
      });
      if (counted) continue;
      const { huntId, hunt } = handover;
      this.whenWhole(one, (whole) =>
        this.parts.health.report({
          trunk,
          hunt: huntId,
          number: hunt.number,
          outcome: { kind: 'failed', failure: whole },
        }),
      );
      if (isOfMedia(failure))
        this.whenWhole(one, (whole) => this.tellStory(handover, trunk, whole));
      metrics.attempts.inc({ pbx, trunk, class: failure.class });
      log.info('attempt', {
        pbx,
        hunt: handover.huntId,
        number: this.shown(handover.hunt.number),
        trunk,
        ...about(failure),
      });
    }
  }

  /** One line for each refusal of our media: both sides, the probable cause, the line to change. */
  private tellStory(handover: Handover, trunk: string, failure: Failure): void {
    const { log, pbx, port } = this.parts;
    const number = this.shown(handover.hunt.number);
    const story = diagnose({ trunk, number, evidence: failure.evidence }, port.dialect);
    log.warn('codec_mismatch', { pbx, hunt: handover.huntId, ...about(failure), ...story });
  }

  /** Calls back at once, or when what the leg's own SIP says has come. */
  private whenWhole({ failure, late }: Failed, then: (failure: Failure) => void): void {
    if (!late) {
      then(failure);
      return;
    }
    const { phrases } = this.parts.policy();
    void late.then((more) => then(normalize([...failure.evidence, ...more], phrases)));
  }

  private logDecision(
    handover: Handover,
    decision: DecisionRecord,
    failure: Failure | undefined,
    trunk: string | undefined,
  ): void {
    const { log, pbx } = this.parts;
    const { event, hunt } = handover;
    if (event.kind === 'invalid-number') {
      log.warn('invalid number', { pbx, hunt: handover.huntId, number: maskNumber(event.number) });
      return;
    }
    const fields = {
      pbx,
      hunt: handover.huntId,
      number: this.shown(hunt.number),
      outcome: describe(decision),
      ...(decision.rule && { rule: place(decision.rule) }),
      ...(decision.refused.length > 0 && { refused: decision.refused.join(',') }),
      ...(decision.degraded && { degraded: decision.degraded }),
      why: decision.why,
    };
    log.info('decision', fields);
    // A refusal of our media has its own line, with the story behind it.
    if (decision.log && failure && event.kind === 'failed' && !isOfMedia(failure)) {
      const why = `the far side said ${said(failure)}`;
      log.log(decision.log, 'failure', { ...fields, trunk, ...about(failure), why });
    }
  }

  private answerFailed(handover: Handover, entry: DecisionRecord, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    entry.failed = why;
    this.forget(handover.huntId);
    this.parts.health.abandon(handover.huntId);
    this.parts.metrics.answersFailed.inc({ pbx: this.parts.pbx });
    this.parts.log.warn('answer not taken', {
      pbx: this.parts.pbx,
      hunt: handover.huntId,
      why,
    });
  }

  /** As the journal keeps it: numbers masked when asked. */
  private shownOutcome(outcome: Outcome): Outcome {
    switch (outcome.kind) {
      case 'dial':
        return { ...outcome, ...this.shownLeg(outcome) };
      case 'redirect':
        return { ...outcome, ...this.shownLeg(outcome), target: this.shown(outcome.target) };
      case 'voicemail':
      case 'announce':
      case 'relay':
        return outcome;
    }
  }

  private shownLeg({ number, callerId }: Leg): Pick<Leg, 'number' | 'callerId'> {
    return {
      number: this.shown(number),
      ...(callerId !== undefined && { callerId: this.shown(callerId) }),
    };
  }

  private shown(number: string): string {
    return this.parts.maskNumbers ? maskNumber(number) : number;
  }
}

/** Whether leg A cannot be sent the status, or its phrase, as decided. */
function isDegraded(outcome: Outcome, { exactRelay, exactPhrase }: Handover): boolean {
  if (outcome.kind !== 'relay' && outcome.kind !== 'announce') return false;
  return !exactRelay || (outcome.phrase !== undefined && !exactPhrase);
}

function about(failure: Failure): Record<string, unknown> {
  return {
    sip: failure.sip,
    phrase: failure.phrase,
    q850: failure.q850,
    class: failure.class,
    fault: failure.fault,
    rang: failure.rang,
  };
}

/** The far side refused what we offered to send and receive. */
function isOfMedia({ class: name }: Failure): boolean {
  return name === 'codec-mismatch' || name === 'media-address';
}

function said(failure: Failure): string {
  return failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`.trim();
}
