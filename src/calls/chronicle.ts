import type { Logger } from 'winston';
import { LEARNED_FOR_MS } from '../codecs/learned';
import { diagnose } from '../codecs/mismatch';
import type { ConfigurationDialect } from '../codecs/dialect';
import { codecText } from '../codecs/registry';
import type { DecisionRecord, HuntRecord, Journal } from '../records/journal';
import { maskNumber } from '../records/mask';
import type { Failure, SubAttempt } from '../model/failure';
import type { Codec } from '../model/media';
import type { Decision, Leg, Outcome } from '../policy/decision';
import type { Policy } from '../policy/policy';
import { describe, place } from './describe';
import { whenWhole, type Failed } from './failed';
import type { CallMetrics } from '../records/call-metrics';
import type { ConnectionState, Handover, LateAnswer, ObservedAttempt } from './ports';

export interface ChronicleParts {
  /** Name of the PBX in records and logs. */
  readonly pbx: string;
  /** How that PBX is told what to offer. */
  readonly dialect: ConfigurationDialect;
  readonly policy: () => Policy;
  readonly journal: Journal;
  readonly log: Logger;
  readonly metrics: CallMetrics;
  readonly maskNumbers: boolean;
}

/** What the operator is told of calls, in journal, log and metrics. Changes nothing for any call. */
export class Chronicle {
  constructor(private readonly parts: ChronicleParts) {}

  /** The record of the handover's hunt, made on first sight. */
  open(handover: Handover, policy: Policy): HuntRecord {
    return this.parts.journal.open({
      id: handover.huntId,
      pbx: this.parts.pbx,
      leg: handover.leg,
      number: this.shown(handover.hunt.number),
      startedAt: handover.hunt.startedAt,
      policyHash: policy.hash,
    });
  }

  /** @param at milliseconds since the epoch */
  ended(huntId: string, at: number): void {
    const record = this.parts.journal.find(huntId);
    if (record) record.endedAt ??= at;
  }

  connection(state: ConnectionState): void {
    const { log, pbx } = this.parts;
    if (state.connected) log.info('connected', { pbx });
    else log.warn('not connected', { pbx, why: state.why });
  }

  /** One line an attempt of ours that failed. */
  failed(record: HuntRecord, handover: Handover, failed: readonly Failed[]): void {
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
      if (isOfMedia(failure)) {
        const call = { hunt: handover.huntId, number: handover.hunt.number };
        whenWhole(one, this.parts.policy().phrases, (whole) => this.tellStory(call, trunk, whole));
      }
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

  /** An attempt of a call that never entered our dialplan; `failure` is absent where it was answered. */
  observed(attempt: ObservedAttempt, failure: Failure | undefined): void {
    const { log, metrics, pbx } = this.parts;
    const trunk = attempt.known ? attempt.trunk : 'other';
    metrics.attempts.inc({ pbx, trunk, class: failure?.class ?? 'answered' });
    if (!attempt.known) return;
    const { leg, number } = attempt;
    if (failure && isOfMedia(failure)) this.tellStory({ leg, number }, attempt.trunk, failure);
    log.info('attempt', {
      pbx,
      leg: attempt.leg,
      trunk: attempt.trunk,
      ...(failure ? about(failure) : { answered: true }),
      observed: true,
      ms: attempt.durationMs,
    });
  }

  /** A carrier of several hosts of which one answered: that the others did not is worth a line. */
  answered(huntId: string, trunk: string, earlier: readonly SubAttempt[]): void {
    const { journal, log, pbx } = this.parts;
    const record = journal.find(huntId);
    if (record) record.answered = { trunk, ...(earlier.length > 0 && { earlier }) };
    if (earlier.length > 0)
      log.info('answered', { pbx, hunt: huntId, trunk, earlier: earlier.map(inviteText) });
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

  /** @param trunk whose failure decided */
  decision(
    handover: Handover,
    decision: DecisionRecord,
    failure: Failure | undefined,
    trunk: string | undefined,
  ): void {
    const { log, metrics, pbx } = this.parts;
    const { event, hunt } = handover;
    const { kind } = decision.outcome;
    metrics.decisions.inc({ pbx, outcome: kind, class: failure?.class ?? 'none' });
    if (decision.planned) metrics.plansUsed.inc({ pbx });
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
      ...(decision.planned && { planned: true }),
      why: decision.why,
    };
    log.info('decision', fields);
    // A refusal of our media has its own line, with the story behind it.
    if (decision.log && failure && event.kind === 'failed' && !isOfMedia(failure)) {
      const why = `the far side said ${said(failure)}`;
      log.log(decision.log, 'failure', { ...fields, trunk, ...about(failure), why });
    }
  }

  /** What a rule asks for beside its treatment. */
  besides(huntId: string, { alert, hold, rule }: DecisionRecord, trunk: string | undefined): void {
    const { log, metrics, pbx } = this.parts;
    const fields = { pbx, hunt: huntId, ...(rule && { rule: place(rule) }) };
    if (hold) log.warn('trunk held', { ...fields, trunk: hold.trunk, seconds: hold.ms / 1000 });
    if (alert === undefined) return;
    metrics.alerts.inc({ pbx, alert });
    log.warn('alert', { ...fields, alert, trunk });
  }

  /** What the trunk took after it had refused another offer. */
  offerLearned(
    huntId: string,
    { trunk, codecs }: { readonly trunk: string; readonly codecs: readonly Codec[] },
  ): void {
    const { log, pbx } = this.parts;
    log.info('offer learned', {
      pbx,
      hunt: huntId,
      trunk,
      codecs: codecs.map(codecText),
      hours: LEARNED_FOR_MS / 3_600_000,
    });
  }

  offerForgotten(huntId: string, trunk: string): void {
    const { log, pbx } = this.parts;
    const why = 'the trunk has refused an offer for its codecs';
    log.info('learned offer forgotten', { pbx, hunt: huntId, trunk, why });
  }

  answerFailed(huntId: string, why: string): void {
    const { log, metrics, pbx } = this.parts;
    metrics.answersFailed.inc({ pbx });
    log.warn('answer not taken', { pbx, hunt: huntId, why });
  }

  /** The PBX went on by a slot that does not say what would be decided now that all is known. */
  planMismatch(huntId: string, planned: Decision, decided: Decision): void {
    const { log, metrics, pbx } = this.parts;
    metrics.planMismatches.inc({ pbx });
    log.error('plan mismatch', {
      pbx,
      hunt: huntId,
      planned: describe(planned),
      decided: describe(decided),
      why: 'a plan said something else than the policy does: please report it as a fault of crankback',
    });
  }

  /** The PBX went on by a plan that this process knows nothing of: made before a restart. */
  unknownPlan(huntId: string): void {
    const { log, pbx } = this.parts;
    const why = 'the call went on by a plan that was made before crankback was restarted';
    log.info('planned step', { pbx, hunt: huntId, why });
  }

  /** As the journal keeps it: numbers masked when asked. */
  shownOutcome(outcome: Outcome): Outcome {
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

  /** One line for each refusal of our media: both sides, the probable cause, the line to change. */
  private tellStory(
    {
      number: dialled,
      ...call
    }: { hunt: string; number: string } | { leg: string; number: string },
    trunk: string,
    failure: Failure,
  ): void {
    const { log, pbx, dialect } = this.parts;
    const number = this.shown(dialled);
    const story = diagnose({ trunk, number, evidence: failure.evidence }, dialect);
    log.warn('codec_mismatch', { pbx, ...call, ...about(failure), ...story });
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

function about(failure: Failure): Record<string, unknown> {
  const earlier = failure.evidence.find(({ subAttempts }) => subAttempts)?.subAttempts;
  return {
    sip: failure.sip,
    phrase: failure.phrase,
    q850: failure.q850,
    class: failure.class,
    fault: failure.fault,
    rang: failure.rang,
    ...(earlier && { earlier: earlier.map(inviteText) }),
  };
}

/** `503 Service Unavailable at 192.0.2.1:5060` */
function inviteText({ sip, phrase = '', farEnd }: SubAttempt): string {
  return `${sip === undefined ? 'nothing' : `${sip} ${phrase}`.trim()} at ${farEnd}`;
}

/** The far side refused what we offered to send and receive. */
function isOfMedia({ class: name }: Failure): boolean {
  return name === 'codec-mismatch' || name === 'media-address';
}

function said(failure: Failure): string {
  return failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`.trim();
}
