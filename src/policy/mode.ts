import type { Policy } from './policy';
import type { PolicyData, PolicyMode, Position, Route, RouteModes } from './policy-data';
import { isDialable } from './routes/digits';
import { routeName, type RoutedCall } from './routes/route-index';
import { waysOf } from './routes/tables';

/** A call's mode, and what says so. */
export interface ModeOfCall {
  readonly mode: PolicyMode;
  /** `route "3*"`, `trunk carrier-a`, `the policy`. */
  readonly of: string;
  /** Of that route or trunk. */
  readonly at?: Position;
}

/**
 * Whether a call that begins now is decided: its route says so, else the trunk with which it begins, else the policy.
 * @param begunOn the trunk that the user's own dialplan has dialled; otherwise the route's first trunk in the file,
 * whatever its health and the route's strategy: a trunk that is held does not change the mode
 */
export function modeOfCall(
  policy: Pick<Policy, 'mode' | 'trunks' | 'index'>,
  call: RoutedCall,
  begunOn?: string,
): ModeOfCall {
  const route = isDialable(call.number) ? policy.index.routes.find(call) : undefined;
  if (route?.mode) return { mode: route.mode, of: `route "${routeName(route)}"`, at: route.at };
  const trunk = policy.trunks.get(begunOn ?? route?.trunks[0] ?? '');
  if (trunk?.mode) return { mode: trunk.mode, of: `trunk ${trunk.name}`, at: trunk.at };
  return { mode: policy.mode, of: 'the policy' };
}

/** The mode of calls that begin with a trunk, as far as their route does not say otherwise. */
export function modeOfTrunk(
  { mode, trunks }: Pick<Policy, 'mode' | 'trunks'>,
  name: string,
): PolicyMode {
  return trunks.get(name)?.mode ?? mode;
}

/** Whether no call can be decided: then the PBX is only read. */
export function onlyObserves({
  mode,
  trunks,
  index,
}: Pick<Policy, 'mode' | 'trunks' | 'index'>): boolean {
  if (mode === 'decide' || index.routeModes.decide > 0) return false;
  // The user's own dialplan may dial a trunk for a number without a route.
  return [...trunks.values()].every((trunk) => trunk.mode !== 'decide');
}

/** The mode of calls that a route begins. */
export function modeOfRoute(
  { mode, trunks }: Pick<PolicyData, 'mode' | 'trunks'>,
  route: Pick<Route, 'mode' | 'trunks'>,
): PolicyMode {
  return route.mode ?? modeOfTrunk({ mode, trunks }, route.trunks[0] ?? '');
}

/** How many routes are decided, and how many only observed. */
export function routeModesOf(
  data: Pick<PolicyData, 'mode' | 'trunks' | 'routes' | 'tables'>,
): RouteModes {
  // Of a table each list of trunks counts as a route: how its calls begin depends on the first of them.
  const ways = (data.tables ?? []).flatMap(waysOf).map((trunks) => ({ trunks }));
  const all = [...data.routes, ...ways];
  const observe = all.filter((route) => modeOfRoute(data, route) === 'observe').length;
  return { observe, decide: all.length - observe };
}

/** What is only observed, for people; undefined where every call is decided. */
export function observedPart(
  policy: Pick<Policy, 'mode' | 'trunks' | 'index'>,
): string | undefined {
  if (onlyObserves(policy)) return 'mode: observe: no call is decided';
  const { observe, decide } = policy.index.routeModes;
  if (observe === 0) return undefined;
  return `mode: observe on ${observe} of ${observe + decide} routes: their calls are not decided`;
}

/** `mode: observe of trunk carrier-a (policy.yaml:5)` */
export function modeText({ mode, of, at }: ModeOfCall): string {
  return `mode: ${mode} of ${of}${at ? ` (${at.file}:${at.line})` : ''}`;
}
