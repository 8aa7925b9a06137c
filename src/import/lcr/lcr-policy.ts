import { trunkNames } from '../../init/proposal/trunk-names';
import type { PbxName } from '../../init/survey';
import { leftLines, headLines, textOf, trunkText, type ImportedPolicy } from '../draft-text';
import type { LeftOut } from '../draft';
import type { Rates } from './rates';

/** Lines that are written at once. */
const BATCH = 10_000;

/**
 * The route table of the rates, piece by piece: `prefix,trunks`.
 * @param write takes some lines, each with its end
 */
export function writeTable(rates: Rates, write: (lines: string) => void): void {
  const names = trunkNames(rates.trunks());
  let lines = ['prefix,trunks'];
  for (const [prefix, trunks] of rates.rows()) {
    lines.push(`${prefix},${trunks.map((trunk) => names.get(trunk)).join(' ')}`);
    if (lines.length < BATCH) continue;
    write(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) write(`${lines.join('\n')}\n`);
}

/**
 * A policy whose routes are a table.
 * @param table as the policy file names it
 * @param count of what was left out, of which `left` has examples
 */
export function lcrPolicy(
  rates: Rates,
  pbx: PbxName,
  source: string,
  table: string,
  { left, count }: { readonly left: readonly LeftOut[]; readonly count: number },
): ImportedPolicy {
  const names = trunkNames(rates.trunks());
  const lines = [
    ...headLines(source),
    '# Numbers that nothing in this file may ever stand in the way of: those of your country. Each must have a route:',
    '# an emergency call takes no row of a table.',
    'emergency: []',
    '',
    '# A prefix table does not say how its trunks are dialled: set each `dial`.',
    'trunks:',
    ...[...names].flatMap(([name, written]) => trunkText(name, written, pbx)),
    '',
    '# The longest prefix of the number as it is dialled counts.',
    'match: longest',
    'routes_from:',
    `  - { file: '${table.replaceAll("'", "''")}' }`,
    '',
    ...leftLines(left, count),
  ];
  return { text: textOf(lines), routes: rates.size, trunks: names.size, left: count };
}
