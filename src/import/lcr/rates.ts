/** A hunt tries no more. */
const MOST_TRUNKS = 20;
/** As many as a route table may have. */
const MOST_PREFIXES = 1_000_000;
const MOST_NAMES = 1_000;

/** Prefixes with the trunks that take them. Bounded: some 200 bytes for a prefix. */
export class Rates {
  /** By prefix: the number of a trunk and its cost, by turns, in the order of the rows. */
  private readonly byPrefix = new Map<string, number[]>();
  private readonly numbers = new Map<string, number>();

  /** Names of all trunks, as the files write them. */
  trunks(): readonly string[] {
    return [...this.numbers.keys()];
  }

  get size(): number {
    return this.byPrefix.size;
  }

  /** @returns why it was not added; undefined: it was */
  add(prefix: string, names: readonly string[], cost: number): string | undefined {
    const known = this.byPrefix.get(prefix) ?? [];
    if (known.length === 0 && this.byPrefix.size >= MOST_PREFIXES)
      return `more than ${MOST_PREFIXES} prefixes`;
    for (const name of names) {
      const number = this.numberOf(name);
      if (number === undefined) return `more than ${MOST_NAMES} trunks`;
      const at = placeOf(known, number);
      if (at < 0 && known.length >= 2 * MOST_TRUNKS)
        return `more than ${MOST_TRUNKS} trunks for one prefix`;
      if (at < 0) known.push(number, cost);
      // Of a prefix that a trunk has twice, the dearer rate is what a call may cost.
      else known[at + 1] = Math.max(known[at + 1] ?? 0, cost);
      this.byPrefix.set(prefix, known);
    }
    return undefined;
  }

  /** Each prefix with its trunks, the cheapest first, of equals the one that came first. */
  *rows(): Generator<readonly [prefix: string, trunks: readonly string[]]> {
    const trunks = this.trunks();
    for (const [prefix, known] of this.byPrefix) {
      const ways: { readonly trunk: string; readonly cost: number }[] = [];
      for (let at = 0; at < known.length; at += 2)
        ways.push({ trunk: trunks[known[at] ?? 0] ?? '', cost: known[at + 1] ?? 0 });
      ways.sort((one, other) => one.cost - other.cost);
      yield [prefix, ways.map(({ trunk }) => trunk)];
    }
  }

  private numberOf(name: string): number | undefined {
    const known = this.numbers.get(name);
    if (known !== undefined || this.numbers.size >= MOST_NAMES) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }
}

function placeOf(known: readonly number[], number: number): number {
  for (let at = 0; at < known.length; at += 2) if (known[at] === number) return at;
  return -1;
}
