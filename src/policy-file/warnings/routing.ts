import type { WholePolicy } from '../../policy/policy';
import type { RouteTable } from '../../policy/policy-data';
import { waysOf } from '../../policy/routes/tables';
import { actionsOf, ruleLists, tableAsRoute, type RuleList } from './rule-lists';
import type { Warning } from './warning';

/** Trunks that no call can take. */
export function unusedTrunks(policy: WholePolicy): readonly Warning[] {
  const used = new Set([
    ...policy.routes.flatMap(({ trunks }) => trunks),
    ...(policy.tables ?? []).flatMap((table) => waysOf(table).flat()),
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
export function oneTrunkRoutes({ routes, tables = [] }: WholePolicy): readonly Warning[] {
  const ofTables = tables.flatMap((table): Warning[] => {
    const rows = rowsWithOneTrunk(table);
    const [line] = rows.lines;
    if (line === undefined || table.shared.mailbox !== undefined) return [];
    return [
      {
        at: { file: table.file, line, column: 1 },
        finding: 'CB1307',
        message: `${rows.lines.length} rows have one trunk only, this is the first: when it fails, the call fails`,
        expected: 'Add a second trunk, or a mailbox for the table',
      },
    ];
  });
  const ofRoutes = routes
    .filter(({ trunks, mailbox }) => trunks.length === 1 && mailbox === undefined)
    .map(({ at, trunks }): Warning => ({
      at,
      finding: 'CB1307',
      message: `this route has one trunk only: when ${trunks[0]} fails, the call fails`,
      expected: 'Add a second trunk, or a mailbox',
    }));
  return [...ofRoutes, ...ofTables];
}

function rowsWithOneTrunk(table: RouteTable): { readonly lines: Uint32Array } {
  const single = new Set(
    waysOf(table).flatMap((trunks, way) => (trunks.length === 1 ? [way] : [])),
  );
  const { ways, lines } = table.rows ?? { ways: new Uint32Array(), lines: new Uint32Array() };
  return { lines: lines.filter((_, row) => single.has(ways[row] ?? 0)) };
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

function routesOf(
  { trunk, route }: RuleList,
  { routes, tables = [] }: WholePolicy,
): WholePolicy['routes'] {
  if (route) return [route];
  const all = [...routes, ...tables.map(tableAsRoute)];
  return trunk ? all.filter(({ trunks }) => trunks.includes(trunk.name)) : all;
}
