import { FAILURE_CLASSES, type FailureClass } from '../model/classes';
import { RouteIndex } from './digits';
import { compileRule, type CompiledRule, type RuleSource } from './match';
import type { Policy, PolicyData, Rule } from './policy';
import { failedTrunk, type Situation } from './situation';
import { localClock, type LocalClock } from './time';

/** Look-up tables of one policy, so that a decision costs no more the more trunks and rules there are. */
export interface PolicyIndex {
  readonly emergency: ReadonlySet<string>;
  readonly routes: RouteIndex;
  /** The wall clock of the policy's time zone; absent without one. */
  readonly clock?: LocalClock;
  /** Trunks that some redirection names. */
  readonly redirectTrunks: ReadonlySet<string>;
  /** All rules that may match, in the order in which they are tried. */
  rulesFor(situation: Situation): readonly RulesInOrder[];
}

export interface RulesInOrder {
  readonly source: RuleSource;
  readonly rules: readonly CompiledRule[];
}

/** Adds the look-up tables to what a policy file says. */
export function indexed(data: PolicyData): Policy {
  const { emergency, timezone, routes, trunks, rules, defaults } = data;
  const ofTrunk = new Map([...trunks].map(([name, trunk]) => [name, new RuleList(trunk.rules)]));
  const ofRoute = new Map(routes.map((route) => [route, new RuleList(route.rules)]));
  const general = new PerTrunk(rules);
  const builtIn = new PerTrunk(defaults);
  const everyRule = [...trunks.values(), ...routes, data].flatMap((part) => part.rules);
  return {
    ...data,
    index: {
      emergency: new Set(emergency),
      routes: new RouteIndex(routes),
      redirectTrunks: new Set(everyRule.flatMap(redirectTrunksOf)),
      ...(timezone !== undefined && { clock: localClock(timezone) }),
      rulesFor(situation) {
        const trunk = failedTrunk(situation) ?? '';
        const lists: [RuleSource, RuleList | undefined][] = [
          ['trunk', ofTrunk.get(trunk)],
          ['route', situation.route && ofRoute.get(situation.route)],
          ['general', general.for(trunk)],
          ['built-in', builtIn.for(trunk)],
        ];
        return lists.flatMap(([source, list]) => {
          const candidates = list?.candidates(situation) ?? [];
          return candidates.length === 0 ? [] : [{ source, rules: candidates }];
        });
      },
    },
  };
}

function redirectTrunksOf(rule: Rule): readonly string[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])].flatMap(({ treatment }) =>
    treatment.kind === 'redirect' ? (treatment.trunks ?? []) : [],
  );
}

/** Rules of one list, by the class and the status of the failure. */
class RuleList {
  readonly all: readonly CompiledRule[];
  /** Filled as failures come in: there are no more than 24 classes with 401 statuses. */
  private readonly byFailure = new Map<string, readonly CompiledRule[]>();

  constructor(rules: readonly Rule[]) {
    this.all = rules.map(compileRule);
  }

  candidates({ failure, unknown }: Situation): readonly CompiledRule[] {
    const sip = failure.sip ?? 0;
    const isKey = Number.isInteger(sip) && sip >= 0 && sip <= 699;
    if (this.all.length < 2 || unknown.size > 0 || !isKey) return this.all;
    const key = failure.class + sip;
    const known = this.byFailure.get(key);
    if (known) return known;
    const candidates = this.all.filter(({ rule }) => mayMatch(rule, failure.class, sip));
    if (FAILURE_CLASSES.includes(failure.class)) this.byFailure.set(key, candidates);
    return candidates;
  }
}

function mayMatch({ when }: Rule, failureClass: FailureClass, sip: number): boolean {
  if (when.class && !when.class.includes(failureClass)) return false;
  return !when.sip || when.sip.some(({ from, to }) => sip >= from && sip <= to);
}

/** Rules that may ask for a trunk: of a hundred rules for fifty trunks, two concern one trunk. */
class PerTrunk {
  private readonly everyTrunk: RuleList;
  private readonly named = new Map<string, RuleList>();

  constructor(rules: readonly Rule[]) {
    this.everyTrunk = new RuleList(rules.filter(({ when }) => !when.trunk));
    for (const trunk of new Set(rules.flatMap(({ when }) => when.trunk ?? []))) {
      const own = rules.filter(({ when }) => !when.trunk || when.trunk.includes(trunk));
      this.named.set(trunk, new RuleList(own));
    }
  }

  for(trunk: string): RuleList {
    return this.named.get(trunk) ?? this.everyTrunk;
  }
}
