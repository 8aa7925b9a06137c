import type { Refusal } from '../decision/decision';
import { isDialable } from '../routes/digits';
import { needs, type Needs } from '../facts';
import type { Contact } from '../../model/failure';
import { meansEmergency } from '../routes/emergency';
import { pickFrom } from '../routes/pick';
import type { Redirection } from '../policy-data';
import { gone, spent } from './retry';
import type { DecisionContext } from '../decision/context';
import { failedTrunk } from '../situation';
import type { Treated } from './treated';

/** Follows a 3xx to the first Contact that the rule allows; for this hunt only. */
export function redirect(
  { domains, trunks, hops }: Redirection,
  context: DecisionContext,
): Treated | Refusal | Needs {
  const { policy, hunt, failure, unknown } = context;
  const refused = gone(context);
  if (refused !== undefined) return refused;
  const open = (['class', 'contacts'] as const).filter((fact) => unknown.has(fact));
  if (open.length > 0) return needs(open);
  const contacts = hunt.contacts ?? [];
  if (failure.class !== 'redirected' || contacts.length === 0) return 'not-redirected';
  const followed = hunt.hops ?? 0;
  if (followed >= hops) return 'redirects-spent';
  const over = spent(context, 0);
  if (over !== undefined) return over;
  const target = contacts.find(
    ({ user, host }) =>
      isDialable(user) &&
      // Only the caller may make an emergency call.
      !meansEmergency(policy, user) &&
      (domains === undefined || isBelow(domains, host)),
  )?.user;
  if (target === undefined) return 'redirect-forbidden';
  const picked = pickFrom(context, trunks ?? [failedTrunk(context) ?? ''], target);
  if ('refusal' in picked) return picked.refusal;
  return {
    outcome: { kind: 'redirect', ...picked.leg, target, hops: followed + 1 },
    reserve: { trunk: picked.leg.trunk, retry: false },
  };
}

/** `*.example.com` is every name below example.com; anything else is one host. */
function isBelow(domains: readonly string[], host: Contact['host']): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return domains.some((domain) =>
    domain.startsWith('*.') ? name.endsWith(domain.slice(1)) : name === domain,
  );
}
