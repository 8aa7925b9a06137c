import type { Travelling } from '../../../src/calls/ports';
import type { Outcome } from '../../../src/policy/decision/decision';
import type { Plan } from '../../../src/policy/plan/plan';
import type { AsteriskTrunk } from '../trunks/trunk-names';

/** The trunks that a decision and its plan may dial. */
export function trunksOf(outcome: Outcome, plan: Plan | undefined): ReadonlySet<string> {
  return new Set([...dialled(outcome), ...plannedTrunks(plan)]);
}

/** What travels to an Asterisk. */
export interface AsteriskTravelling extends Travelling {
  /** Trunks for which no far side hears what a `Dial()` tells us by its URL. */
  readonly tellable: ReadonlySet<string>;
}

/** Of what travels, the calls that dial these trunks only, and first one that `isTellable`; all others ask. */
export function travellingOn(
  trunks: readonly Pick<AsteriskTrunk, 'name' | 'dial'>[],
  travelling: Travelling,
): AsteriskTravelling {
  const known = new Set(trunks.map(({ name }) => name));
  const tellable = new Set(trunks.filter(isTellable).map(({ name }) => name));
  const entries = travelling.entries.map((entry) => {
    const { first, ...those } = entry;
    const isKnown =
      !first ||
      (tellable.has(first.trunk) && plannedTrunks(first.plan).every((name) => known.has(name)));
    return isKnown ? entry : those;
  });
  return { ...travelling, entries, tellable };
}

/**
 * Whether no far side hears what the first `Dial()`s of a call tell us by their URL. IAX2 sends it when the leg is answered, and
 * Local hands it on to whatever it leads to.
 */
function isTellable({ dial: { asterisk = '' } }: Pick<AsteriskTrunk, 'dial'>): boolean {
  return asterisk.split('&').every((leg) => /^(?:PJSIP|SIP|DAHDI)\//.test(leg));
}

function plannedTrunks(plan: Plan | undefined): readonly string[] {
  if (!plan) return [];
  return [plan.beforeProgress, plan.afterProgress].flatMap((slots) =>
    [...slots.values()].flatMap(({ decision }) => dialled(decision.outcome)),
  );
}

function dialled(outcome: Outcome): readonly string[] {
  return outcome.kind === 'dial' || outcome.kind === 'redirect' ? [outcome.trunk] : [];
}
