import type { Codec } from '../../../src/model/media';
import { codecsIn, translatable } from './codecs';
import type { AriRest } from '../ari/rest';

/** Codecs of one Asterisk, read when it connects, never while a call waits. */
export class KnownCodecs {
  /** Codecs that this Asterisk can translate. */
  translated: readonly Codec[] = [];
  private offers = new Map<string, readonly Codec[]>();

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
   * Reads what these PJSIP endpoints are configured to offer; an endpoint that cannot be read stays
   * unknown.
   */
  async learnOffers(endpoints: Iterable<string>): Promise<void> {
    const asked = [...new Set(endpoints)].map(async (endpoint) => {
      const settings = await this.rest.pjsipObject('endpoint', endpoint).catch(() => undefined);
      const codecs = codecsIn(settings?.get('allow') ?? '');
      return codecs.length === 0 ? [] : ([[endpoint, codecs]] as const);
    });
    this.offers = new Map((await Promise.all(asked)).flat());
  }
}
