import { CARRIER_PHRASES, type CarrierPhrase } from '../model/phrases';
import { wordsOf } from '../model/words';

const MOST_SHOWN = 3;

/**
 * The known phrases that share most words with this one; among equals those with the same status come
 * first. Rare words weigh more: "left" counts more than "no".
 */
export function closestPhrases(sip: number, phrase: string): readonly CarrierPhrase[] {
  const asked = setOf(phrase);
  return CARRIER_PHRASES.map((entry) => ({ entry, score: score(asked, sip, entry) }))
    .filter(({ score }) => score >= 0.2)
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST_SHOWN)
    .map(({ entry }) => entry);
}

function setOf(phrase: string): ReadonlySet<string> {
  return new Set(wordsOf(phrase).trim().split(' ').filter(Boolean));
}

const RARITY = new Map<string, number>();
for (const { phrase } of CARRIER_PHRASES) {
  for (const word of setOf(phrase)) RARITY.set(word, (RARITY.get(word) ?? 0) + 1);
}
const weigh = (words: Iterable<string>) =>
  [...words].reduce((sum, word) => sum + 1 / (RARITY.get(word) ?? 1), 0);

/** Shared weight divided by total weight (Jaccard), plus a little for the same status. */
function score(asked: ReadonlySet<string>, sip: number, entry: CarrierPhrase): number {
  const known = setOf(entry.phrase);
  const shared = weigh([...known].filter((word) => asked.has(word)));
  if (shared === 0) return 0;
  return shared / weigh(new Set([...known, ...asked])) + (entry.sip === sip ? 0.1 : 0);
}
