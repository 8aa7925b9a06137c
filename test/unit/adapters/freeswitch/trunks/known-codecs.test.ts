import { KnownCodecs, readCodecs } from '../../../../../adapters/freeswitch/trunks/known-codecs';
import { codecText } from '../../../../../src/codecs/registry';

/** As FreeSWITCH 1.11.1 prints it, with mod_g729 loaded. */
const SHOWN = `{"row_count":7,"rows":[{"type":"codec","name":"G.711 alaw","ikey":"CORE_PCM_MODULE"},{"type":"codec","name":"G.711 ulaw","ikey":"CORE_PCM_MODULE"},{"type":"codec","name":"G.729","ikey":"mod_g729"},{"type":"codec","name":"PROXY PASS-THROUGH","ikey":"CORE_PCM_MODULE"},{"type":"codec","name":"PROXY VIDEO PASS-THROUGH","ikey":"CORE_PCM_MODULE"},{"type":"codec","name":"RAW Signed Linear (16 bit)","ikey":"CORE_PCM_MODULE"},{"type":"codec","name":"Speex","ikey":"CORE_SPEEX_MODULE"}]}\n`;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the codecs of a FreeSWITCH', () => {
  it('are those that its modules translate', () => {
    expect(readCodecs(SHOWN)?.map(codecText)).toEqual([
      'PCMA',
      'PCMU',
      'L16',
      'L16/16000',
      'speex',
      'speex/16000',
      'speex/32000',
    ]);
    const more = SHOWN.replace('mod_g729', 'mod_bcg729').replace('Speex', 'OPUS (STANDARD)');
    expect(readCodecs(more)?.map(codecText)).toEqual(
      expect.arrayContaining(['G729', 'opus/48000/2']),
    );
  });

  it.each(['-ERR no database\n', '', '[]', '{"rows":7}', '{"rows":[{"name":7}]}'])(
    'are not learnt from %j',
    (text) => {
      expect(readCodecs(text) ?? []).toEqual([]);
    },
  );

  it('are those of every FreeSWITCH until it was asked, and asked for once more', async () => {
    const answers = [undefined, SHOWN, '-ERR\n'];
    const codecs = new KnownCodecs({ ask: () => Promise.resolve(answers.shift()) });
    await codecs.learn();
    expect(codecs.current.map(codecText)).toEqual(['PCMU', 'PCMA']);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(codecs.current).toHaveLength(7);
    await codecs.learn();
    codecs.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(codecs.current).toHaveLength(7);
  });
});
