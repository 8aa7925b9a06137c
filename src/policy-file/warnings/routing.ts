import type { WholePolicy } from '../../policy/policy';
import { actionsOf, ruleLists, type RuleList } from './rule-lists';
import type { Warning } from './warning';

/** Trunks that no call can take. */
export function unusedTrunks(policy: WholePolicy): readonly Warning[] {
  const used = new Set([
    ...policy.routes.flatMap(({ trunks }) => trunks),
    ...policy.index.redirectTrunks,
  ]);
  return [...policy.trunks.values()]
    .filter(({ name }) => !used.has(name))
    .map(({ name, at }) => ({
      at,
      finding: 'CB1306',
      message: `trunk ${name} is in no route`,
      expected: 'Put it into a route or take it out',
    }));
}

/** Routes whose first failure is final: no second trunk and no mailbox. */
export function oneTrunkRoutes({ routes }: WholePolicy): readonly Warning[] {
  return routes
    .filter(({ trunks, mailbox }) => trunks.length === 1 && mailbox === undefined)
    .map(({ at, trunks }) => ({
      at,
      finding: 'CB1307',
      message: `this route has one trunk only: when ${trunks[0]} fails, the call fails`,
      expected: 'Add a second trunk, or a mailbox',
    }));
}

/** Voicemail rules for which no matching route has a mailbox. */
export function mailboxlessVoicemail(policy: WholePolicy): readonly Warning[] {
  return ruleLists(policy).flatMap((list) => {
    if (routesOf(list, policy).some(({ mailbox }) => mailbox !== undefined)) return [];
    return list.rules
      .filter((rule) =>
        actionsOf(rule).some(
          ({ treatment }) => treatment.kind === 'voicemail' && !treatment.location,
        ),
      )
      .map(({ at }) => ({
        at,
        finding: 'CB1308',
        message: 'voicemail, but no route that this rule applies to has a mailbox',
        expected: 'Give the route a mailbox, unless your dialplan always sets CRANKBACK_MAILBOX',
      }));
  });
}

function routesOf({ trunk, route }: RuleList, { routes }: WholePolicy): WholePolicy['routes'] {
  if (route) return [route];
  return trunk ? routes.filter(({ trunks }) => trunks.includes(trunk.name)) : routes;
}
