import table from './carrier-phrases.json';
import { FAULT_OF, type FailureClass } from './classes';
import type { Fault } from './classes';
import { isSaid, saidIn } from './phrase-match';
import { wordsOf } from './words';

/** A status and phrase that carriers send with their own meaning. */
export interface CarrierPhrase {
  readonly sip: number;
  readonly phrase: string;
  readonly class: FailureClass;
  readonly fault: Fault;
  /** One line for people; absent if a policy file gives none. */
  readonly meaning?: string;
  /** It means this only where its clause says nothing else: "Destination out of order" is another thing. */
  readonly alone?: true;
  /** From a policy file: it matches wherever its words occur together, as the operator has written it. */
  readonly own?: true;
}

/** The shipped phrases. */
export const CARRIER_PHRASES = table.phrases as readonly CarrierPhrase[];

/** Looks phrases up by their words; see `PhraseBook.find`. */
export class PhraseBook {
  private readonly byStatus = new Map<number, (CarrierPhrase & { readonly words: string })[]>();

  /** @param phrases in order of precedence; of several that match, the longest wins */
  constructor(readonly phrases: readonly CarrierPhrase[]) {
    for (const entry of phrases) {
      const known = this.byStatus.get(entry.sip) ?? [];
      known.push({ ...entry, words: wordsOf(entry.phrase) });
      this.byStatus.set(entry.sip, known);
    }
    for (const known of this.byStatus.values())
      known.sort((one, other) => other.words.length - one.words.length);
  }

  /**
   * Finds the entry whose words occur together in a response's phrase, in any case and punctuation:
   * `SIP/2.0 480 *CODEC MISMATCH* (g729)` is `480 Codec Mismatch`. A shipped entry does not match where the
   * phrase denies it ("no codec mismatch"), and with `alone` only as a whole clause.
   */
  find(sip: number, phrase: string): CarrierPhrase | undefined {
    const known = this.byStatus.get(sip);
    if (!known) return undefined;
    const said = saidIn(phrase);
    return known.find((entry) => isSaid(entry, said));
  }

  /** Adds a policy's own phrases; they replace shipped ones with the same words. */
  with(own: readonly Omit<CarrierPhrase, 'fault'>[]): PhraseBook {
    if (own.length === 0) return this;
    const first = own.map((entry) => ({
      ...entry,
      fault: FAULT_OF[entry.class],
      own: true as const,
    }));
    const replaced = new Set(first.map(keyOf));
    return new PhraseBook([
      ...first,
      ...this.phrases.filter((entry) => !replaced.has(keyOf(entry))),
    ]);
  }
}

function keyOf(entry: { readonly sip: number; readonly phrase: string }): string {
  return `${entry.sip}${wordsOf(entry.phrase)}`;
}

/** The shipped phrases, ready to look up. */
export const KNOWN_PHRASES = new PhraseBook(CARRIER_PHRASES);
