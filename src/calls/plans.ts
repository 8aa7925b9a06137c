import type { Failure } from '../model/failure';
import { decide } from '../policy/decide';
import type { Decision, Outcome } from '../policy/decision/decision';
import { saysOfPolicy, type DecisionInputs } from '../policy/decision/inputs';
import type { Hunt } from '../policy/hunt';
import { plannedFor, type Plan } from '../policy/plan/plan';
import { SharedPlans } from '../policy/plan/shared-plans';
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

/** A plan's slot that the PBX has carried out. */
export interface PlannedStep {
  readonly policy: Policy;
  readonly hunt: Hunt;
  readonly planned: Decision;
  /** The decision with the failure known; it differs from `planned` if the plan was wrong. */
  readonly decided: Decision;
  readonly inputs: DecisionInputs;
}

/** Makes a plan for each attempt and keeps it while the attempt is in progress. */
export class Plans {
  private budgetSpent = false;
  private readonly shared = new SharedPlans();

  constructor(private readonly parts: PlansParts) {}

  /** The plan for the attempt that the outcome begins, if any. */
  forAttempt(
    huntId: string,
    outcome: Outcome,
    about: { readonly policy: Policy; readonly hunt: Hunt; readonly now: number },
  ): Plan | undefined {
    const { trunks, port, hunts } = this.parts;
    // A PBX without plan generations carries out no plans.
    if (!port.generationRaised) return undefined;
    const { reasonsKnown, locallyGenerated: locallyGenerated } = port;
    const plan =
      outcome.kind === 'dial'
        ? this.shared.planFor({
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

  /** @returns undefined if this process does not know the plan: it was made before a restart */
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
    const inputs = { ...saysOfPolicy(policy), hunt, failure, trunks: plan.trunks, now: at };
    const decided = decide(policy, hunt, failure, frozen(plan.trunks), at);
    return { policy, hunt, planned, decided, inputs };
  }

  /** Reserves what the PBX has already taken by a planned step. */
  reserve(huntId: string, { policy, planned: { reserve } }: PlannedStep, now: number): void {
    const { trunks } = this.parts;
    trunks.release(huntId);
    if (!reserve) return;
    const limits = { trunk: policy.trunks.get(reserve.trunk), budget: policy.limits.retryBudget };
    trunks.commit({ ...reserve, begun: true }, limits, huntId, now);
  }

  /**
   * Makes plans void once the retry budget is spent: a plan retries only within it. Call after each
   * commitment.
   */
  watchBudget({ limits: { retryBudget } }: Policy, now: number): void {
    const spent = retryBudget !== undefined && this.parts.trunks.retriesLeft(retryBudget, now) < 1;
    if (spent && !this.budgetSpent) this.parts.raiseGeneration();
    this.budgetSpent = spent;
  }
}
