import type { FailureClass } from '../../model/classes';
import type { Rule } from '../policy-data';
import type { Situation } from '../situation';
import { ByNumber } from './by-number';
import type { Condition } from './condition';
import { compileRule, type CompiledRule, type RulesInOrder, type RuleSource } from './match';

/** Keys of `when` that ask for the failure, and for nothing of the call. */
const OF_FAILURE: ReadonlySet<keyof Condition> = new Set([
  'class',
  'fault',
  'sip',
  'phrase',
  'q850',
  'location',
  'rang',
  'progress',
  'earlyMedia',
  'local',
  'within',
]);

/** Rules of one list, by what is known of the failure and by the numbers of the call. */
export class RuleList {
  readonly all: RulesInOrder;
  /** Filled as failures come in: there are no more than 24 classes with 401 statuses. */
  private readonly byClass = new Map<FailureClass, Map<number, ByNumber>>();
  /** Of failures that plans foresee: they are the same objects for every call. `seen`: once, perhaps never again. */
  private readonly foreseen = new WeakMap<Situation['failure'], ByNumber | 'seen'>();

  constructor(source: RuleSource, rules: readonly CompiledRule[]) {
    this.all = { source, rules };
  }

  candidates(situation: Situation): RulesInOrder {
    const { source, rules } = this.all;
    if (rules.length < 2) return this.all;
    const may =
      situation.unknown.size === 0 ? this.ofFailure(situation) : this.ofForeseen(situation);
    if (!may) return this.all;
    const { hunt, unknown } = situation;
    const anyNumber = unknown.has('digits') || unknown.has('from');
    return { source, rules: anyNumber ? may.rules : may.for(hunt) };
  }

  private ofFailure({ failure }: Situation): ByNumber | undefined {
    const sip = failure.sip ?? 0;
    if (!isStatus(sip)) return undefined;
    const known = this.byClass.get(failure.class)?.get(sip);
    if (known) return known;
    const may = this.all.rules.filter(({ rule }) => mayMatch(rule, failure.class, sip));
    const candidates = new ByNumber(may);
    const bySip = this.byClass.get(failure.class) ?? new Map<number, ByNumber>();
    this.byClass.set(failure.class, bySip.set(sip, candidates));
    return candidates;
  }

  private ofForeseen(situation: Situation): ByNumber | undefined {
    const { failure } = situation;
    const known = this.foreseen.get(failure);
    if (known === undefined) this.foreseen.set(failure, 'seen');
    if (known !== 'seen') return known;
    const may = this.all.rules.filter((compiled) => mayFollow(compiled, situation));
    const candidates = new ByNumber(may);
    this.foreseen.set(failure, candidates);
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

/** Whether nothing that the failure alone tells keeps a rule from matching. */
function mayFollow({ tests }: CompiledRule, situation: Situation): boolean {
  return tests.every(
    (test) =>
      !OF_FAILURE.has(test.key) ||
      (test.fact !== undefined && situation.unknown.has(test.fact)) ||
      test.meets(situation),
  );
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
