import { CARRIERS, type Carrier, type CarrierEntry } from './carriers';
import { PhraseLayer, type CarrierPhrase } from './phrase-layer';
import { SIP_CODES } from './registries/sip-codes';
import { wordsOf } from './words';

/** A carrier's list, ready to look up: what holds on its own trunks. */
export interface CarrierList {
  readonly carrier: string;
  readonly phrases: PhraseLayer;
  /** What it means by a status, whatever its phrase is. */
  readonly statuses: ReadonlyMap<number, CarrierEntry>;
}

/** Those that have been asked for. */
const LISTS = new Map<string, CarrierList>();

/** The list of a carrier; undefined if none of this name is shipped. */
export function carrierList(carrier: string): CarrierList | undefined {
  const entries = CARRIERS.get(carrier);
  if (!entries) return undefined;
  const list = LISTS.get(carrier) ?? listOf(carrier, entries);
  LISTS.set(carrier, list);
  return list;
}

/**
 * What of all lists holds for every trunk: codes and phrases that no standard has, and that every carrier that lists
 * them means alike. A bare status never does.
 */
export function agreedPhrases(
  carriers: ReadonlyMap<string, Carrier> = CARRIERS,
): readonly CarrierPhrase[] {
  const byWords = new Map<string, PhraseOfList[]>();
  for (const [carrier, { entries }] of carriers)
    for (const entry of entries)
      for (const phrase of phrasesOf(carrier, entry)) {
        const key = `${phrase.sip}${wordsOf(phrase.phrase)}`;
        byWords.set(key, [...(byWords.get(key) ?? []), { phrase, only: entry.only === true }]);
      }
  const standard = new Set(SIP_CODES.map(({ phrase }) => wordsOf(phrase)));
  return [...byWords.values()]
    .filter((alike) => holdsForAll(alike, standard))
    .flatMap(([first]) => first?.phrase ?? []);
}

interface PhraseOfList {
  readonly phrase: CarrierPhrase;
  readonly only: boolean;
}

function holdsForAll(alike: readonly PhraseOfList[], standard: ReadonlySet<string>): boolean {
  const [first] = alike;
  if (!first || alike.some(({ only }) => only)) return false;
  const { class: name, fault, code, phrase: words } = first.phrase;
  const agree = alike.every(({ phrase }) => phrase.class === name && phrase.fault === fault);
  return agree && (code === true || isDistinctive(words, standard));
}

/** One word alone, and what a standard says on any status, may mean anything. */
function isDistinctive(phrase: string, standard: ReadonlySet<string>): boolean {
  const words = wordsOf(phrase);
  return words.trim().includes(' ') && !standard.has(words);
}

function listOf(carrier: string, { entries }: Carrier): CarrierList {
  const bare = entries.filter(({ phrase, code }) => phrase === undefined && code === undefined);
  return {
    carrier,
    phrases: new PhraseLayer(entries.flatMap((entry) => phrasesOf(carrier, entry))),
    statuses: new Map(bare.map((entry) => [entry.sip, entry])),
  };
}

/** An entry with a phrase and a code is told by either. */
function phrasesOf(carrier: string, entry: CarrierEntry): readonly CarrierPhrase[] {
  const { sip, phrase, code, meaning, class: name, fault } = entry;
  const said = { sip, class: name, fault, meaning, carrier };
  return [
    ...(code === undefined ? [] : [{ ...said, phrase: code, code: true as const }]),
    ...(phrase === undefined ? [] : [{ ...said, phrase }]),
  ];
}
