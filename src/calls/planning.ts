import type { Failure } from '../model/failure';
import { decide } from '../policy/decide';
import type { Decision, Outcome } from '../policy/decision';
import type { DecisionInputs } from '../policy/explain';
import type { Hunt } from '../policy/hunt';
import { makePlan, plannedFor, type Plan } from '../policy/plan/plan';
import type { Policy } from '../policy/policy';
import { frozen } from '../policy/trunk-snapshot';
import type { TrunkStore } from '../trunks/trunk-store';
import type { Handover, PbxPort, PlannedSlot } from './ports';
import type { HuntsUnderWay } from './under-way';

export interface PlanningParts {
  readonly trunks: TrunkStore;
  readonly port: Pick<PbxPort, 'reasonsKnown' | 'madeUp' | 'epochRaised'>;
  readonly hunts: HuntsUnderWay;
  /** Makes every plan void that is under way. */
  readonly raiseEpoch: () => void;
}

/** What a plan was made of; decisions by it are explained from this. */
export interface PlanMade {
  readonly plan: Plan;
  readonly policy: Policy;
  readonly hunt: Hunt;
}

/** A slot that a PBX has carried out. */
export interface PlanUsed {
  readonly policy: Policy;
  readonly hunt: Hunt;
  readonly planned: Decision;
  /** What is decided now that all is known: the same, or the plan was wrong. */
  readonly decided: Decision;
  readonly inputs: DecisionInputs;
}

/** Makes the plans of attempts that begin, and remembers those that are under way. */
export class Planning {
  private budgetSpent = false;

  constructor(private readonly parts: PlanningParts) {}

  /** The plan for the attempt that an outcome begins, if it begins one. */
  begin(
    huntId: string,
    outcome: Outcome,
    about: { readonly policy: Policy; readonly hunt: Hunt; readonly now: number },
  ): Plan | undefined {
    const { trunks, port, hunts } = this.parts;
    // A PBX that takes no epoch carries no plans: nobody waits for one to be made.
    if (!port.epochRaised) return undefined;
    const { reasonsKnown, madeUp } = port;
    const plan =
      outcome.kind === 'dial'
        ? makePlan({
            ...about,
            trunk: outcome.trunk,
            store: trunks,
            reasonsKnown,
            ...(madeUp && { madeUp }),
          })
        : undefined;
    const { policy, hunt } = about;
    hunts.plan(huntId, plan && { plan, policy, hunt });
    return plan;
  }

  /** Undefined where this process knows nothing of the plan: it was made before a restart. */
  used(
    { huntId, hunt: given, at }: Handover,
    failure: Failure,
    slot: PlannedSlot,
  ): PlanUsed | undefined {
    const made = this.parts.hunts.find(huntId)?.plan;
    const { attempts } = given;
    if (made?.plan.attempts !== attempts.length) return undefined;
    const planned = plannedFor(made.plan, slot.sip, slot.heard);
    if (!planned) return undefined;
    const { policy, plan } = made;
    const hunt = { ...made.hunt, attempts };
    const inputs = { policyHash: policy.hash, hunt, failure, trunks: plan.trunks, now: at };
    const decided = decide(policy, hunt, failure, frozen(plan.trunks), at);
    return { policy, hunt, planned, decided, inputs };
  }

  /** Takes what a slot has taken already. */
  commit(huntId: string, { policy, planned: { reserve } }: PlanUsed, now: number): void {
    const { trunks } = this.parts;
    trunks.release(huntId);
    if (!reserve) return;
    const limits = { trunk: policy.trunks.get(reserve.trunk), budget: policy.limits.retryBudget };
    trunks.commit({ ...reserve, begun: true }, limits, huntId, now);
  }

  /** To be called after each commitment: plans retry only while the retry budget has something left. */
  watchBudget({ limits: { retryBudget } }: Policy, now: number): void {
    const spent = retryBudget !== undefined && this.parts.trunks.retriesLeft(retryBudget, now) < 1;
    if (spent && !this.budgetSpent) this.parts.raiseEpoch();
    this.budgetSpent = spent;
  }
}
