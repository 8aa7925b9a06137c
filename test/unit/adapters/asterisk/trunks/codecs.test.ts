import { codecsIn, offerable, translatable } from '../../../../../adapters/asterisk/trunks/codecs';
import { KnownCodecs } from '../../../../../adapters/asterisk/trunks/known-codecs';
import { codecText } from '../../../../../src/codecs/registry';
import type { Codec } from '../../../../../src/model/media';

const text = (codecs: readonly Codec[] | undefined) => codecs?.map(codecText).join(' ');

describe('the codecs of an Asterisk', () => {
  // As GET /ari/asterisk/modules of 22.10.1 (Debian) names them.
  const MODULES = [
    'app_dial.so',
    'codec_a_mu.so',
    'codec_alaw.so',
    'codec_g722.so',
    'codec_opus_open_source.so',
    'codec_resample.so',
    'codec_ulaw.so',
    'format_g729.so',
    'res_format_attr_g729.so',
  ];
  const TRANSLATED = translatable(MODULES);

  it('are those that its modules translate; a file format or attribute is no codec', () => {
    expect(text(TRANSLATED)).toBe('L16 PCMA G722 opus/48000/2 L16/16000 PCMU');
    expect(text(translatable(['codec_g729a.so']))).toBe('L16 G729');
  });

  it('are read from its own ways to write lists, unknown ones left out', () => {
    expect(text(codecsIn('(ulaw|alaw)'))).toBe('PCMU PCMA');
    expect(text(codecsIn('alaw-g729'))).toBe('PCMA G729');
    expect(text(codecsIn('ulaw|h264|x'))).toBe('PCMU');
    expect(text(codecsIn(''))).toBe('');
  });

  it.each([
    ['ulaw', 'what is translated', text(TRANSLATED)],
    ['', 'what is translated', text(TRANSLATED)],
    // Seen on the wire: the answered call is dropped, though leg A has G.729 further down.
    ['ulaw|g729', 'what is translated', text(TRANSLATED)],
    // … and though leg A has µ-law further down.
    ['g729|ulaw', 'nothing but that', 'G729'],
    ['g729', 'nothing but that', 'G729'],
  ])('for a caller with %s: %s', (native, _, expected) => {
    expect(text(offerable(codecsIn(native), TRANSLATED))).toBe(expected);
  });
});

describe('what endpoints are configured to offer', () => {
  it('is asked for once, and unknown where Asterisk does not tell', async () => {
    const media = new KnownCodecs({
      runningModules: () => Promise.resolve(['codec_alaw.so']),
      pjsipObject: (_, endpoint) =>
        endpoint === 'broken'
          ? Promise.reject(new Error('500'))
          : Promise.resolve(
              endpoint === 'carrier-a' ? new Map([['allow', '(ulaw|alaw)']]) : undefined,
            ),
    });
    await media.learnCodecs();
    await media.learnOffers(['carrier-a', 'broken', 'unknown', 'carrier-a']);
    expect(text(media.translated)).toBe('L16 PCMA');
    expect(text(media.configuredOffer('carrier-a'))).toBe('PCMU PCMA');
    expect(media.configuredOffer('broken')).toBeUndefined();
    expect(media.configuredOffer('unknown')).toBeUndefined();
  });

  it('is asked for a few at a time, and of the latest policy alone', async () => {
    let open = 0;
    let most = 0;
    const asked: string[] = [];
    const media = new KnownCodecs({
      runningModules: () => Promise.resolve([]),
      pjsipObject: async (_, endpoint) => {
        asked.push(endpoint);
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        open -= 1;
        return new Map([['allow', endpoint.startsWith('old') ? 'ulaw' : 'alaw']]);
      },
    });
    const named = (prefix: string) => Array.from({ length: 1_000 }, (_, at) => `${prefix}-${at}`);
    const earlier = media.learnOffers(named('old'));
    const later = media.learnOffers(named('new'));
    await Promise.all([earlier, later]);
    expect(most).toBeLessThanOrEqual(24);
    expect(asked.filter((name) => name.startsWith('old')).length).toBeLessThan(100);
    expect(text(media.configuredOffer('new-999'))).toBe('PCMA');
    expect(media.configuredOffer('old-0')).toBeUndefined();
  });
});
