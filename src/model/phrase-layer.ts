import type { FailureClass, Fault } from './classes';
import { isSaid, type SaidPhrase } from './phrase-match';
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
  /** A carrier's own code, `D35`: it matches as the last word alone, and before any words. */
  readonly code?: true;
  /** Name of the carrier whose list has it. */
  readonly carrier?: string;
}

/** Phrases of one rank: of several that match, a code counts first, then the longest. */
export class PhraseLayer {
  private readonly byStatus = new Map<number, (CarrierPhrase & { readonly words: string })[]>();

  constructor(readonly phrases: readonly CarrierPhrase[]) {
    for (const entry of phrases) {
      const known = this.byStatus.get(entry.sip) ?? [];
      known.push({ ...entry, words: wordsOf(entry.phrase) });
      this.byStatus.set(entry.sip, known);
    }
    for (const known of this.byStatus.values())
      known.sort((one, other) => rank(other) - rank(one) || other.words.length - one.words.length);
  }

  /** Whether any phrase is listed for a status. */
  knows(sip: number): boolean {
    return this.byStatus.has(sip);
  }

  find(sip: number, said: SaidPhrase): CarrierPhrase | undefined {
    return this.byStatus.get(sip)?.find((entry) => isSaid(entry, said));
  }
}

function rank({ code }: CarrierPhrase): number {
  return code ? 1 : 0;
}
