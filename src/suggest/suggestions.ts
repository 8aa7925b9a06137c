import type { Habits, Refusal, Silence } from '../journal/read/habits';
import type { Position } from '../policy/policy-data';
import type { WholePolicy } from '../policy/policy';

/** What the record suggests for the policy file, and what it is based on. Nothing of it is ever applied by itself. */
export type Suggestion =
  /** Calls died of a failure that another trunk mostly took. */
  | { readonly kind: 'retry'; readonly refusal: Refusal; readonly rule: SuggestedRule }
  /** Callers waited for a trunk longer than it ever takes. */
  | { readonly kind: 'first-response'; readonly silence: Silence; readonly ms: number }
  /** No call was ever tried there. */
  | { readonly kind: 'trunk-unused'; readonly trunk: string; readonly at: Position }
  /** No decision was made by it under the policy in force. */
  | { readonly kind: 'rule-unused'; readonly at: Position };

/** A rule of a trunk, as it goes into the file. */
export interface SuggestedRule {
  readonly trunk: string;
  readonly when: { readonly sip: number } | { readonly class: string };
  readonly do: { readonly retry: 'next-trunk' };
}

/** Fewer calls are chance. */
const FEWEST_RETRIED = 20;
const FEWEST_ENDED = 3;
/** Of the retried calls, so many must have been answered by the next trunk. */
const SHARE_SAVED = 0.5;
/** A rule that decided nothing says little where few decisions were made. */
const FEWEST_DECISIONS = 100;
const SHORTEST_RESPONSE_MS = 1_000;
/** Callee and caller have decided: another trunk would ring them twice, or cannot change it. */
const NOT_OF_THE_TRUNK: ReadonlySet<string> = new Set(['caller', 'request']);
const OF_THE_CALLEE: ReadonlySet<string> = new Set(['busy', 'no-answer', 'unavailable', 'cancelled']);

/** In the order of what they would have saved. */
export function suggestions(habits: Habits, policy: WholePolicy): readonly Suggestion[] {
  return [
    ...habits.refusals.flatMap((refusal) => retryOf(refusal, policy)),
    ...habits.silences.flatMap((silence) => responseOf(silence, policy)),
    ...unusedTrunks(habits, policy),
    ...unusedRules(habits, policy),
  ];
}

function retryOf(refusal: Refusal, policy: WholePolicy): readonly Suggestion[] {
  const { trunk, class: name, fault, sip, ended, retried, saved } = refusal;
  if (!policy.trunks.has(trunk) || NOT_OF_THE_TRUNK.has(fault) || OF_THE_CALLEE.has(name)) return [];
  if (ended < FEWEST_ENDED || retried < FEWEST_RETRIED || saved < retried * SHARE_SAVED) return [];
  const when = sip === undefined ? { class: name } : { sip };
  return [{ kind: 'retry', refusal, rule: { trunk, when, do: { retry: 'next-trunk' } } }];
}

function responseOf(silence: Silence, policy: WholePolicy): readonly Suggestion[] {
  const { trunk, usualMs } = silence;
  const now = policy.trunks.get(trunk)?.firstResponse;
  if (now === undefined || usualMs === undefined) return [];
  const ms = Math.max(SHORTEST_RESPONSE_MS, Math.ceil((2 * usualMs) / 500) * 500);
  return ms <= now / 2 ? [{ kind: 'first-response', silence, ms }] : [];
}

function unusedTrunks({ trunks }: Habits, policy: WholePolicy): readonly Suggestion[] {
  const used = new Set(trunks.map(({ trunk }) => trunk));
  if (used.size === 0) return [];
  return [...policy.trunks.values()]
    .filter(({ name }) => !used.has(name))
    .map(({ name, at }) => ({ kind: 'trunk-unused', trunk: name, at }));
}

function unusedRules({ rules }: Habits, policy: WholePolicy): readonly Suggestion[] {
  const made = rules.filter((one) => one.policy === policy.hash);
  if (made.reduce((sum, { count }) => sum + count, 0) < FEWEST_DECISIONS) return [];
  const used = new Set(made.map(({ file, line }) => `${line} ${file}`));
  const written = [
    ...[...policy.trunks.values()].flatMap((trunk) => trunk.rules),
    ...policy.routes.flatMap((route) => route.rules),
    ...policy.rules,
  ];
  return written
    .filter(({ at }) => !used.has(`${at.line} ${at.file}`))
    .map(({ at }) => ({ kind: 'rule-unused', at }));
}
