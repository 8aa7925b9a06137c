// Own index: that of routes gives the first pattern that fits, and here every rule counts whose pattern may.

import { bitOf, patternOf, type Pattern } from '../routes/digits';
import type { Hunt } from '../hunt';
import type { CompiledRule } from './match';

/** Longest beginning that is looked up. Characters. */
const LONGEST_PREFIX = 6;
/** Fewer rules are tested as fast as they are found. */
const FEW = 8;

/** Rules in their order, found by the numbers of a call: of thousands that name digits or callers, few may match one call. */
export class ByNumber {
  /** Places of rules that may match whatever the numbers are. */
  private readonly anyNumber: number[] = [];
  private readonly whole: readonly CompiledRule[];
  private readonly byDigits = new Map<number, number[]>();
  private readonly byFrom = new Map<number, number[]>();

  constructor(readonly rules: readonly CompiledRule[]) {
    if (rules.length >= FEW) for (const [place, one] of rules.entries()) this.index(place, one);
    const isWhole = this.byDigits.size === 0 && this.byFrom.size === 0;
    this.whole = isWhole ? rules : this.anyNumber.map((place) => this.at(place));
  }

  /** The rules that may match a call, in their order: at least those that do. */
  for({ number, from }: Pick<Hunt, 'number' | 'from'>): readonly CompiledRule[] {
    const found = [...lookUp(this.byDigits, number), ...lookUp(this.byFrom, from ?? '')];
    if (found.length === 0) return this.whole;
    const places = [...new Set([...this.anyNumber, ...found])].sort((one, other) => one - other);
    return places.map((place) => this.at(place));
  }

  private index(place: number, { rule: { when } }: CompiledRule): void {
    const keys = { digits: keysOf(when.digits), from: keysOf(when.from) };
    if (keys.digits) for (const key of keys.digits) enter(this.byDigits, key, place);
    else if (keys.from) for (const key of keys.from) enter(this.byFrom, key, place);
    else this.anyNumber.push(place);
  }

  private at(place: number): CompiledRule {
    return this.rules[place] as CompiledRule;
  }
}

function enter(index: Map<number, number[]>, key: number, place: number): void {
  const places = index.get(key);
  if (places) places.push(place);
  else index.set(key, [place]);
}

function lookUp(index: ReadonlyMap<number, readonly number[]>, number: string): readonly number[] {
  if (index.size === 0) return [];
  const found: number[] = [];
  let key = 0;
  for (let at = 0; at < Math.min(number.length, LONGEST_PREFIX); at += 1) {
    key = longer(key, bitOf(number.charCodeAt(at)));
    found.push(...(index.get(key) ?? []));
  }
  return found;
}

/** A key for each pattern; undefined if one of them begins with no certain character, so that it has none. */
function keysOf(written: readonly string[] | undefined): readonly number[] | undefined {
  const keys = written?.map((text) => keyOf(patternOf(text)));
  return keys?.includes(0) ? undefined : keys;
}

function keyOf({ places }: Pattern): number {
  let key = 0;
  for (const place of places.slice(0, LONGEST_PREFIX)) {
    if (!isOneCharacter(place)) break;
    key = longer(key, place);
  }
  return key;
}

function isOneCharacter(place: number): boolean {
  return place !== 0 && (place & (place - 1)) === 0;
}

/** Beginnings of any length have different keys: there are 18 characters, and none of them counts as 0. */
function longer(key: number, bit: number): number {
  return key * 19 + (32 - Math.clz32(bit));
}
