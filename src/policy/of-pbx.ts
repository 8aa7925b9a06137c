import type { Trunk } from './policy-data';
import type { Policy } from './policy';

const VIEWS = new WeakMap<Policy, Map<string, Policy>>();

/**
 * The policy as it counts for the calls of one PBX: without the trunks that it does not have. Made once for each policy
 * and PBX; the policy itself where it says nothing of PBXes.
 * @param pbx its name in the settings
 */
export function ofPbx<P extends Policy>(policy: P, pbx: string): P {
  const known = VIEWS.get(policy)?.get(pbx) as P | undefined;
  if (known) return known;
  const view = viewOf(policy, pbx);
  VIEWS.set(policy, new Map(VIEWS.get(policy)).set(pbx, view));
  return view;
}

function viewOf<P extends Policy>(policy: P, pbx: string): P {
  const trunks = [...policy.trunks];
  const own = trunks.filter(([, trunk]) => isOn(trunk, pbx));
  if (own.length === trunks.length) return policy;
  const elsewhere = new Set(trunks.filter(([, trunk]) => !isOn(trunk, pbx)).map(([name]) => name));
  return { ...policy, pbx, trunks: new Map(own), elsewhere };
}

function isOn({ pbxes }: Pick<Trunk, 'pbxes'>, pbx: string): boolean {
  return pbxes === undefined || pbxes.includes(pbx);
}

/** Names of PBXes in the policy that are none of these, each with the first trunk that has it. */
export function unknownPbxes(
  policy: Pick<Policy, 'trunks'>,
  known: readonly string[],
): readonly { readonly trunk: Trunk; readonly pbx: string }[] {
  const seen = new Set(known);
  return [...policy.trunks.values()].flatMap((trunk) =>
    (trunk.pbxes ?? []).flatMap((pbx) => {
      if (seen.has(pbx)) return [];
      seen.add(pbx);
      return [{ trunk, pbx }];
    }),
  );
}
