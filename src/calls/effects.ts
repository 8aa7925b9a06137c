import { isUnsent } from '../figures/seizure';
import type { Decision } from '../policy/decision/decision';
import { positionText } from '../policy/decision/text';
import type { Policy } from '../policy/policy';
import type { HealthStore, LeftAttempt } from '../trunks/health/health-store';
import type { TrunkStore } from '../trunks/trunk-store';
import { completed, type ClassifiedAttempt } from './classified-attempts';
import type { Handover } from './ports';
import { SecondOffers, type SecondOffersParts } from './second-offers';

export interface EffectsParts extends SecondOffersParts {
  readonly trunks: TrunkStore;
  readonly health: Pick<HealthStore, 'report' | 'left' | 'abandon'>;
}

/**
 * Changes what later calls see: reservations, trunk health, holds, learned codecs. Changes apply at once
 * and in order; none waits for a consumer of events.
 */
export class Effects {
  private readonly offers: SecondOffers;

  constructor(private readonly parts: EffectsParts) {
    this.offers = new SecondOffers(parts);
  }

  /**
   * Ends the reported attempt, and an earlier hunt of the same leg.
   * @returns whether this process sees the hunt for the first time
   */
  handedOver({ huntId, leg, channel = leg, hunt }: Handover): boolean {
    const { hunts, trunks } = this.parts;
    const { isNew, over } = hunts.begin(huntId, { channel, number: hunt.number });
    for (const id of over) trunks.release(id);
    trunks.release(huntId);
    return isNew;
  }

  attemptBegan(huntId: string, { outcome, reserve }: Decision): void {
    this.offers.attemptBegan(huntId, outcome);
    const hunt = this.parts.hunts.find(huntId);
    if (hunt && reserve?.ranked !== undefined)
      hunt.ranked = { key: reserve.ranked, trunk: reserve.trunk };
  }

  /** Trunk health counts each attempt once, after its mirrored SIP has come. */
  attemptFailed({ huntId, hunt }: Handover, policy: Policy, attempt: ClassifiedAttempt): void {
    if (!attempt.late) return this.counted(huntId, hunt.number, attempt);
    void completed(attempt, policy).then((whole) => {
      const { pbx, emit, now } = this.parts;
      this.counted(huntId, hunt.number, whole);
      emit({
        kind: 'evidence-completed',
        at: now(),
        pbx,
        hunt: huntId,
        number: hunt.number,
        trunk: attempt.trunk,
        reported: attempt.failure,
        failure: whole.failure,
      });
    });
  }

  /** Holds the trunk of the failed attempt if the rule says so. */
  ruleHolds(
    { at }: Handover,
    { hold, rule }: Decision,
    attempt: ClassifiedAttempt | undefined,
  ): void {
    if (!hold) return;
    this.parts.trunks.hold(hold.trunk, {
      from: at,
      ms: hold.ms,
      why: rule ? positionText(rule) : 'a rule',
      ...(attempt && { class: attempt.failure.class }),
    });
  }

  answered(huntId: string, trunk: string): void {
    const number = this.parts.hunts.find(huntId)?.number ?? '';
    this.offers.answered(huntId, trunk);
    this.rank(huntId, trunk, true);
    this.parts.health.report({ trunk, hunt: huntId, number, outcome: { kind: 'answered' } });
  }

  /** Ends the hunt: no further attempt of it will be reported. */
  over(huntId: string): void {
    this.parts.trunks.release(huntId);
    this.parts.hunts.end(huntId);
    this.parts.health.abandon(huntId);
  }

  /** Trunk health and learned codecs count a failed attempt. */
  counted(
    huntId: string,
    number: string,
    { trunk, failure }: Pick<ClassifiedAttempt, 'trunk' | 'failure'>,
  ): void {
    const outcome = { kind: 'failed', failure } as const;
    this.parts.health.report({ trunk, hunt: huntId, number, outcome });
    this.offers.failed(huntId, trunk, failure);
    if (!isUnsent(failure)) this.rank(huntId, trunk, false);
  }

  /** The caller hung up: of the trunk's quality alone that says something. */
  left(huntId: string, attempt: LeftAttempt): void {
    this.parts.health.left(attempt);
    this.rank(huntId, attempt.trunk, false);
  }

  /** Retries count for no ranking: the numbers that one trunk could not reach would be the next one's. */
  private rank(huntId: string, trunk: string, answered: boolean): void {
    const { hunts, trunks, now } = this.parts;
    const hunt = hunts.find(huntId);
    if (hunt?.ranked?.trunk !== trunk) return;
    trunks.attempted(hunt.ranked.key, trunk, answered, now());
    hunt.ranked = undefined;
  }
}
