import { routeModesOf } from './mode';
import type {
  PolicyData,
  Position,
  Route,
  RouteModes,
  Rule,
  Treatment,
  Trunk,
} from './policy-data';
import type { Policy, WholePolicy } from './policy';
import { countriesBy, planOf } from './routes/number-plan';
import { RouteIndex, type RoutingAround } from './routes/route-index';
import { compileRule } from './rules/match';
import { PerTrunk, RuleList } from './rules/rule-lists';
import { localClock } from './rules/time';
import { failedTrunk } from './situation';

/** What there is of a policy beside its lists. */
export type PolicyHead = Omit<PolicyData, 'trunks' | 'routes' | 'tables' | 'rules' | 'defaults'>;

/** What a policy's rules have in common, the built-in ones left out, and its routes. */
export interface InCommon {
  /** Trunks that some redirection names. */
  readonly redirectTrunks: readonly string[];
  /** Names of the headers that some rule asks for. */
  readonly headers: readonly string[];
  /** Whether some rule makes a second offer. */
  readonly reoffers: boolean;
  /** Whether some rule asks for the country of a number. */
  readonly countries: boolean;
  readonly routeModes: RouteModes;
}

/** Adds the look-up tables to what a policy file says. */
export function indexed(data: PolicyData): WholePolicy {
  const { trunks, routes, tables, rules, defaults, ...head } = data;
  const assembly = new PolicyAssembly();
  assembly.addTrunks([...trunks.values()]);
  assembly.addRules(rules);
  assembly.addDefaults(defaults);
  const over = (around: RoutingAround) =>
    RouteIndex.over(routes, head.match, { ...around, tables });
  return { ...assembly.policy(head, inCommon(data), over), routes, ...(tables && { tables }) };
}

/**
 * A policy that comes in pieces, so that whoever puts it together can do something else in between. What a
 * piece costs depends on its own size alone, and what is left for the end on the emergency numbers.
 */
export class PolicyAssembly {
  private readonly trunks = new Map<string, Trunk>();
  private readonly rules: Rule[] = [];
  private readonly defaults: Rule[] = [];
  private readonly ofTrunk = new Map<string, RuleList>();
  private readonly general = new PerTrunk('general');
  private readonly builtIn = new PerTrunk('built-in');
  private readonly byPosition = new Map<string, Rule>();

  addTrunks(trunks: readonly Trunk[]): void {
    for (const trunk of trunks) {
      this.trunks.set(trunk.name, trunk);
      this.ofTrunk.set(trunk.name, new RuleList('trunk', trunk.rules.map(compileRule)));
      this.note(trunk.rules);
    }
  }

  /** General rules, in file order. */
  addRules(rules: readonly Rule[]): void {
    this.general.add(rules);
    this.note(rules);
    for (const rule of rules) this.rules.push(rule);
  }

  /** Built-in rules, in file order. */
  addDefaults(rules: readonly Rule[]): void {
    this.builtIn.add(rules);
    this.note(rules);
    for (const rule of rules) this.defaults.push(rule);
  }

  /** The policy of all pieces so far; after it none may be added. */
  policy(
    head: PolicyHead,
    common: InCommon,
    routes: (around: RoutingAround) => RouteIndex,
  ): Policy {
    const { trunks, rules, defaults, ofTrunk, general, builtIn, byPosition } = this;
    const { timezone, numbering } = head;
    const plan = numbering && planOf(numbering);
    const emergency = new Set(head.emergency);
    const clock = timezone === undefined ? undefined : localClock(timezone);
    const ofRoute = new RouteRules();
    return {
      ...head,
      trunks,
      rules,
      defaults,
      index: {
        emergency,
        routes: routes({ emergency, clock }),
        redirectTrunks: new Set(common.redirectTrunks),
        headers: new Set(common.headers),
        reoffers: common.reoffers,
        routeModes: common.routeModes,
        ...(clock && { clock }),
        ...(plan && { plan }),
        ...(plan && common.countries && { countryOf: countriesBy(plan) }),
        ruleAt: (at, route) =>
          byPosition.get(positionKey(at)) ??
          route?.rules.find((rule) => positionKey(rule.at) === positionKey(at)),
        rulesFor(situation) {
          const trunk = failedTrunk(situation) ?? '';
          return [
            ofTrunk.get(trunk),
            situation.route && ofRoute.of(situation.route),
            general.for(trunk),
            builtIn.for(trunk),
          ].flatMap((list) =>
            list && list.all.rules.length > 0 ? [list.candidates(situation)] : [],
          );
        },
      },
    };
  }

  private note(rules: readonly Rule[]): void {
    for (const rule of rules) this.byPosition.set(positionKey(rule.at), rule);
  }
}

/** What the rules of a policy file have in common, and its routes. */
export function inCommon(data: PolicyData): InCommon {
  const tables = (data.tables ?? []).map(({ shared }) => shared);
  const rules = [...data.trunks.values(), ...data.routes, ...tables, data].flatMap(
    (part) => part.rules,
  );
  const treatments = rules.flatMap(treatmentsOf);
  return {
    redirectTrunks: [...new Set(treatments.flatMap(redirectTrunksOf))],
    headers: [...new Set(rules.flatMap(({ when }) => when.header?.name ?? []))],
    reoffers: treatments.some((treatment) => 'reoffer' in treatment),
    countries: rules.some(
      ({ when }) => when.callerCountry !== undefined || when.calleeCountry !== undefined,
    ),
    routeModes: routeModesOf(data),
  };
}

/** The rules of routes, unfolded when a call takes the route. */
class RouteRules {
  private readonly lists = new WeakMap<Route, RuleList>();

  of(route: Route): RuleList {
    const made = this.lists.get(route);
    if (made) return made;
    const list = new RuleList('route', route.rules.map(compileRule));
    this.lists.set(route, list);
    return list;
  }
}

function positionKey({ file, line, column }: Position): string {
  return `${line}:${column}:${file}`;
}

function redirectTrunksOf(treatment: Treatment): readonly string[] {
  return treatment.kind === 'redirect' ? (treatment.trunks ?? []) : [];
}

function treatmentsOf(rule: Rule): readonly Treatment[] {
  return [rule.do, ...(rule.else ? [rule.else] : [])].map(({ treatment }) => treatment);
}
