import { bitOf, type Pattern } from './digits';

/** Which pattern is taken of several that a number fits. */
export type Preference = 'first' | 'longest';

/**
 * Patterns in the order in which they are tried, in a few flat arrays: they cross from one thread to another at no cost,
 * and what they take is known beforehand: 4 bytes for each place, and 13 to 21 for each pattern. A hash table leads to
 * the patterns that begin with certain characters, so a number is looked up once for each length of such a beginning.
 */
export interface PatternIndex {
  /** The patterns' places, one after the other. */
  readonly places: Uint32Array<ArrayBuffer>;
  /** Where each pattern's places end. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** 1: anything may follow. */
  readonly open: Uint8Array<ArrayBuffer>;
  /** Place in the given order, by the place in the order in which they are tried. */
  readonly given: Uint32Array<ArrayBuffer>;
  /** Hash of a literal prefix → 1 + the first pattern with it; 0: none. Its size is a power of 2. */
  readonly heads: Uint32Array<ArrayBuffer>;
  /** Pattern → 1 + the next one of the same hash; 0: none. */
  readonly next: Uint32Array<ArrayBuffer>;
  /** Lengths of the literal prefixes that occur. Characters. */
  readonly lengths: readonly number[];
}

/** Everything of it that may be transferred instead of copied. */
export function buffersOfIndex(index: PatternIndex): readonly ArrayBuffer[] {
  const { places, ends, open, given, heads, next } = index;
  return [places, ends, open, given, heads, next].map(({ buffer }) => buffer);
}

/** Takes patterns one after the other, without keeping any of them as an object. */
export class PatternIndexBuilder {
  private places = new Uint32Array(1024);
  private used = 0;
  private ends = new Uint32Array(256);
  private open = new Uint8Array(256);
  private count = 0;

  get size(): number {
    return this.count;
  }

  add({ places, open }: Pattern): void {
    this.makeRoom(places.length);
    for (const place of places) this.places[this.used++] = place;
    this.end(open);
  }

  /** Numbers that begin with these characters, ASCII. */
  addPrefix(characters: Uint8Array, from: number, to: number): void {
    this.makeRoom(to - from);
    for (let at = from; at < to; at++) this.places[this.used++] = bitOf(characters[at] ?? 0);
    this.end(true);
  }

  private makeRoom(places: number): void {
    if (this.used + places > this.places.length)
      this.places = grown(this.places, new Uint32Array(2 * this.places.length));
    if (this.count < this.ends.length) return;
    this.ends = grown(this.ends, new Uint32Array(2 * this.count));
    this.open = grown(this.open, new Uint8Array(2 * this.count));
  }

  private end(open: boolean): void {
    this.ends[this.count] = this.used;
    this.open[this.count++] = open ? 1 : 0;
  }

  /** The index over all of them: `first` as they were added, `longest` those with the most places first. */
  build(preference: Preference): PatternIndex {
    const { count, places, used } = this;
    const given = preference === 'first' ? asGiven(count) : this.longestFirst();
    const ends = new Uint32Array(count);
    const open = new Uint8Array(count);
    const sorted = new Uint32Array(used);
    let end = 0;
    for (let order = 0; order < count; order++) {
      const from = given[order] ?? 0;
      const start = startOf(this.ends, from);
      const stop = this.ends[from] ?? 0;
      sorted.set(places.subarray(start, stop), end);
      end += stop - start;
      ends[order] = end;
      open[order] = this.open[from] ?? 0;
    }
    return { places: sorted, ends, open, given, ...chains(sorted, ends) };
  }

  /** A counting sort: it keeps the order of equals. */
  private longestFirst(): Uint32Array<ArrayBuffer> {
    const lengths = Array.from(
      { length: this.count },
      (_, index) => (this.ends[index] ?? 0) - startOf(this.ends, index),
    );
    const most = lengths.reduce((longest, length) => Math.max(longest, length), 0);
    const next = new Uint32Array(most + 1);
    for (const length of lengths) if (length > 0) next[length - 1] = (next[length - 1] ?? 0) + 1;
    // From counts to the first place of each length, the longest first.
    for (let length = most; length >= 0; length--)
      next[length] = (next[length] ?? 0) + (length < most ? (next[length + 1] ?? 0) : 0);
    const given = new Uint32Array(this.count);
    lengths.forEach((length, index) => {
      const place = next[length] ?? 0;
      given[place] = index;
      next[length] = place + 1;
    });
    return given;
  }
}

function chains(
  places: Uint32Array,
  ends: Uint32Array,
): Pick<PatternIndex, 'heads' | 'next' | 'lengths'> {
  const heads = new Uint32Array(2 ** Math.ceil(Math.log2(2 * ends.length + 2)));
  const next = new Uint32Array(ends.length);
  const lengths = new Set<number>();
  // Backwards, so that each chain begins with its first pattern.
  for (let order = ends.length - 1; order >= 0; order--) {
    let hash = SEED;
    let at = startOf(ends, order);
    const start = at;
    const end = ends[order] ?? 0;
    for (; at < end && isLiteral(places[at] ?? 0); at++) hash = hashed(hash, places[at] ?? 0);
    const slot = slotOf(hash, heads);
    next[order] = heads[slot] ?? 0;
    heads[slot] = order + 1;
    lengths.add(at - start);
  }
  return { heads, next, lengths: [...lengths].sort((one, other) => one - other) };
}

/**
 * Place, in the order in which they are tried, of the first pattern that a number fits and that is accepted; undefined
 * if there is none.
 */
export function firstFit(
  index: PatternIndex,
  number: string,
  accept: (order: number) => boolean = () => true,
): number | undefined {
  const { heads, next, lengths } = index;
  let best = Infinity;
  let hash = SEED;
  let hashedUntil = 0;
  for (const length of lengths) {
    if (length > number.length) break;
    for (; hashedUntil < length; hashedUntil++)
      hash = hashed(hash, bitOf(number.charCodeAt(hashedUntil)));
    let order = (heads[slotOf(hash, heads)] ?? 0) - 1;
    // What merely has the same hash does not fit.
    while (order >= 0 && order < best && !(fits(index, order, number) && accept(order)))
      order = (next[order] ?? 0) - 1;
    if (order >= 0 && order < best) best = order;
  }
  return best === Infinity ? undefined : best;
}

/** The pattern at a place of the order in which they are tried. */
export function patternAt({ places, ends, open }: PatternIndex, order: number): Pattern {
  return {
    places: [...places.subarray(startOf(ends, order), ends[order])],
    open: open[order] === 1,
  };
}

/** How many characters a number must have to fit the pattern at a place of the order. */
export function placesAt({ ends }: PatternIndex, order: number): number {
  return (ends[order] ?? 0) - startOf(ends, order);
}

function fits({ places, ends, open }: PatternIndex, order: number, number: string): boolean {
  const start = startOf(ends, order);
  const length = (ends[order] ?? 0) - start;
  if (open[order] === 1 ? number.length < length : number.length !== length) return false;
  for (let at = 0; at < length; at++) {
    if (((places[start + at] ?? 0) & bitOf(number.charCodeAt(at))) === 0) return false;
  }
  return true;
}

function startOf(ends: Uint32Array, order: number): number {
  return order === 0 ? 0 : (ends[order - 1] ?? 0);
}

function isLiteral(place: number): boolean {
  return place !== 0 && (place & (place - 1)) === 0;
}

function asGiven(count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, index) => index);
}

function grown<Numbers extends Uint32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** FNV-1a over the characters' numbers. */
const SEED = 0x811c9dc5;

function hashed(hash: number, place: number): number {
  return Math.imul(hash ^ (32 - Math.clz32(place)), 0x01000193);
}

function slotOf(hash: number, heads: Uint32Array): number {
  // Without it, the low bits would depend on the low bits alone.
  const mixed = hash ^ (hash >>> 15);
  return (mixed ^ (mixed >>> 7)) & (heads.length - 1);
}
