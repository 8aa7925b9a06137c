import type { Failure } from '../model/failure';
import { decide } from '../policy/decide';
import type { Decision, Outcome } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Hunt } from '../policy/hunt';
import { makePlan, plannedFor, type Plan } from '../policy/plan/plan';
import type { Policy } from '../policy/policy';
import { frozen } from '../policy/trunk-snapshot';
import type { TrunkStore } from '../trunks/trunk-store';
import type { Handover, PbxPort, PlannedSlot } from './ports';
import type { HuntsInProgress } from './hunts-in-progress';

export interface PlansParts {
  readonly trunks: TrunkStore;
  readonly port: Pick<PbxPort, 'reasonsKnown' | 'locallyGenerated' | 'generationRaised'>;
  readonly hunts: HuntsInProgress;
  /** Makes every plan in progress void. */
  readonly raiseGeneration: () => void;
}

/** A slot that a PBX has carried out. */
export interface PlannedStep {
  readonly policy: Policy;
  readonly hunt: Hunt;
  readonly planned: Decision;
  /** What is decided now that all is known: the same, or the plan was wrong. */
  readonly decided: Decision;
  readonly inputs: DecisionInputs;
}

/** Makes the plans of attempts that begin, and remembers those in progress. */
export class Plans {
  private budgetSpent = false;

  constructor(private readonly parts: PlansParts) {}

  /** The plan for the attempt that an outcome begins, if it begins one. */
  forAttempt(
    huntId: string,
    outcome: Outcome,
    about: { readonly policy: Policy; readonly hunt: Hunt; readonly now: number },
  ): Plan | undefined {
    const { trunks, port, hunts } = this.parts;
    // A PBX that takes no plan generation carries no plans.
    if (!port.generationRaised) return undefined;
    const { reasonsKnown, locallyGenerated: locallyGenerated } = port;
    const plan =
      outcome.kind === 'dial'
        ? makePlan({
            ...about,
            trunk: outcome.trunk,
            store: trunks,
            reasonsKnown,
            ...(locallyGenerated && { locallyGenerated: locallyGenerated }),
          })
        : undefined;
    const { policy, hunt } = about;
    hunts.setPlan(huntId, plan && { plan, policy, hunt });
    return plan;
  }

  /** Undefined where this process knows nothing of the plan: it was made before a restart. */
  stepTaken(
    { huntId, hunt: given, at }: Handover,
    failure: Failure,
    slot: PlannedSlot,
  ): PlannedStep | undefined {
    const made = this.parts.hunts.find(huntId)?.plan;
    const { attempts } = given;
    if (made?.plan.attempts !== attempts.length) return undefined;
    const planned = plannedFor(made.plan, slot.sip, slot.afterProgress);
    if (!planned) return undefined;
    const { policy, plan } = made;
    const hunt = { ...made.hunt, attempts };
    const inputs = { policyHash: policy.hash, hunt, failure, trunks: plan.trunks, now: at };
    const decided = decide(policy, hunt, failure, frozen(plan.trunks), at);
    return { policy, hunt, planned, decided, inputs };
  }

  /** Reserves what the PBX has taken already by a slot. */
  reserve(huntId: string, { policy, planned: { reserve } }: PlannedStep, now: number): void {
    const { trunks } = this.parts;
    trunks.release(huntId);
    if (!reserve) return;
    const limits = { trunk: policy.trunks.get(reserve.trunk), budget: policy.limits.retryBudget };
    trunks.commit({ ...reserve, begun: true }, limits, huntId, now);
  }

  /** To be called after each commitment: plans retry only while the retry budget has something left. */
  watchBudget({ limits: { retryBudget } }: Policy, now: number): void {
    const spent = retryBudget !== undefined && this.parts.trunks.retriesLeft(retryBudget, now) < 1;
    if (spent && !this.budgetSpent) this.parts.raiseGeneration();
    this.budgetSpent = spent;
  }
}
