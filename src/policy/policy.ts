import type { CountryOf, NumberPlan } from './routes/number';
import type { RouteIndex } from './routes/route-index';
import type { RulesInOrder } from './rules/match';
import type { PolicyData, Position, Route, RouteModes, Rule } from './policy-data';
import type { Situation } from './situation';
import type { LocalClock } from './rules/time';

/**
 * One policy file, checked and compiled: all that `decide` needs to know. Of its routes there is the way to
 * find one, because a list of a hundred thousand would have to be made in the thread that decides.
 */
export interface Policy extends Omit<PolicyData, 'routes' | 'tables'> {
  /** Look-up tables over the rest. */
  readonly index: PolicyIndex;
  /** The PBX that this is the policy of; absent: it is the same for all. See `ofPbx`. */
  readonly pbx?: string;
  /** Trunks of the file that this PBX does not have. */
  readonly elsewhere?: ReadonlySet<string>;
}

/** A policy together with the list of its routes. */
export interface WholePolicy extends Policy, PolicyData {}

/** Look-up tables of one policy: a decision costs the same with many trunks and rules as with few. */
export interface PolicyIndex {
  readonly emergency: ReadonlySet<string>;
  readonly routes: RouteIndex;
  /** The wall clock of the policy's time zone; absent without one. */
  readonly clock?: LocalClock;
  /** How numbers are written at the PBX; absent if the file does not tell. */
  readonly plan?: NumberPlan;
  /** Absent if no rule asks for a country. */
  readonly countryOf?: CountryOf;
  /** Trunks that some redirection names. */
  readonly redirectTrunks: ReadonlySet<string>;
  /** Names of the headers that some rule asks for, in lower case. */
  readonly headers: ReadonlySet<string>;
  /** Whether some rule makes a second offer. */
  readonly reoffers: boolean;
  /** How many routes are decided, and how many only observed. */
  readonly routeModes: RouteModes;
  /** The rule that stands there, the shipped ones included; `route` is the call's own. */
  ruleAt(at: Position, route: Route | undefined): Rule | undefined;
  /** All rules that may match, in the order in which they are tried. */
  rulesFor(situation: Situation): readonly RulesInOrder[];
}
