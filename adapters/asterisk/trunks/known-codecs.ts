import type { Codec } from '../../../src/model/media';
import { codecsIn, translatable } from './codecs';
import type { AriRest } from '../ari/rest';

/** Endpoints that are asked for at once: there may be thousands. */
const AT_A_TIME = 12;

/** Codecs of one Asterisk, read when it connects, never while a call waits. */
export class KnownCodecs {
  /** Codecs that this Asterisk can translate. */
  translated: readonly Codec[] = [];
  private offers: ReadonlyMap<string, readonly Codec[]> = new Map();
  private runs = 0;

  constructor(private readonly rest: Pick<AriRest, 'runningModules' | 'pjsipObject'>) {}

  /** Codecs that the endpoint is configured to offer, if known. */
  configuredOffer(endpoint: string): readonly Codec[] | undefined {
    return this.offers.get(endpoint);
  }

  /** Reads the codec modules; rejects if Asterisk does not answer. */
  async learnCodecs(): Promise<void> {
    this.translated = translatable(await this.rest.runningModules());
  }

  /**
   * Reads what these PJSIP endpoints are configured to offer, a few at a time; an endpoint that cannot be read stays
   * unknown. A later call takes the place of this one.
   */
  async learnOffers(endpoints: Iterable<string>): Promise<void> {
    const run = ++this.runs;
    const learned = new Map<string, readonly Codec[]>();
    // One iterator for all who read: each takes the next one.
    const left = new Set(endpoints).values();
    const readSome = async (): Promise<void> => {
      for (const endpoint of left) {
        if (run !== this.runs) return;
        const settings = await this.rest.pjsipObject('endpoint', endpoint).catch(() => undefined);
        const codecs = codecsIn(settings?.get('allow') ?? '');
        if (codecs.length > 0) learned.set(endpoint, codecs);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, readSome));
    if (run === this.runs) this.offers = learned;
  }
}
