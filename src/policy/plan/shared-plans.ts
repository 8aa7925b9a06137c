import { FACTS_OF_CALL, type Fact } from '../facts';
import type { Hunt } from '../hunt';
import type { Policy } from '../policy';
import type { Route, Trunk } from '../policy-data';
import { snapshot, type TrunkSnapshot } from '../trunk-snapshot';
import { makePlan, type Plan, type PlanQuestion, type Slot, type Slots } from './plan';

/** A plan that depends on its call by number and time alone, while nothing of its trunks is in the way. */
interface Common {
  readonly plan: Plan | undefined;
  /** Of the call for which it was made. */
  readonly number: string;
  /** Age of a hunt up to which it is what would be made. Milliseconds. */
  readonly within: number;
  /** All trunks that it looked at. */
  readonly trunks: readonly Trunk[];
}

/** What is known of a route: nothing yet but that it was asked for, or whether its calls have a plan in common. */
type Known = 'asked' | 'each-its-own' | Common;

/** Calls with a mailbox of their own have plans of their own. */
const UNKNOWN: ReadonlySet<Fact> = new Set(FACTS_OF_CALL.filter((fact) => fact !== 'mailbox'));

/**
 * `makePlan` for a PBX's calls, as each plan takes two dozen decisions: a route whose plan is the same whatever the call
 * is decided once. What it gives is what `makePlan` gives.
 */
export class SharedPlans {
  /** By policy, route and the trunk of the attempt. Gone with the policy. */
  private readonly known = new WeakMap<Policy, WeakMap<Route, Map<string, Known>>>();

  /** @param question of each call: without `unknownOfCall`, and with the same `store`, `reasonsKnown` and `locallyGenerated` */
  planFor(question: PlanQuestion): Plan | undefined {
    const { policy, hunt, trunk } = question;
    const route = policy.index.routes.find(hunt);
    if (!route || !isUsual(policy, route, hunt)) return makePlan(question);
    const known = this.of(policy, route);
    const before = known.get(trunk);
    if (before === 'each-its-own') return makePlan(question);
    const trunks = clear(question);
    if (!trunks) return makePlan(question);
    if (before === undefined) {
      known.set(trunk, 'asked');
      return makePlan(question);
    }
    const found = before === 'asked' ? inCommon(question, route) : before;
    known.set(trunk, found);
    return found !== 'each-its-own' && holdsFor(found, question)
      ? found.plan && ofCall(found.plan, found, { hunt, trunks })
      : makePlan(question);
  }

  private of(policy: Policy, route: Route): Map<string, Known> {
    const routes = this.known.get(policy) ?? new WeakMap<Route, Map<string, Known>>();
    this.known.set(policy, routes);
    const trunks = routes.get(route) ?? new Map<string, Known>();
    routes.set(route, trunks);
    return trunks;
  }
}

/** Whether nothing but number, time, caller and context tells the call from others of its route. */
function isUsual(policy: Policy, route: Route, hunt: Hunt): boolean {
  const { attempts, mailbox, mailboxMissing, diverting, row, target, contacts, callerGone } = hunt;
  return (
    attempts.length === 0 &&
    !mailboxMissing &&
    (mailbox ?? diverting ?? row ?? target ?? contacts ?? callerGone) === undefined &&
    route.strategy.kind === 'in-order' &&
    !route.number &&
    !route.mailbox?.includes('{number}') &&
    !policy.index.emergency.has(hunt.number)
  );
}

/** The trunks' state, where nothing of it is in any call's way. */
function clear({ policy, hunt, trunk, store, now }: PlanQuestion): TrunkSnapshot | undefined {
  const failed = { ...hunt, attempts: [{ trunk, rang: false }] };
  const trunks = snapshot(store, policy, failed, now);
  const { obstacles, offers, ranking, retriesLeft = Infinity } = trunks;
  for (const _ in obstacles) return undefined;
  return offers || ranking || retriesLeft < 1 ? undefined : trunks;
}

/** The route's plan, if it is the same for all calls. Made as at the beginning of a call: later, delays may be too long. */
function inCommon(question: PlanQuestion, route: Route): Common | 'each-its-own' {
  const { policy, trunk, now } = question;
  const hunt = { ...question.hunt, startedAt: now };
  if (policy.index.routes.find(hunt) !== route) return 'each-its-own';
  const plan = makePlan({ ...question, hunt });
  const ofAny = makePlan({ ...question, hunt, unknownOfCall: UNKNOWN });
  if (textOf(plan) !== textOf(ofAny)) return 'each-its-own';
  const names = new Set([trunk, ...route.trunks, ...(plan ? dialled(plan) : [])]);
  const trunks = [...names].flatMap((name) => policy.trunks.get(name) ?? []);
  if (trunks.some(({ number, callerId }) => number ?? callerId)) return 'each-its-own';
  const within = plan ? plan.until - now : policy.limits.startWithin;
  return { plan, number: hunt.number, within, trunks };
}

function holdsFor({ within, trunks }: Common, { hunt, store, now }: PlanQuestion): boolean {
  const age = now - hunt.startedAt;
  return age >= 0 && age <= within && !trunks.some((trunk) => store.rationed(trunk));
}

function ofCall(
  plan: Plan,
  { number, within }: Common,
  { hunt, trunks }: { readonly hunt: Hunt; readonly trunks: TrunkSnapshot },
): Plan {
  return {
    attempts: plan.attempts,
    until: hunt.startedAt + within,
    beforeProgress: withNumber(plan.beforeProgress, number, hunt.number),
    afterProgress: withNumber(plan.afterProgress, number, hunt.number),
    trunks,
  };
}

function withNumber(slots: Slots, before: string, number: string): Slots {
  if (before === number) return slots;
  const own = new Map<Parameters<Slots['get']>[0], Slot>();
  for (const [sip, slot] of slots) {
    const { outcome } = slot.decision;
    own.set(
      sip,
      outcome.kind === 'dial'
        ? { ...slot, decision: { ...slot.decision, outcome: { ...outcome, number } } }
        : slot,
    );
  }
  return own;
}

function dialled({ beforeProgress, afterProgress }: Plan): readonly string[] {
  return [...beforeProgress.values(), ...afterProgress.values()].flatMap(
    ({ decision: { outcome } }) => (outcome.kind === 'dial' ? [outcome.trunk] : []),
  );
}

function textOf(plan: Plan | undefined): string {
  if (!plan) return '';
  const { beforeProgress, afterProgress } = plan;
  return JSON.stringify([[...beforeProgress], [...afterProgress]]);
}
