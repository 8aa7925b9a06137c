import type { Logger } from 'winston';
import type { DecisionRecord, HuntRecord, Journal } from '../journal/journal';
import { maskNumber } from '../journal/mask';
import { classOfStatus } from '../model/classes';
import type { Failure } from '../model/failure';
import type { PhraseBook } from '../model/phrases';
import { answerOf, bestOf } from '../normalize/fork';
import { normalize } from '../normalize/normalize';
import { decide, refuseNumber, route } from '../policy/decide';
import type { Decision } from '../policy/decision';
import { isDialable } from '../policy/digits';
import type { PastAttempt } from '../policy/hunt';
import type { Policy, Position } from '../policy/policy';
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
  readonly policy: Policy;
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
    const { now, journal, policy, metrics, pbx } = this.parts;
    const receivedAt = now();
    const record = journal.open({
      id: handover.huntId,
      pbx,
      leg: handover.leg,
      number: this.shown(handover.hunt.number),
      startedAt: handover.hunt.startedAt,
      policyHash: policy.hash,
    });
    const failed = failuresOf(handover, policy.phrases);
    const failure = answerOf(failed.map(of));
    const decision = this.decideOn(handover, failed);
    const entry: DecisionRecord = {
      ...decision,
      at: receivedAt,
      ...(failure && { class: failure.class }),
      ...(decision.outcome.kind === 'relay' &&
        !handover.exactRelay && { degraded: 'relay-degraded' }),
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
    this.logDecision(handover, entry, failure, failed[bestOf(failed.map(of))]?.trunk);
    metrics.decisions.inc({ pbx, outcome: decision.outcome.kind, class: failure?.class ?? 'none' });
  }

  observed(attempt: ObservedAttempt): void {
    const { log, metrics, pbx } = this.parts;
    const trunk = attempt.known ? attempt.trunk : 'other';
    if (attempt.answered) {
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
    const failure = normalize(attempt.evidence, this.parts.policy.phrases);
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

  callerGone(huntId: string): void {
    const record = this.parts.journal.find(huntId);
    if (record) record.endedAt ??= this.parts.now();
  }

  private decideOn({ event, hunt, at }: Handover, failed: readonly Failed[]): Decision {
    // The dialplan has checked the number; whoever changes that dialplan may not have.
    if (event.kind === 'invalid-number' || !isDialable(hunt.number)) return refuseNumber();
    const failures = failed.map(of);
    const failure = answerOf(failures);
    if (!failure) return route(this.parts.policy, hunt);
    const attempts = inOrderOfWeight(hunt.attempts, failed, bestOf(failures));
    return decide(this.parts.policy, { ...hunt, attempts }, failure, at);
  }

  private recordAttempts(record: HuntRecord, handover: Handover, failed: readonly Failed[]): void {
    // A mailbox that turned out to be missing brings the same attempts a second time.
    if (handover.hunt.mailboxMissing) return;
    const { log, metrics, pbx } = this.parts;
    for (const { trunk, failure, counted } of failed) {
      record.attempts.push({
        trunk,
        class: failure.class,
        rang: failure.rang,
        ...(failure.sip !== undefined && { sip: failure.sip }),
        ...(failure.phrase !== undefined && { phrase: failure.phrase }),
      });
      if (counted) continue;
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
    if (decision.log && failure && event.kind === 'failed') {
      const message = failure.class === 'codec-mismatch' ? 'codec mismatch' : 'failure';
      log.log(decision.log, message, {
        ...fields,
        trunk,
        ...about(failure),
        why: reasonFor(failure),
      });
    }
  }

  private answerFailed(handover: Handover, entry: DecisionRecord, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    entry.failed = why;
    this.parts.metrics.answersFailed.inc({ pbx: this.parts.pbx });
    this.parts.log.warn('answer not taken', {
      pbx: this.parts.pbx,
      hunt: handover.huntId,
      why,
    });
  }

  private shown(number: string): string {
    return this.parts.maskNumbers ? maskNumber(number) : number;
  }
}

interface Failed {
  readonly trunk: string;
  readonly failure: Failure;
  readonly counted: boolean;
}

const of = ({ failure }: Failed): Failure => failure;

function failuresOf({ event }: Handover, phrases: PhraseBook | undefined): Failed[] {
  if (event.kind !== 'failed') return [];
  return event.attempts.map(({ trunk, evidence, counted }) => ({
    trunk,
    counted,
    failure: normalize(evidence, phrases),
  }));
}

/** The attempts of a hunt with the one that decides as the last: its trunk's rules apply. */
function inOrderOfWeight(
  attempts: readonly PastAttempt[],
  failed: readonly Failed[],
  best: number,
): readonly PastAttempt[] {
  const first = attempts.length - failed.length;
  const decisive = attempts[first + best];
  if (first < 0 || !decisive) return attempts;
  return [...attempts.filter((attempt) => attempt !== decisive), decisive];
}

/** After a restart the call's own state tells of attempts that this process has not seen. */
function recoverAttempts(record: HuntRecord, { hunt }: Handover, failed: number): void {
  const reported = hunt.mailboxMissing ? 0 : failed;
  const earlier = hunt.attempts.slice(record.attempts.length, hunt.attempts.length - reported);
  for (const { trunk, sip, rang } of earlier) {
    const failureClass =
      sip === undefined ? 'trunk-timeout' : classOfStatus(sip, { rang, ours: false });
    record.attempts.push({
      trunk,
      class: sip === undefined && rang ? 'no-answer' : failureClass,
      rang,
      recovered: true,
      ...(sip !== undefined && { sip }),
    });
  }
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

/** One sentence an engineer can act on. */
function reasonFor(failure: Failure): string {
  if (failure.class !== 'codec-mismatch') return `the far side said ${said(failure)}`;
  return `the far side accepts none of the codecs we offered (it said ${said(failure)}): compare the trunk's codecs with the carrier's`;
}

function said(failure: Failure): string {
  return failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`.trim();
}

function describe({ outcome }: Decision): string {
  switch (outcome.kind) {
    case 'dial':
      return `dial ${outcome.trunk}`;
    case 'voicemail':
      return `voicemail ${outcome.mailbox} ${outcome.greeting}`;
    case 'relay':
      return `relay ${outcome.sip}`;
  }
}

function place({ file, line }: Position): string {
  return `${file}:${line}`;
}
