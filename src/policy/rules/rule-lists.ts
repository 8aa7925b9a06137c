import type { FailureClass } from '../../model/classes';
import type { Rule } from '../policy-data';
import type { Situation } from '../situation';
import { compileRule, type CompiledRule, type RulesInOrder, type RuleSource } from './match';

/** Rules of one list, by the class and the status of the failure. */
export class RuleList {
  readonly all: RulesInOrder;
  /** Filled as failures come in: there are no more than 24 classes with 401 statuses. */
  private readonly byClass = new Map<FailureClass, Map<number, RulesInOrder>>();

  constructor(source: RuleSource, rules: readonly CompiledRule[]) {
    this.all = { source, rules };
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

/** 0 stands for none; anything odd must not fill the memory. */
function isStatus(sip: number): boolean {
  return Number.isInteger(sip) && sip >= 0 && sip <= 699;
}

function mayMatch({ when }: Rule, failureClass: FailureClass, sip: number): boolean {
  if (when.class && !when.class.includes(failureClass)) return false;
  return !when.sip || when.sip.some(({ from, to }) => sip >= from && sip <= to);
}

/** Rules that may ask for a trunk: of a hundred rules for fifty trunks, two concern one trunk. */
export class PerTrunk {
  private readonly rules: CompiledRule[] = [];
  private readonly named = new Set<string>();
  /** Filled as trunks fail; under `undefined` the list for every trunk that no rule names. */
  private readonly lists = new Map<string | undefined, RuleList>();

  constructor(private readonly source: RuleSource) {}

  /** Adds further rules; all of them before the first `for`. */
  add(rules: readonly Rule[]): void {
    for (const rule of rules) {
      this.rules.push(compileRule(rule));
      for (const trunk of rule.when.trunk ?? []) this.named.add(trunk);
    }
  }

  for(trunk: string): RuleList {
    const name = this.named.has(trunk) ? trunk : undefined;
    const made = this.lists.get(name);
    if (made) return made;
    const own = this.rules.filter(
      ({ rule: { when } }) => !when.trunk || (name !== undefined && when.trunk.includes(name)),
    );
    const list = new RuleList(this.source, own);
    this.lists.set(name, list);
    return list;
  }
}
