import type { WholePolicy } from '../../policy/policy';
import type { Rule } from '../../policy/policy-data';
import { actionsOf, ruleLists } from './rule-lists';
import type { Warning } from './warning';

/**
 * Retries on another trunk after a failure that is final everywhere: a 6xx (RFC 3261 21.6) or a call that
 * the network has blocked. Outside a trunk's own rules such a retry is refused anyway.
 */
export function retriedGlobalFailures(policy: WholePolicy): readonly Warning[] {
  return ruleLists(policy).flatMap(({ rules, trunk }) =>
    rules.filter(retriesElsewhere).flatMap((rule): Warning[] => {
      const { at, when } = rule;
      if (when.class?.includes('blocked')) {
        const message = 'a call that was blocked as unwanted is tried on another trunk';
        return [
          {
            ...{ at, finding: 'CB1311', message },
            expected: 'Relay it: another carrier blocks it too, and counts it',
          },
        ];
      }
      if (!when.sip?.some(({ to }) => to >= 600)) return [];
      if (!trunk) {
        const message = 'a 6xx is never tried on another trunk by a rule for all trunks';
        const expected = 'Put it among the rules of the trunk that means it';
        return [{ at, finding: 'CB1310', message, expected }];
      }
      // A rule that names the phrase knows what this carrier means by it.
      if (when.phrase) return [];
      const message = `every 6xx of ${trunk.name} that this rule takes is tried on another trunk, the callee's own refusals too`;
      const expected = 'Name the phrase, such as phrase: "*capacity*"';
      return [{ at, finding: 'CB1310', message, expected }];
    }),
  );
}

function retriesElsewhere(rule: Rule): boolean {
  return actionsOf(rule).some(
    ({ treatment }) => treatment.kind === 'retry' && treatment.target === 'next-trunk',
  );
}
