import type { Condition, ElapsedBound, HeaderAsked } from '../../policy/rules/condition';
import { coversPattern, patternOf } from '../../policy/routes/digits';
import type { WholePolicy } from '../../policy/policy';
import type { Rule } from '../../policy/policy-data';
import { EarlierRules } from './earlier-rules';
import { ruleLists } from './rule-lists';
import type { Warning } from './warning';

/** Rules that can never match: an earlier rule in the same list matches whenever they do. */
export function shadowedRules(policy: WholePolicy): readonly Warning[] {
  return ruleLists(policy).flatMap(({ rules }) => {
    const seen = new EarlierRules();
    return rules.flatMap((rule) => {
      const earlier = seen
        .thatMayCover(rule.when)
        .map((place) => rules[place])
        .find((one) => one && covers(one.when, rule.when));
      seen.add(rule.when);
      return earlier ? [shadowed(rule, earlier)] : [];
    });
  });
}

function shadowed({ at }: Rule, earlier: Rule): Warning {
  const always = Object.keys(earlier.when).length === 0;
  const how = always ? 'always matches' : 'matches whenever this one does';
  return {
    at,
    finding: 'CB1301',
    message: `this rule can never match: the one in line ${earlier.at.line} comes before it and ${how}`,
    expected: 'Put the narrower rule first',
  };
}

/** Whether the wider condition matches whenever the narrower one does. */
export function covers(wider: Condition, narrower: Condition): boolean {
  return (Object.keys(wider) as (keyof Condition)[]).every((key) => {
    const [outer, inner] = [wider[key], narrower[key]];
    if (inner === undefined) return false;
    if (key === 'within') return Number(outer) >= Number(inner);
    if (isElapsed(outer) && isElapsed(inner)) return coversElapsed(outer, inner);
    if (isHeader(outer) && isHeader(inner)) return coversHeader(outer, inner);
    if (!Array.isArray(outer) || !Array.isArray(inner)) return outer === inner;
    const isPattern = key === 'digits' || key === 'from';
    return (inner as unknown[]).every((value) =>
      (outer as unknown[]).some((other) =>
        isPattern
          ? coversPattern(patternOf(String(other)), patternOf(String(value)))
          : includes(other, value),
      ),
    );
  });
}

function isElapsed(value: Condition[keyof Condition]): value is ElapsedBound {
  return typeof value === 'object' && 'than' in value;
}

function coversElapsed(outer: ElapsedBound, inner: ElapsedBound): boolean {
  if (outer.than !== inner.than) return false;
  return outer.than === 'more' ? outer.ms <= inner.ms : outer.ms >= inner.ms;
}

function isHeader(value: Condition[keyof Condition]): value is HeaderAsked {
  return typeof value === 'object' && 'name' in value;
}

function coversHeader(outer: HeaderAsked, inner: HeaderAsked): boolean {
  if (outer.name !== inner.name) return false;
  if (!outer.value) return true;
  const { value: wider } = outer;
  return inner.value?.every((one) => wider.some((other) => includes(other, one))) ?? false;
}

/** Whether one value of a field covers the other; patterns only if they are literally equal or `*`. */
function includes(outer: unknown, inner: unknown): boolean {
  if (isRange(outer) && isRange(inner)) return outer.from <= inner.from && outer.to >= inner.to;
  if (outer === '*') return true;
  return JSON.stringify(outer) === JSON.stringify(inner);
}

function isRange(value: unknown): value is { from: number; to: number } {
  return typeof value === 'object' && value !== null && 'from' in value && !('days' in value);
}
