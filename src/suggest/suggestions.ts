import type { Habits, Refusal, SaidPhrase, Silence, Spent } from '../journal/read/habits';
import type { FailureClass } from '../model/classes';
import { isStandardPhrase } from '../model/standard-phrase';
import { phrasesOf } from '../policy/failure-of';
import type { WholePolicy } from '../policy/policy';
import type { Position } from '../policy/policy-data';
import { withoutNumbers } from '../records/mask';
import { phraseLine } from '../records/phrase-line';

/** What the record suggests for the policy file, and what it is based on. Nothing of it is ever applied by itself. */
export type Suggestion =
  /** Calls ended with a failure that another trunk mostly took. */
  | { readonly kind: 'retry'; readonly refusal: Refusal; readonly rule: SuggestedRule }
  /** Calls went on to the next trunk, and it hardly ever helped. */
  | { readonly kind: 'stop'; readonly refusal: Refusal; readonly rule: SuggestedRule }
  /** Calls ended because a limit was reached. */
  | { readonly kind: 'limit'; readonly spent: Spent; readonly change: LimitChange }
  /** Callers waited for a trunk longer than it ever takes. */
  | { readonly kind: 'timeout'; readonly silence: Silence; readonly change: TimeoutChange }
  /** A phrase that nothing classifies; it may mean more than its status. */
  | {
      readonly kind: 'phrase';
      readonly said: SaidPhrase;
      readonly at?: Position;
      readonly line: string;
    }
  /** No call was ever tried there. */
  | { readonly kind: 'trunk-unused'; readonly trunk: string; readonly at: Position }
  /** No decision was made by it under this policy. */
  | { readonly kind: 'rule-unused'; readonly at: Position };

/** A rule of a trunk, as it goes into the file. */
export interface SuggestedRule {
  readonly trunk: string;
  readonly at: Position;
  readonly when: { readonly class: string; readonly sip?: number };
  readonly do:
    { readonly retry: 'next-trunk' } | { readonly relay: true } | { readonly voicemail: true };
}

export interface LimitChange {
  readonly limit: 'start_within' | 'attempts';
  /** As it goes into the file: `25s`, `4`. */
  readonly value: string;
}

export interface TimeoutChange {
  readonly trunk: string;
  readonly at: Position;
  readonly key: 'first_response' | 'progress_timeout';
  readonly nowMs: number;
  readonly ms: number;
}

/** Fewer calls are chance. */
const FEWEST_ELSEWHERE = 10;
const FEWEST_ENDED = 3;
const FEWEST_IN_VAIN = 50;
const FEWEST_SPENT = 10;
const FEWEST_SILENCES = 3;
const FEWEST_TIMED = 100;
const FEWEST_SAID = 3;
/** A rule that decided nothing says little where few decisions were made. */
const FEWEST_DECISIONS = 100;
/** Of the calls that went elsewhere, so many must have been answered there. */
const SHARE_SAVED = 0.5;
/** So few do not pay for what the others wait. */
const SHARE_IN_VAIN = 0.02;
/** A time-out is this many times what the trunk usually takes, and not less than the floor. */
const MARGIN = 2;
const FLOOR_MS = { response: 1_000, progress: 5_000 } as const;
const MOST_PHRASES = 20;
/** What the policy file takes. */
const MOST_ATTEMPTS = 20;
const LATEST_START_MS = 60_000;

/** Another trunk leads to the same callee, who is busy or away. */
const OF_THE_CALLEE: ReadonlySet<string> = new Set(['busy', 'no-answer', 'unavailable']);
/** Nothing to decide: nobody waits any more, or no other trunk could change it. */
const NEVER: ReadonlySet<string> = new Set(['cancelled', 'glare', 'dialog-lost']);

/** @param policy as it stands in the file: what it has already is not suggested again where that can be seen */
export function suggestions(habits: Habits, policy: WholePolicy): readonly Suggestion[] {
  return [
    ...habits.refusals.flatMap((refusal) => retryOf(refusal, policy)).toSorted(byEnded),
    ...habits.refusals.flatMap((refusal) => stopOf(refusal, policy)),
    ...habits.spent.flatMap((spent) => limitOf(spent, policy)),
    ...habits.silences.flatMap((silence) => timeoutOf(silence, policy)),
    ...phrasesIn(habits, policy),
    ...unusedTrunks(habits, policy),
    ...unusedRules(habits, policy),
  ];
}

function byEnded(one: { readonly refusal: Refusal }, other: { readonly refusal: Refusal }): number {
  return other.refusal.ended - one.refusal.ended;
}

function retryOf(refusal: Refusal, policy: WholePolicy) {
  const trunk = policy.trunks.get(refusal.trunk);
  const { class: name, ended, retried, saved, redialled, redialSaved } = refusal;
  if (!trunk || NEVER.has(name) || OF_THE_CALLEE.has(name)) return [];
  const [elsewhere, answered] = [retried + redialled, saved + redialSaved];
  if (ended < FEWEST_ENDED || elsewhere < FEWEST_ELSEWHERE) return [];
  if (answered < elsewhere * SHARE_SAVED) return [];
  return [
    {
      kind: 'retry',
      refusal,
      rule: { ...ruleOf(refusal, trunk), do: { retry: 'next-trunk' } },
    } as const,
  ];
}

function stopOf(refusal: Refusal, policy: WholePolicy) {
  const trunk = policy.trunks.get(refusal.trunk);
  const { class: name, fault, retried, saved } = refusal;
  // What the trunk is to blame for may be over tomorrow, and then the next trunk is needed.
  if (!trunk || NEVER.has(name) || fault === 'trunk' || fault === 'unknown') return [];
  if (retried < FEWEST_IN_VAIN || saved > retried * SHARE_IN_VAIN) return [];
  const end = OF_THE_CALLEE.has(name) ? ({ voicemail: true } as const) : ({ relay: true } as const);
  return [{ kind: 'stop', refusal, rule: { ...ruleOf(refusal, trunk), do: end } } as const];
}

function ruleOf(
  { trunk, class: name, sip }: Refusal,
  { at }: { readonly at: Position },
): Omit<SuggestedRule, 'do'> {
  return { trunk, at, when: { class: name, ...(sip !== undefined && { sip }) } };
}

function limitOf(spent: Spent, { limits }: WholePolicy): readonly Suggestion[] {
  if (spent.calls < FEWEST_SPENT) return [];
  if (spent.limit === 'attempts-spent') {
    if (limits.attempts >= MOST_ATTEMPTS) return [];
    const change = { limit: 'attempts', value: String(limits.attempts + 1) } as const;
    return [{ kind: 'limit', spent, change }];
  }
  const ms = Math.ceil((spent.ageMs + 1) / 5_000) * 5_000;
  if (ms <= limits.startWithin || ms > LATEST_START_MS) return [];
  return [{ kind: 'limit', spent, change: { limit: 'start_within', value: `${ms / 1_000}s` } }];
}

function timeoutOf(silence: Silence, policy: WholePolicy): readonly Suggestion[] {
  const { of, usualMs, count, timed } = silence;
  const trunk = policy.trunks.get(silence.trunk);
  if (!trunk || usualMs === undefined || count < FEWEST_SILENCES || timed < FEWEST_TIMED) return [];
  const nowMs =
    of === 'response' ? trunk.firstResponse : (trunk.progressTimeout ?? trunk.ringTimeout);
  const ms = Math.max(FLOOR_MS[of], Math.ceil((MARGIN * usualMs) / 500) * 500);
  if (ms > nowMs / 2) return [];
  const key = of === 'response' ? 'first_response' : 'progress_timeout';
  const change: TimeoutChange = { trunk: trunk.name, at: trunk.at, key, nowMs, ms };
  return [{ kind: 'timeout', silence, change }];
}

function phrasesIn({ phrases }: Habits, policy: WholePolicy): readonly Suggestion[] {
  const lines = new Map<string, Extract<Suggestion, { kind: 'phrase' }>>();
  for (const said of phrases) {
    const { trunk, sip, phrase, class: name, count } = said;
    const known = phrasesOf(policy, trunk).find(sip, phrase) !== undefined;
    if (known || isStandardPhrase(sip, phrase)) continue;
    const line = phraseLine(sip, phrase, name as FailureClass);
    if (line === undefined) continue;
    // Numbers in a phrase divide it; its line does not have them.
    const before = lines.get(`${trunk} ${line}`)?.said.count ?? 0;
    const told = { ...said, phrase: withoutNumbers(phrase, '…'), count: count + before };
    lines.set(`${trunk} ${line}`, { kind: 'phrase', said: told, line });
  }
  return [...lines.values()]
    .filter(({ said }) => said.count >= FEWEST_SAID)
    .toSorted((one, other) => other.said.count - one.said.count)
    .slice(0, MOST_PHRASES);
}

function unusedTrunks({ trunks }: Habits, policy: WholePolicy): readonly Suggestion[] {
  const attempts = trunks.reduce((sum, one) => sum + one.attempts, 0);
  if (attempts < FEWEST_DECISIONS) return [];
  const used = new Set(trunks.map(({ trunk }) => trunk));
  return [...policy.trunks.values()]
    .filter(({ name }) => !used.has(name))
    .map(({ name, at }) => ({ kind: 'trunk-unused', trunk: name, at }));
}

function unusedRules({ rules }: Habits, policy: WholePolicy): readonly Suggestion[] {
  const made = rules.filter((one) => one.policy === policy.hash);
  if (made.reduce((sum, { count }) => sum + count, 0) < FEWEST_DECISIONS) return [];
  const used = new Set(made.map(({ line }) => line));
  const written = [
    ...[...policy.trunks.values()].flatMap((trunk) => trunk.rules),
    ...policy.routes.flatMap((route) => route.rules),
    ...policy.rules,
  ];
  return written
    .filter(({ at }) => !used.has(at.line))
    .map(({ at }) => ({ kind: 'rule-unused', at }));
}
