import type { Decision } from './decision';
import type { DecisionInputs } from './inputs';
import type { Policy } from '../policy';
import type { Route, Treatment } from '../policy-data';
import { presentedCaller } from '../routes/caller-id';
import { legOn } from '../routes/leg';

/** A trunk that a decision skipped. */
export interface PassedOver {
  readonly trunk: string;
  /** `tried`, `held` and `full` as the trunks stood; `unfit`: it cannot take the number in its format. */
  readonly reason:
    'tried' | 'held' | 'full' | 'lost' | 'unfit' | 'same-caller' | 'unknown' | 'elsewhere';
  /** One clause for the operator: `held until 12:00 by policy.yaml:14`. */
  readonly why: string;
  /** When a hold ends, if known. Unix time in milliseconds. */
  readonly until?: number;
}

const NONE: readonly PassedOver[] = [];

/** Refusals after a search through a list of trunks. */
const LOOKED_AT_TRUNKS: ReadonlySet<string> = new Set([
  'no-trunk-left',
  'trunks-held',
  'trunks-full',
  'number-unfit',
  'no-other-identity',
]);

/**
 * The trunks that a decision skipped, in file order. With trunks in order of preference, these are all
 * before the chosen one; otherwise, or if none was chosen, every unusable one. Pure: it has the decision's
 * own inputs.
 */
export function passedOver(
  policy: Policy,
  inputs: DecisionInputs,
  decision: Decision,
): readonly PassedOver[] {
  const { outcome, refused } = decision;
  const chosen = outcome.kind === 'dial' || outcome.kind === 'redirect' ? outcome.trunk : undefined;
  const route = policy.index.routes.find(inputs.hunt);
  const treatment = inputs.failure && treatmentBehind(policy, decision, route);
  if (chosen === undefined && !refused.some((refusal) => LOOKED_AT_TRUNKS.has(refusal)))
    return NONE;
  const looked = trunksLookedAt(route, treatment, inputs);
  const { names } = looked;
  const isPreference = looked.inOrder && !decision.reserve?.lastResort;
  const end = isPreference && chosen !== undefined ? names.indexOf(chosen) : names.length;
  const target = outcome.kind === 'redirect' ? outcome.target : undefined;
  const skipped = names
    .slice(0, Math.max(0, end))
    .filter((name) => name !== chosen)
    .map((name) => obstacleOf(name, policy, inputs, { ...looked, route, target }))
    .filter((one) => one !== undefined);
  return skipped.length === 0 ? NONE : skipped;
}

interface LookedAt {
  readonly names: readonly string[];
  /** The first usable one is taken. */
  readonly inOrder: boolean;
  /** A trunk that this call has tried may be taken again. */
  readonly mayRepeat: boolean;
  /** Only one that presents another caller than the failed attempt did. */
  readonly anotherIdentity: boolean;
}

function trunksLookedAt(
  route: Route | undefined,
  treatment: Treatment | undefined,
  { hunt }: DecisionInputs,
): LookedAt {
  const last = hunt.attempts.at(-1)?.trunk;
  const ownTrunk = last === undefined ? [] : [last];
  const again = { inOrder: true, mayRepeat: true, anotherIdentity: false };
  if (treatment?.kind === 'redirect') return { names: treatment.trunks ?? ownTrunk, ...again };
  if (treatment?.kind === 'retry' && treatment.target === 'same-trunk')
    return { names: ownTrunk, ...again };
  return {
    names: route?.trunks ?? [],
    inOrder: route?.strategy.kind === 'in-order',
    mayRepeat: false,
    anotherIdentity: treatment?.kind === 'retry' && treatment.anotherIdentity === true,
  };
}

function obstacleOf(
  name: string,
  policy: Policy,
  { hunt, trunks }: DecisionInputs,
  looked: Pick<LookedAt, 'mayRepeat' | 'anotherIdentity'> & {
    readonly route: Route | undefined;
    readonly target: string | undefined;
  },
): PassedOver | undefined {
  const trunk = policy.trunks.get(name);
  if (policy.elsewhere?.has(name))
    return { trunk: name, reason: 'elsewhere', why: 'is not a trunk of this PBX' };
  if (!trunk) return { trunk: name, reason: 'unknown', why: 'the policy has no such trunk' };
  if (!looked.mayRepeat && hunt.attempts.some((past) => past.trunk === name))
    return { trunk: name, reason: 'tried', why: 'tried by this call' };
  const last = policy.trunks.get(hunt.attempts.at(-1)?.trunk ?? '');
  if (
    looked.anotherIdentity &&
    last &&
    presentedCaller(trunk, hunt) === presentedCaller(last, hunt)
  )
    return { trunk: name, reason: 'same-caller', why: 'presents the same caller' };
  if (!legOn(policy, trunk, { hunt, route: looked.route }, looked.target))
    return { trunk: name, reason: 'unfit', why: 'cannot take the number in its format' };
  if (policy.index.emergency.has(hunt.number)) return undefined;
  const obstacle = Object.hasOwn(trunks.obstacles, name) ? trunks.obstacles[name] : undefined;
  return (
    obstacle && {
      trunk: name,
      reason: obstacle.kind,
      why: obstacle.why,
      ...(obstacle.until !== undefined && { until: obstacle.until }),
    }
  );
}

/** The treatment behind the decision: the rule's `do`, or its `else` after a refusal. */
function treatmentBehind(
  policy: Policy,
  { rule, refused, outcome }: Decision,
  route: Route | undefined,
): Treatment | undefined {
  const found = rule && policy.index.ruleAt(rule, route);
  if (!found) return undefined;
  const goesOut = outcome.kind === 'dial' || outcome.kind === 'redirect';
  // If no call goes out, `do` is the treatment that looked at trunks.
  const isElse = goesOut && refused.length > 0;
  return (isElse ? found.else : found.do)?.treatment;
}
