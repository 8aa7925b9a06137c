import type { DecisionRecord, HuntRecord } from '../records/journal';
import type { Policy } from '../policy/policy';
import type { TrunkStore } from '../trunks/trunk-store';
import type { HealthStore } from '../trunks/health/health-store';
import type { Chronicle } from './chronicle';
import { place } from './describe';
import { whenWhole, type Failed } from './failed';
import type { Lessons } from './lessons';
import type { Handover } from './ports';

export interface TellingParts {
  readonly policy: () => Policy;
  readonly trunks: Pick<TrunkStore, 'hold'>;
  readonly health: Pick<HealthStore, 'report'>;
  readonly chronicle: Chronicle;
  readonly lessons: Lessons;
}

/** What has failed and what was decided: trunk health, the trunk's state and the operator are told. */
export class Telling {
  constructor(private readonly parts: TellingParts) {}

  /** What has failed, for trunk health and for whoever reads of it. */
  failed(record: HuntRecord, handover: Handover, failed: readonly Failed[]): void {
    if (!isNews(handover)) return;
    this.reportFailed(handover, failed);
    this.parts.chronicle.failed(record, handover, failed);
  }

  /** Whoever reads of it, and trunk health, learn what has failed and what was decided. */
  decided(
    record: HuntRecord,
    handover: Handover,
    entry: DecisionRecord,
    failed: readonly Failed[],
    decisive: Failed | undefined,
  ): void {
    const { failure, trunk } = decisive ?? {};
    this.failed(record, handover, failed);
    this.parts.chronicle.decision(handover, entry, failure, trunk);
    if (!isNews(handover)) return;
    this.hold(handover, entry);
    this.parts.chronicle.besides(handover.huntId, entry, trunk);
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
    const { health, lessons, policy } = this.parts;
    const { phrases } = policy();
    for (const one of failed) {
      if (one.counted) continue;
      const { trunk } = one;
      whenWhole(one, phrases, (failure) => {
        const outcome = { kind: 'failed', failure } as const;
        health.report({ trunk, hunt: huntId, number: hunt.number, outcome });
        lessons.failed(huntId, trunk, failure);
      });
    }
  }
}

/** A mailbox that turned out to be missing brings the same attempts a second time. */
function isNews({ hunt }: Handover): boolean {
  return !hunt.mailboxMissing;
}
