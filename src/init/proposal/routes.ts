import { coversPattern, patternOf } from '../../policy/routes/digits';
import type { DialChain, NumberChange } from '../survey';

/** A route as it is proposed; trunks by the PBX's own names. */
export interface ProposedRoute {
  readonly digits: string;
  readonly trunks: readonly string[];
  readonly where: string;
}

/**
 * The routes of dial chains, the narrowest first, because crankback takes the first one that matches. What a route before
 * covers is left out; the first chain of a pattern is the one that counts.
 */
export function routesOf(
  chains: readonly DialChain[],
  trunks: ReadonlySet<string>,
): readonly ProposedRoute[] {
  const found = chains.flatMap(({ digits, attempts, where }) => {
    const names = [...new Set(attempts.map(({ trunk }) => trunk))].filter((it) => trunks.has(it));
    return names.length === 0 ? [] : digits.map((one) => ({ digits: one, trunks: names, where }));
  });
  const routes: ProposedRoute[] = [];
  for (const route of [...found].sort((a, b) => narrowest(a.digits, b.digits))) {
    const pattern = patternOf(route.digits);
    if (!routes.some(({ digits }) => coversPattern(patternOf(digits), pattern))) routes.push(route);
  }
  return routes;
}

/** Chains for the same numbers by other trunks, as in several contexts: the policy has one route for them. */
export function rivals(chains: readonly DialChain[]): readonly (readonly [DialChain, DialChain])[] {
  const first = new Map<string, DialChain>();
  const found: (readonly [DialChain, DialChain])[] = [];
  for (const chain of chains) {
    for (const digits of chain.digits) {
      const other = first.get(digits);
      if (!other) first.set(digits, chain);
      else if (namesOf(other) !== namesOf(chain)) found.push([other, chain]);
    }
  }
  return found;
}

/** How a trunk wants its numbers; undefined where calls reach it in several forms, or it cannot be told. */
export function numberOf(trunk: string, chains: readonly DialChain[]): NumberChange | undefined {
  const changes = chains.flatMap(({ attempts }) => attempts.filter((it) => it.trunk === trunk));
  const [first] = changes;
  const isOne = changes.every(
    ({ number }) =>
      number !== undefined &&
      number.strip === first?.number?.strip &&
      number.prepend === first.number.prepend,
  );
  return isOne ? first?.number : undefined;
}

function namesOf({ attempts }: DialChain): string {
  return attempts.map(({ trunk }) => trunk).join(' ');
}

/** Digits before sets, sets before what matches anything. */
const RANKS = ['N', 'Z', 'X'];

function narrowest(first: string, second: string): number {
  const [a, b] = [first, second].map((one) => one.replace(/^_(.*)!$/, '$1*')) as [string, string];
  for (let place = 0; place < Math.max(a.length, b.length); place += 1) {
    const difference = rank(a, place) - rank(b, place);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(digits: string, place: number): number {
  const one = digits[place];
  if (one === undefined) return 4;
  if (one === '*' && place === digits.length - 1) return 5;
  return RANKS.indexOf(one) + 1;
}
