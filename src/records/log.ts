import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationDialect } from '../codecs/dialect';
import { LEARNED_FOR_MS } from '../codecs/learned';
import { diagnose } from '../codecs/mismatch';
import { codecText } from '../codecs/registry';
import type {
  AttemptFailed,
  AttemptObserved,
  CallEvent,
  CallObserved,
  Decided,
  EvidenceCompleted,
  TrunkChanged,
} from '../events/call-event';
import type { Failure } from '../model/failure';
import { VERDICTS } from '../observe/observed-call';
import { outcomeText, positionText } from '../policy/decision/text';
import { modeText } from '../policy/mode';
import type { LogFields } from './log-field-names';
import { failureFields, inviteText, isOfBody, isOfMedia, responseText } from './log-fields';
import { maskNumber } from './mask';

/** A logger that takes no field of another name. */
export interface FieldLog {
  info(message: string, fields: LogFields): unknown;
  warn(message: string, fields: LogFields): unknown;
  error(message: string, fields: LogFields): unknown;
  log(level: string, message: string, fields: LogFields): unknown;
}

export interface CallLogOptions {
  readonly log: FieldLog;
  /** How each PBX is configured, by its name. */
  readonly dialects: Pick<ReadonlyMap<string, ConfigurationDialect>, 'get'>;
}

/** Writes call events as log lines: one per attempt, one per decision, and anything unusual. */
export class CallLog {
  constructor(private readonly options: CallLogOptions) {}

  readonly record = (event: CallEvent): void => {
    const { log } = this.options;
    switch (event.kind) {
      case 'attempt-failed':
        return this.attemptFailed(event);
      case 'evidence-completed':
        return this.evidenceCompleted(event);
      case 'attempt-observed':
        return this.attemptObserved(event);
      case 'call-observed':
        return this.callObserved(event);
      case 'declined': {
        const { pbx, hunt, leg, number, mode } = event;
        log.info('left to your dialplan', { pbx, hunt, leg, number, why: modeText(mode) });
        return;
      }
      case 'attempt-answered': {
        const { pbx, hunt, trunk, earlier } = event;
        if (earlier.length > 0)
          log.info('answered', { pbx, hunt, trunk, earlier: earlier.map(inviteText) });
        return;
      }
      case 'late-answered': {
        const { pbx, trunk, leg, hunt } = event;
        const why =
          'the carrier answered after its leg was given up: its time-outs may be too short';
        log.warn('late-answer', { pbx, trunk, leg, ...(hunt !== undefined && { hunt }), why });
        return;
      }
      case 'decided':
        return this.decided(event);
      case 'answer-not-taken': {
        const { pbx, hunt, why } = event;
        log.warn('answer not taken', { finding: 'CB8013', pbx, hunt, why });
        return;
      }
      case 'fell-back': {
        const { pbx, hunt, leg, number, from, answered } = event;
        const why = answered
          ? 'the PBX could not carry the decision out, and the call goes its static way'
          : 'the PBX had no answer in time, and the call goes its static way';
        log.warn('fallback', { finding: 'CB8011', pbx, hunt, leg, number, place: from, why });
        return;
      }
      case 'planned-step-unknown': {
        const { pbx, hunt } = event;
        const why = 'the call went on by a plan that was made before crankback was restarted';
        log.info('planned step', { pbx, hunt, why });
        return;
      }
      case 'plan-mismatched': {
        const { pbx, hunt, planned, decided } = event;
        log.error('plan mismatch', {
          finding: 'CB8012',
          pbx,
          hunt,
          planned: outcomeText(planned),
          decided: outcomeText(decided),
          why: 'a plan said something else than the policy does: please report it as a fault of crankback',
        });
        return;
      }
      case 'offer-learned': {
        const { pbx, hunt, trunk, codecs } = event;
        const hours = LEARNED_FOR_MS / 3_600_000;
        log.info('offer learned', { pbx, hunt, trunk, codecs: codecs.map(codecText), hours });
        return;
      }
      case 'offer-forgotten': {
        const { pbx, hunt, trunk } = event;
        const why = 'the trunk has refused an offer for its codecs';
        log.info('learned offer forgotten', { pbx, hunt, trunk, why });
        return;
      }
      case 'pbx-connected':
        log.info('connected', { pbx: event.pbx });
        return;
      case 'pbx-gone':
        log.warn('not connected', { pbx: event.pbx, why: event.why });
        return;
      case 'trunk-changed':
        return this.trunkChanged(event);
      case 'policy-changed': {
        const { file, hash, before } = event;
        log.info('policy loaded', { policy: file, hash, before });
        return;
      }
      default:
    }
  };

  private attemptFailed(event: AttemptFailed): void {
    const { pbx, hunt, number, trunk, failure, observed, complete } = event;
    if (observed) return;
    if (complete && hasStory(failure)) this.mismatch(event, failure);
    const about = { pbx, hunt, number, trunk };
    this.options.log.info('attempt', { ...about, ...failureFields(failure) });
  }

  /** Another line only where mirrored SIP told what the attempt's line does not say. */
  private evidenceCompleted(event: EvidenceCompleted): void {
    const { pbx, hunt, number, trunk, reported, failure } = event;
    if (hasStory(reported) || hasStory(failure)) this.mismatch(event, failure);
    const fields = failureFields(failure);
    if (isDeepStrictEqual(fields, failureFields(reported))) return;
    this.options.log.info('attempt completed', { pbx, hunt, number, trunk, ...fields });
  }

  private attemptObserved(event: AttemptObserved): void {
    const { pbx, leg, trunk, known, failure, ms } = event;
    if (!known) return;
    if (failure && hasStory(failure)) this.mismatch(event, failure);
    this.options.log.info('attempt', {
      pbx,
      leg,
      trunk,
      ...(failure ? failureFields(failure) : { answered: true }),
      observed: true,
      ms,
    });
  }

  /** Only where the policy differs from what happened. */
  private callObserved({ pbx, call, number, answered, observed }: CallObserved): void {
    const { steps, verdict, step, waitedMs } = observed;
    const about = steps[step];
    if (verdict === 'same' || !about?.would) return;
    const { did, trunk, failure, would } = about;
    const { rule } = would.decision;
    this.options.log.info('observed call', {
      ...{ pbx, call, number, trunk, ...failureFields(failure) },
      did: did.kind === 'dialled' ? `dial ${did.trunk}` : did.kind,
      would: outcomeText(would.decision),
      ...(rule && { rule: positionText(rule) }),
      ...(waitedMs !== undefined && { waited_ms: waitedMs }),
      ...{ answered, why: VERDICTS[verdict] },
    });
  }

  private decided(event: Decided): void {
    const { log } = this.options;
    const { pbx, hunt, on, number, decision, degraded, planned, failure, trunk } = event;
    if (on === 'invalid-number') {
      // Masked whatever the settings: it is hostile text, and nobody was called.
      log.warn('invalid number', { pbx, hunt, number: maskNumber(number) });
      return;
    }
    const fields = {
      pbx,
      hunt,
      number,
      outcome: outcomeText(decision),
      ...(decision.rule && { rule: positionText(decision.rule) }),
      ...(decision.refused.length > 0 && { refused: decision.refused.join(',') }),
      ...(event.passedOver.length > 0 && { passed_over: passedOverText(event) }),
      ...(degraded && { degraded: 'relay-degraded' }),
      ...(planned && { planned: true }),
      why: decision.why,
    };
    log.info('decision', fields);
    // A refusal of our media has its own line, with the codecs of both sides.
    if (decision.log && failure && on === 'failed' && !hasStory(failure)) {
      const why =
        failure.class === 'local-unreachable'
          ? 'this PBX could not send it: no address, no transport, not registered or paused'
          : `the far side said ${responseText(failure)}`;
      log.log(decision.log, 'failure', { ...fields, trunk, ...failureFields(failure), why });
    }
    if (!event.repeated) this.besideTreatment(event);
  }

  /** Alert and hold of a rule. */
  private besideTreatment({ pbx, hunt, trunk, decision: { alert, hold, rule } }: Decided): void {
    const { log } = this.options;
    const fields = { pbx, hunt, ...(rule && { rule: positionText(rule) }) };
    if (hold) log.warn('trunk held', { ...fields, trunk: hold.trunk, seconds: hold.ms / 1000 });
    if (alert !== undefined) log.warn('alert', { ...fields, alert, trunk });
  }

  /** One line for each refusal of our media: both sides, the probable cause, the line to change. */
  private mismatch(
    event: AttemptFailed | EvidenceCompleted | AttemptObserved,
    failure: Failure,
  ): void {
    const { log, dialects } = this.options;
    const { pbx, trunk } = event;
    const dialect = dialects.get(pbx);
    if (!dialect) return;
    const call = event.kind === 'attempt-observed' ? { leg: event.leg } : { hunt: event.hunt };
    const story = diagnose({ trunk, number: event.number, evidence: failure.evidence }, dialect);
    log.warn(isOfBody(failure) ? 'body_refused' : 'codec_mismatch', {
      pbx,
      ...call,
      ...failureFields(failure),
      ...story,
    });
  }

  /** One line for each change of phase. */
  private trunkChanged({ change: { trunk, side, from, to, learnt } }: TrunkChanged): void {
    if (from === to.phase) return;
    const hold = to.phase === 'closed' ? undefined : to.hold;
    this.options.log.log(to.phase === 'held' ? 'warn' : 'info', `trunk ${to.phase}`, {
      trunk,
      from,
      ...(side === 'local' && { side }),
      ...(hold && { why: hold.why }),
      ...(hold?.until !== undefined && { until: new Date(hold.until).toISOString() }),
      ...(learnt && { learnt }),
    });
  }
}

/** Whether a refusal has a line of its own, which compares both sides. */
function hasStory(failure: Failure): boolean {
  return isOfMedia(failure) || isOfBody(failure);
}

/** `carrier-a (held until 12:00 by policy.yaml:14), carrier-b (tried by this call)` */
function passedOverText({ passedOver }: Decided): string {
  return passedOver.map(({ trunk, why }) => `${trunk} (${why})`).join(', ');
}
