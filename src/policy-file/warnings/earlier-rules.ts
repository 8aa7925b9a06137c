import type { Condition } from '../../policy/rules/condition';
import { literalPrefix, patternOf } from '../../policy/routes/digits';

/** Keys whose values lead to few of many rules, the most telling first. */
const TELLING = [
  'digits',
  'from',
  'trunk',
  'context',
  'callerCountry',
  'calleeCountry',
  'phrase',
  'q850',
  'location',
  'class',
  'fault',
] as const satisfies readonly (keyof Condition)[];
type Telling = (typeof TELLING)[number];

/**
 * Rules in their order, found by what a later one asks for: of ten thousand rules few may cover one of them, and looking
 * at each pair of them takes seconds.
 */
export class EarlierRules {
  private readonly byValue = new Map<string, number[]>();
  /** Rules that nothing leads to. */
  private readonly others: number[] = [];
  private count = 0;

  /** Adds the next rule. */
  add(when: Condition): void {
    const place = this.count++;
    const [keys] = TELLING.flatMap((key) => tellingKeys(when, key) ?? []);
    if (!keys) this.others.push(place);
    else for (const key of keys) enter(this.byValue, key, place);
  }

  /** Places of the rules added so far of which one may match whenever this one does, in their order: at least those that do. */
  thatMayCover(when: Condition): readonly number[] {
    const found = new Set(this.others);
    for (const key of TELLING) {
      const values = valuesOf(when, key);
      if (!values) continue;
      const [first] = values;
      // A wider rule has something that covers each of the values, so also the first one.
      if (first === undefined) return Array.from({ length: this.count }, (_, place) => place);
      for (const asked of askedFor(key, first))
        for (const place of this.byValue.get(asked) ?? []) found.add(place);
    }
    return [...found].sort((one, other) => one - other);
  }
}

/** Under which a rule is found; undefined if it does not ask for the key, or for nothing in particular. */
function tellingKeys(when: Condition, key: Telling): [readonly string[]] | undefined {
  const values = valuesOf(when, key);
  if (!values || values.length === 0) return undefined;
  const keys = [
    ...new Set(values.map((value) => `${key} ${isNumber(key) ? prefixOf(value) : value}`)),
  ];
  return keys.includes(`${key} `) ? undefined : [keys];
}

/** Everything under which a rule may be found that covers a value. */
function askedFor(key: Telling, value: string): readonly string[] {
  if (!isNumber(key)) return [`${key} ${value}`, `${key} "*"`];
  const prefix = prefixOf(value);
  return Array.from(prefix, (_, at) => `${key} ${prefix.slice(0, at + 1)}`);
}

function valuesOf(when: Condition, key: Telling): readonly string[] | undefined {
  const value = when[key];
  if (value === undefined) return undefined;
  return [value].flat().map((one) => (isNumber(key) ? String(one) : JSON.stringify(one)));
}

function isNumber(key: Telling): boolean {
  return key === 'digits' || key === 'from';
}

/** A wider pattern begins literally with no more than the narrower one does, and alike. */
function prefixOf(written: string): string {
  return literalPrefix(patternOf(written));
}

function enter(index: Map<string, number[]>, key: string, place: number): void {
  const places = index.get(key);
  if (places) places.push(place);
  else index.set(key, [place]);
}
