import type { Route } from '../policy-data';
import { literalPrefix, matchesDigits } from './digits';

/** Routes in file order, by their place in it; 0 is the first. */
export interface RouteTable {
  digitsOf(order: number): string;
  routeOf(order: number): Route;
}

/**
 * Where the routes are whose patterns begin with certain digits: a hash table in a few flat arrays, so
 * that it may cross from one thread to another at no cost.
 */
export interface PrefixChains {
  /** Hash of a literal prefix → 1 + the first route with it in file order; 0: none. Its size is a power of 2. */
  readonly heads: Uint32Array<ArrayBuffer>;
  /** Route → 1 + the next one of the same hash; 0: none. */
  readonly next: Uint32Array<ArrayBuffer>;
  /** Lengths of the prefixes that occur. Characters. */
  readonly lengths: readonly number[];
}

/** @param patterns of the routes, in file order */
export function prefixChains(patterns: readonly string[]): PrefixChains {
  const heads = new Uint32Array(2 ** Math.ceil(Math.log2(2 * patterns.length + 2)));
  const next = new Uint32Array(patterns.length);
  const lengths = new Set<number>();
  // Backwards, so that each chain begins with its first route.
  for (let order = patterns.length - 1; order >= 0; order--) {
    const prefix = literalPrefix(patterns[order] ?? '');
    const slot = hashOf(prefix, prefix.length) & (heads.length - 1);
    next[order] = heads[slot] ?? 0;
    heads[slot] = order + 1;
    lengths.add(prefix.length);
  }
  return { heads, next, lengths: [...lengths] };
}

/** The first route in file order whose digits match a number, found by the digits it begins with. */
export class RouteIndex {
  constructor(
    private readonly routes: RouteTable,
    private readonly chains: PrefixChains,
  ) {}

  /** An index over routes that are in memory. */
  static over(routes: readonly Route[]): RouteIndex {
    const digits = routes.map((route) => route.digits);
    const table: RouteTable = {
      digitsOf: (order) => at(digits, order),
      routeOf: (order) => at(routes, order),
    };
    return new RouteIndex(table, prefixChains(digits));
  }

  find(number: string): Route | undefined {
    const order = firstMatch(this.chains, (one) => this.routes.digitsOf(one), number);
    return order === undefined ? undefined : this.routes.routeOf(order);
  }
}

/** Place of the first pattern in file order that matches a number. */
export function firstMatch(
  { heads, next, lengths }: PrefixChains,
  digitsOf: RouteTable['digitsOf'],
  number: string,
): number | undefined {
  let best = Infinity;
  for (const length of lengths) {
    if (length > number.length) continue;
    let order = (heads[hashOf(number, length) & (heads.length - 1)] ?? 0) - 1;
    // What merely has the same hash does not match its digits.
    while (order >= 0 && order < best && !matchesDigits(digitsOf(order), number)) {
      order = (next[order] ?? 0) - 1;
    }
    if (order >= 0 && order < best) best = order;
  }
  return best === Infinity ? undefined : best;
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no route ${index}`);
  return item;
}

/** FNV-1a of the first characters. */
function hashOf(text: string, length: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // Without it, the low bits would depend on the low bits alone.
  return (hash ^ (hash >>> 15)) >>> 0;
}
