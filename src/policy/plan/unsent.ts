import type { PhraseBook } from '../../model/phrases';
import type { Fact, PartialFailure } from '../facts';
import { failureOf, phrasesOf } from '../failure-of';
import type { Policy } from '../policy';

const UNKNOWN: ReadonlySet<Fact> = new Set(['time', 'media', 'within', 'elapsed']);

/** Cached for all calls, by phrases and whether the trunk leads to phones: what else could it depend on. */
const MADE = new WeakMap<PhraseBook, Map<boolean, PartialFailure>>();

/** The failure of an attempt that could not be sent, as far as it can be known before. */
export function unsent(policy: Policy, trunk: string): PartialFailure {
  const phrases = phrasesOf(policy, trunk);
  const toPhones = policy.trunks.get(trunk)?.toPhones === true;
  const made = MADE.get(phrases) ?? new Map<boolean, PartialFailure>();
  MADE.set(phrases, made);
  const known = made.get(toPhones);
  if (known) return known;
  const nothing = { source: 'plan', rang: false, progress: false, origin: 'local' } as const;
  const failure = { ...failureOf([nothing], policy, trunk), unknown: UNKNOWN };
  made.set(toPhones, failure);
  return failure;
}
