import type { FailureClass } from '../model/classes';
import { RouteIndex } from './routes/digits';
import { compileRule, type RulesInOrder, type RuleSource } from './rules/match';
import type { PolicyData, Position, Rule, Treatment } from './policy-data';
import { failedTrunk, type Situation } from './situation';
import { localClock, type LocalClock } from './rules/time';

/** One policy file, checked and compiled: all that `decide` needs to know. */
export interface Policy extends PolicyData {
  /** Look-up tables over the rest, see `indexed`. */
  readonly index: PolicyIndex;
}

/** Look-up tables of one policy: a decision costs the same with many trunks and rules as with few. */
export interface PolicyIndex {
  readonly emergency: ReadonlySet<string>;
  readonly routes: RouteIndex;
  /** The wall clock of the policy's time zone; absent without one. */
  readonly clock?: LocalClock;
  /** Trunks that some redirection names. */
  readonly redirectTrunks: ReadonlySet<string>;
  /** Whether some rule makes a second offer. */
  readonly reoffers: boolean;
  /** The rule at that position, shipped rules included. */
  ruleAt(at: Position): Rule | undefined;
  /** All rules that may match, in the order in which they are tried. */
  rulesFor(situation: Situation): readonly RulesInOrder[];
}

/** Adds the look-up tables to a policy file's data. */
export function indexed(data: PolicyData): Policy {
  const { emergency, timezone, routes, trunks, rules, defaults } = data;
  const ofTrunk = new Map(
    [...trunks].map(([name, trunk]) => [name, new RuleList('trunk', trunk.rules)]),
  );
  const ofRoute = new Map(routes.map((route) => [route, new RuleList('route', route.rules)]));
  const general = new PerTrunk('general', rules);
  const builtIn = new PerTrunk('built-in', defaults);
  const everyRule = [...trunks.values(), ...routes, data].flatMap((part) => part.rules);
  const byPosition = new Map(
    [...everyRule, ...defaults].map((rule) => [positionKey(rule.at), rule]),
  );
  return {
    ...data,
    index: {
      emergency: new Set(emergency),
      routes: new RouteIndex(routes),
      redirectTrunks: new Set(everyRule.flatMap(redirectTrunksOf)),
      reoffers: everyRule.some(reoffers),
      ...(timezone !== undefined && { clock: localClock(timezone) }),
      ruleAt: (at) => byPosition.get(positionKey(at)),
      rulesFor(situation) {
        const trunk = failedTrunk(situation) ?? '';
        const found: RulesInOrder[] = [];
        for (const list of [
          ofTrunk.get(trunk),
          situation.route && ofRoute.get(situation.route),
          general.for(trunk),
          builtIn.for(trunk),
        ]) {
          if (list && list.all.rules.length > 0) found.push(list.candidates(situation));
        }
        return found;
      },
    },
  };
}

function positionKey({ file, line, column }: Position): string {
  return `${line}:${column}:${file}`;
}

function redirectTrunksOf(rule: Rule): readonly string[] {
  return treatmentsOf(rule).flatMap((treatment) =>
    treatment.kind === 'redirect' ? (treatment.trunks ?? []) : [],
  );
}

function reoffers(rule: Rule): boolean {
  return treatmentsOf(rule).some((treatment) => 'reoffer' in treatment);
}

function treatmentsOf(rule: Rule): readonly Treatment[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])].map(({ treatment }) => treatment);
}

/** Rules of one list, by the class and the status of the failure. */
class RuleList {
  readonly all: RulesInOrder;
  /** Filled as failures come in: at most 24 classes with 700 statuses. */
  private readonly byClass = new Map<FailureClass, Map<number, RulesInOrder>>();

  constructor(source: RuleSource, rules: readonly Rule[]) {
    this.all = { source, rules: rules.map(compileRule) };
  }

  candidates({ failure, unknown }: Situation): RulesInOrder {
    const { source, rules } = this.all;
    const sip = failure.sip ?? 0;
    if (rules.length < 2 || unknown.size > 0 || !isStatus(sip)) return this.all;
    const known = this.byClass.get(failure.class)?.get(sip);
    if (known) return known;
    const may = rules.filter(({ rule }) => mayMatch(rule, failure.class, sip));
    const candidates = { source, rules: may };
    const bySip = this.byClass.get(failure.class) ?? new Map<number, RulesInOrder>();
    this.byClass.set(failure.class, bySip.set(sip, candidates));
    return candidates;
  }
}

/** 0 means no status. An odd value must not fill the memory. */
function isStatus(sip: number): boolean {
  return Number.isInteger(sip) && sip >= 0 && sip <= 699;
}

function mayMatch({ when }: Rule, failureClass: FailureClass, sip: number): boolean {
  if (when.class && !when.class.includes(failureClass)) return false;
  return !when.sip || when.sip.some(({ from, to }) => sip >= from && sip <= to);
}

/** Rules by the trunk they ask for: of a hundred rules for fifty trunks, two concern one trunk. */
class PerTrunk {
  private readonly everyTrunk: RuleList;
  private readonly named = new Map<string, RuleList>();

  constructor(source: RuleSource, rules: readonly Rule[]) {
    this.everyTrunk = new RuleList(
      source,
      rules.filter(({ when }) => !when.trunk),
    );
    for (const trunk of new Set(rules.flatMap(({ when }) => when.trunk ?? []))) {
      const own = rules.filter(({ when }) => !when.trunk || when.trunk.includes(trunk));
      this.named.set(trunk, new RuleList(source, own));
    }
  }

  for(trunk: string): RuleList {
    return this.named.get(trunk) ?? this.everyTrunk;
  }
}
