import table from './carrier-phrases.json';
import { agreedPhrases, carrierList, type CarrierList } from './carrier-lists';
import type { CarrierEntry } from './carriers';
import { FAULT_OF } from './classes';
import { PhraseLayer, type CarrierPhrase } from './phrase-layer';
import { saidIn } from './phrase-match';

export type { CarrierPhrase } from './phrase-layer';

/** The shipped phrases of no carrier in particular. */
export const CARRIER_PHRASES = table.phrases as readonly CarrierPhrase[];

/** Behind the above: what carriers' own lists agree on. Made when first asked for: most commands never do. */
let shippedLayer: PhraseLayer | undefined;
const shipped = (): PhraseLayer =>
  (shippedLayer ??= new PhraseLayer([...CARRIER_PHRASES, ...agreedPhrases()]));
const NONE = new PhraseLayer([]);

/** A phrase of a policy file. */
export type OwnPhrase = Omit<CarrierPhrase, 'fault'>;

/**
 * Looks phrases up by their words. The policy file's own come first, then those of the trunk's carrier, then the
 * shipped ones that hold everywhere.
 */
export class PhraseBook {
  private readonly views = new Map<string, PhraseBook>();

  private constructor(
    private readonly ownLayer: PhraseLayer,
    private readonly list?: CarrierList,
  ) {}

  /** The shipped phrases alone. */
  static shipped(): PhraseBook {
    return new PhraseBook(NONE);
  }

  /** The policy file's own phrases. */
  get own(): readonly CarrierPhrase[] {
    return this.ownLayer.phrases;
  }

  /**
   * Finds the entry whose words occur together in a response's phrase, in any case and punctuation:
   * `SIP/2.0 480 *CODEC MISMATCH* (g729)` is `480 Codec Mismatch`. A shipped entry does not match where the
   * phrase denies it ("no codec mismatch"), and with `alone` only as a whole clause.
   */
  find(sip: number, phrase: string): CarrierPhrase | undefined {
    const all = [this.ownLayer, this.list?.phrases ?? NONE, shipped()];
    const layers = all.filter((layer) => layer.knows(sip));
    if (layers.length === 0) return undefined;
    const said = saidIn(phrase);
    for (const layer of layers) {
      const found = layer.find(sip, said);
      if (found) return found;
    }
    return undefined;
  }

  /** What the trunk's carrier means by a status whose phrase is in no list; undefined: what everybody does. */
  meansBy(sip: number): (CarrierEntry & { readonly carrier: string }) | undefined {
    const entry = this.list?.statuses.get(sip);
    return this.list && entry && { ...entry, carrier: this.list.carrier };
  }

  /** The same phrases for a trunk of this carrier; undefined, or a name that no list has: this book. */
  of(carrier: string | undefined): PhraseBook {
    const list = carrier === undefined ? undefined : carrierList(carrier);
    if (!list) return this;
    const known = this.views.get(list.carrier) ?? new PhraseBook(this.ownLayer, list);
    this.views.set(list.carrier, known);
    return known;
  }

  /** Adds a policy's own phrases. */
  with(own: readonly OwnPhrase[]): PhraseBook {
    if (own.length === 0) return this;
    const phrases = own.map((entry) => ({
      ...entry,
      fault: FAULT_OF[entry.class],
      own: true as const,
    }));
    return new PhraseBook(new PhraseLayer(phrases));
  }
}

/** The shipped phrases, ready to look up. */
export const KNOWN_PHRASES = PhraseBook.shipped();
