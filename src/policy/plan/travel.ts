import type { PlannedStatus } from '../../model/planned';
import type { Decision, Dial } from '../decision/decision';
import { FACTS_OF_CALL, type Fact } from '../facts';
import type { Hunt } from '../hunt';
import type { Policy } from '../policy';
import type { Route } from '../policy-data';
import { LONGEST_NUMBER } from '../../model/dialled';
import { patternOf, type Pattern } from '../routes/digits';
import type { NumberForm, Numbers } from '../routes/number-forms';
import { route as firstAttempt } from '../routes/route';
import { RouteIndex } from '../routes/route-index';
import type { PlannableTrunks } from '../trunk-port';
import { callersOf, type Callers, type CallersAlike } from './callers';
import { exampleAmong, legsOfNumbers, type Example, type LegsOfNumbers } from './legs-of-numbers';
import { makePlan, type Plan } from './plan';
import { unattended, type Unattended } from './unattended';
import { NOT_NOW, whyAsksNow, type TravellingRoutes } from './why-asks';

/** Numbers, and how each call for one of them begins. */
export interface TravelEntry extends Numbers {
  /** Only calls of these callers; absent: of all. */
  readonly callers?: Callers;
  /** Absent: the PBX asks. */
  readonly first?: FirstStep;
}

/** How a call begins, for every call of a route. */
export interface FirstStep {
  readonly trunk: string;
  /** The caller to present there instead of the call's own; absent: that one. */
  readonly callerId?: string;
  /** A call of the route; all others go the same way. */
  readonly example: Pick<Hunt, 'number' | 'startedAt'>;
  /** What follows the attempt's failure; absent: the PBX asks. */
  readonly plan?: Plan;
  /** What a decision has as mailbox, with `{number}` for the number; absent if none has one. */
  readonly mailbox?: string;
  /** Of the trunks that get another number than the one that was dialled; what decisions have is the example's. */
  readonly forms: ReadonlyMap<string, NumberForm>;
  /** A longer number asks; absent: none is too long. Characters. */
  readonly longest?: number;
  /** What follows failures while nobody can be asked; absent for routes behind the first few. */
  readonly unattended?: Unattended;
}

/**
 * What the policy says of calls before there are any, for a PBX that does not ask: the first entry that has the number and
 * the caller counts, and where none does, the PBX asks. It holds for calls without a mailbox of the user's dialplan
 * and without a diverting number, under the plan generation under which it was made.
 */
export interface Travel {
  readonly entries: readonly TravelEntry[];
  /** When a hold ends that keeps calls from a trunk; absent: nothing changes by time alone. Unix time in milliseconds. */
  readonly changesAt?: number;
}

export interface TravelQuestion {
  readonly policy: Policy;
  readonly store: PlannableTrunks;
  /** As in `PlanQuestion`. */
  readonly reasonsKnown: boolean;
  readonly locallyGenerated?: readonly PlannedStatus[];
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}

/** Looked at again whenever a trunk's state changes, in the thread that decides; calls beyond ask. */
const MOST_ENTRIES = 128;
/** Of these, each needs a plan of its own: 0.1 ms. */
const MOST_ROUTES = 32;
/** Of these, the first ones have what follows while nobody can be asked, too: 0.5 ms each. */
const MOST_UNATTENDED = 4;

const UNKNOWN: ReadonlySet<Fact> = new Set(FACTS_OF_CALL.filter((fact) => fact !== 'mailbox'));

/**
 * What every call of a route has in common is decided; the rest asks: its time, limits and chance, and what a rule asks of
 * its caller.
 * @param counted told how many routes begin, how many ask, and why; and the routes that were looked at
 */
export function travelOf(
  question: TravelQuestion,
  counted: (routes: TravellingRoutes, looked: ReadonlySet<Route>) => void = () => undefined,
): Travel {
  const { policy } = question;
  const entries: TravelEntry[] = [...policy.index.emergency].map((number) => ({
    // In the notation in which a star is the star key.
    pattern: patternOf(`_${number}`),
  }));
  if (entries.length >= MOST_ENTRIES) return { entries: [] };
  const ofRoute = new Map<Route, StepsOfRoute[]>();
  let routes = 0;
  let more = false;
  for (const { pattern, route } of policy.index.routes.inOrder()) {
    more = entries.length >= MOST_ENTRIES;
    if (more) break;
    const legs = legsOfNumbers(policy, route, pattern);
    const example = exampleAmong(legs);
    const known = ofRoute.get(route) ?? [];
    let steps = known.find((one) => one.stands(example));
    if (!steps) {
      const callers = callersOf(route.trunks.flatMap((name) => policy.trunks.get(name) ?? []));
      const all = callers?.alike.length === 0 ? [undefined] : (callers?.alike ?? []);
      more = routes + Math.max(all.length, 1) > MOST_ROUTES;
      if (more) break;
      const firsts = all.map((those, at): FirstOf => {
        const isAmongFirst = routes + at < MOST_UNATTENDED;
        const hunt = example && huntFrom(those, example.number, question.now);
        const first = hunt && firstStep(question, hunt, { route, isAmongFirst });
        return { ...(those && { callers: those }), ...(first && { first }) };
      });
      steps = new StepsOfRoute(example, firsts, callers?.isPart === true);
      ofRoute.set(route, [...known, steps]);
      routes += Math.max(all.length, 1);
    }
    entries.push(...steps.entriesOf(pattern, legs));
    if (pattern.open && pattern.places.length === 0) break;
  }
  entries.splice(MOST_ENTRIES);
  counted({ ...countsOf(question, ofRoute), more }, new Set(ofRoute.keys()));
  // What asks at the end asks without an entry too.
  while (entries.length > 0 && !entries.at(-1)?.first) entries.pop();
  const ends = [...ofRoute.keys()].flatMap(({ trunks }) => endsOfHolds(question, trunks));
  return { entries, ...(ends.length > 0 && { changesAt: Math.min(...ends) }) };
}

function countsOf(
  { policy, store, now }: TravelQuestion,
  ofRoute: ReadonlyMap<Route, readonly StepsOfRoute[]>,
): Omit<TravellingRoutes, 'more'> {
  let begin = 0;
  const ask: Record<string, number> = {};
  for (const [route, steps] of ofRoute) {
    if (steps.some((one) => one.begins)) begin += 1;
    else {
      const why = whyAsksNow(policy, route, { store, now }) ?? NOT_NOW;
      ask[why] = (ask[why] ?? 0) + 1;
    }
  }
  return { begin, ask };
}

/** How the calls of some callers begin, whatever becomes of their numbers. */
interface FirstOf {
  readonly callers?: Callers;
  readonly first?: Omit<FirstStep, 'forms' | 'longest'>;
}

/**
 * The calls of a route differ in what becomes of their numbers, in whether these may have mailboxes, and in which trunks
 * present their callers; in nothing else.
 */
class StepsOfRoute {
  private readonly made = new Map<string, FirstStep>();

  constructor(
    private readonly example: Example | undefined,
    private readonly firsts: readonly FirstOf[],
    /** Callers are left of whom nothing is known. */
    private readonly isPart: boolean,
  ) {}

  get begins(): boolean {
    return this.firsts.some(({ first }) => first !== undefined);
  }

  stands(other: Example | undefined): boolean {
    return this.example?.withoutMailbox === other?.withoutMailbox;
  }

  entriesOf(pattern: Pattern, legs: readonly LegsOfNumbers[]): readonly TravelEntry[] {
    // Where none begins without asking, it does not matter what becomes of its numbers.
    if (this.firsts.every(({ first }) => !first)) return [{ pattern }];
    return legs.flatMap(({ forms, longest, ...numbers }): readonly TravelEntry[] => {
      if (!forms) return [numbers];
      const entries = this.firsts.map(({ callers, first }, at): TravelEntry => {
        const those = { ...numbers, ...(callers && { callers }) };
        return first ? { ...those, first: this.stepOf(at, first, { forms, longest }) } : those;
      });
      return this.isPart ? [...entries, numbers] : entries;
    });
  }

  private stepOf(
    at: number,
    first: Omit<FirstStep, 'forms' | 'longest'>,
    { forms, longest }: Required<Pick<LegsOfNumbers, 'forms' | 'longest'>>,
  ): FirstStep {
    const name = JSON.stringify([at, longest, ...forms]);
    const isBound = longest < LONGEST_NUMBER;
    const own = this.made.get(name) ?? { ...first, forms, ...(isBound && { longest }) };
    this.made.set(name, own);
    return own;
  }
}

function huntFrom(callers: CallersAlike | undefined, number: string, startedAt: number): Hunt {
  const from = callers?.example;
  return {
    ...{ number, startedAt, attempts: [], mailboxMissing: false },
    ...(from !== undefined && { from }),
  };
}

function endsOfHolds({ policy, store, now }: TravelQuestion, trunks: readonly string[]): number[] {
  return trunks.flatMap((name) => {
    const trunk = policy.trunks.get(name);
    return (trunk && store.obstacle(trunk, now)?.until) ?? [];
  });
}

function firstStep(
  { policy, store, ...known }: TravelQuestion,
  hunt: Hunt,
  { route, isAmongFirst }: { readonly route: Route; readonly isAmongFirst: boolean },
): Omit<FirstStep, 'forms' | 'longest'> | undefined {
  if (whyAsksNow(policy, route, { store, now: known.now }) !== undefined) return undefined;
  const ofRoute = {
    ...policy,
    index: { ...policy.index, routes: RouteIndex.only(route), emergency: new Set<string>() },
  };
  const decision = firstAttempt(ofRoute, hunt, store, known.now);
  const { outcome } = decision;
  if (outcome.kind !== 'dial' || decision.refused.length > 0) return undefined;
  const { trunk, callerId } = outcome;
  const about = { ...known, policy: ofRoute, hunt, trunk, store, unknownOfCall: UNKNOWN };
  const plan = makePlan(about);
  const alone = isAmongFirst ? unattended(about) : undefined;
  const decisions = [
    ...[...(plan?.beforeProgress.values() ?? []), ...(plan?.afterProgress.values() ?? [])],
    ...(alone?.steps ?? []),
  ];
  const mailbox = decisions.some(hasMailbox) ? route.mailbox : undefined;
  return {
    trunk,
    ...(callerId !== undefined && { callerId }),
    example: { number: hunt.number, startedAt: hunt.startedAt },
    ...(plan && { plan }),
    ...(mailbox !== undefined && { mailbox }),
    ...(alone && { unattended: alone }),
  };
}

function hasMailbox({ decision: { outcome } }: { readonly decision: Decision }): boolean {
  return outcome.kind === 'voicemail' && outcome.mailbox !== undefined;
}

/** A call that the PBX has begun as it was told before, where the policy by now says something else. */
export function begunBefore(dial: Pick<Dial, 'trunk' | 'number'>): Decision {
  return dialledBefore(dial, 'the PBX had begun it by what it was told before', false);
}

/** A call that the PBX has led on as it was told before, where the policy by now says something else of the failure. */
export function wentOnBefore(dial: Pick<Dial, 'trunk' | 'number'>): Decision {
  return dialledBefore(dial, 'the PBX went on by what it was told before', true);
}

function dialledBefore(
  dial: Pick<Dial, 'trunk' | 'number'>,
  why: string,
  retry: boolean,
): Decision {
  const reserve = { trunk: dial.trunk, retry, begun: true } as const;
  return { why, outcome: { kind: 'dial', ...dial }, refused: [], reserve };
}
