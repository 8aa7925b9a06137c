import type { WholePolicy } from '../../policy/policy';
import type { Route } from '../../policy/policy-data';
import { coversDigits, literalPrefix } from '../../policy/routes/digits';
import type { Warning } from './warning';

/** Routes that no number takes: an earlier route takes every number that fits them. */
export function shadowedRoutes({ routes }: WholePolicy): readonly Warning[] {
  const earlier = new EarlierRoutes();
  return routes.flatMap((route) => {
    const found = earlier.covering(route.digits);
    earlier.add(route);
    return found ? [shadowed(route, found)] : [];
  });
}

function shadowed({ at, digits }: Route, earlier: Route): Warning {
  const same = digits === earlier.digits ? 'has the same digits' : 'takes all of its numbers';
  return {
    at,
    finding: 'CB1302',
    message: `no call takes this route: "${earlier.digits}" in line ${earlier.at.line} comes before it and ${same}`,
    expected: 'Put the narrower route first',
  };
}

/**
 * The routes so far, by what their numbers begin with: of a hundred thousand routes, only those that begin like
 * a given one are compared with it.
 */
class EarlierRoutes {
  private readonly byPrefix = new Map<string, Numbered[]>();
  private count = 0;

  add(route: Route): void {
    const prefix = literalPrefix(route.digits);
    const known = this.byPrefix.get(prefix);
    const numbered = { route, number: this.count++ };
    if (!known) this.byPrefix.set(prefix, [numbered]);
    // What one of them takes, another one need not be compared for.
    else if (!known.some((one) => coversDigits(one.route.digits, route.digits)))
      known.push(numbered);
  }

  /** The first route of the file that takes every number of these digits. */
  covering(digits: string): Route | undefined {
    const prefix = literalPrefix(digits);
    let first: Numbered | undefined;
    for (let length = 0; length <= prefix.length; length++) {
      const found = this.byPrefix
        .get(prefix.slice(0, length))
        ?.find(({ route }) => coversDigits(route.digits, digits));
      if (found && (!first || found.number < first.number)) first = found;
    }
    return first?.route;
  }
}

/** A route and its place in the file. */
interface Numbered {
  readonly route: Route;
  readonly number: number;
}
