import { translatable } from '../../../adapters/asterisk/trunks/codecs';
import { asteriskDialect } from '../../../adapters/asterisk/trunks/dialect';
import { freeswitchDialect } from '../../../adapters/freeswitch/trunks/dialect';
import type { Codec } from '../../../src/model/media';

const codec = (name: string, clockRate = 8000): Codec => ({ name, clockRate });
const ASTERISK = translatable(['codec_ulaw.so', 'codec_alaw.so']);

function asterisk(codecs: readonly Codec[], translated: readonly Codec[] = ASTERISK): string {
  const advice = asteriskDialect(
    (trunk) => trunk,
    () => translated,
  ).advise('carrier-a', { kind: 'codecs', codecs });
  return 'line' in advice ? advice.line : advice.cannot;
}

function freeswitch(codecs: readonly Codec[], translated: readonly Codec[]): string {
  const advice = freeswitchDialect(
    (trunk) => trunk,
    () => translated,
  ).advise('carrier-a', { kind: 'codecs', codecs });
  return 'line' in advice ? advice.line : advice.cannot;
}

describe('advice of codecs', () => {
  it('is without those that Asterisk does not translate, where others are left', () => {
    expect(asterisk([codec('G729'), codec('PCMA')])).toBe(
      'pjsip.conf [carrier-a]: allow=!all,alaw',
    );
  });

  it('says which module is missing, where none is left', () => {
    const text = asterisk([codec('G729')]);
    expect(text).toContain('allow=!all,g729');
    expect(text).toContain('no module that translates g729 (codec_g729 or codec_g729a)');
    expect(text).toContain('No path to translate');
    expect(text).toContain('unless the caller speaks g729 too');
  });

  it('says nothing of the kind, where the module runs', () => {
    const all = translatable(['codec_ulaw.so', 'codec_g729a.so']);
    expect(asterisk([codec('G729')], all)).toBe('pjsip.conf [carrier-a]: allow=!all,g729');
  });

  it('says it with care, where the modules are not known', () => {
    expect(asterisk([codec('G729')], [])).toContain('it takes a module that translates g729');
    expect(asterisk([codec('GSM')], [])).toBe('pjsip.conf [carrier-a]: allow=!all,gsm');
  });

  it('is none for a codec that Asterisk does not know, and its name cannot end the line', () => {
    expect(asterisk([codec('EVS\nallow=all', 16000)])).toBe(
      'Asterisk has no format for EVS?allow?all',
    );
  });

  it('is the same for FreeSWITCH', () => {
    const [ulaw, g729] = [codec('PCMU'), codec('G729')];
    expect(freeswitch([g729, ulaw], [ulaw])).toContain("absolute_codec_string='PCMU'}");
    expect(freeswitch([g729], [ulaw])).toContain('no module that translates G729');
    expect(freeswitch([g729], [])).toMatch(/'G729'\}$/);
    expect(freeswitch([codec("x'}")], [])).toBe('FreeSWITCH has none of these codecs');
  });
});

describe('advice from text that came from outside', () => {
  const REMEDIES = [
    { kind: 'suites', suites: ["x'}\n"] },
    { kind: 'fingerprint', hash: "x'}\n" },
    { kind: 'without-streams', types: ["x'}\n"] },
    { kind: 'without-body', types: ["x'}\n"] },
    {
      kind: 'format-parameters',
      codec: codec('opus', 48000),
      parameters: [{ name: 'cbr', value: "1'}\n" }],
    },
    {
      kind: 'format-parameters',
      codec: codec("x'}\n"),
      parameters: [{ name: "x'}\n", value: '1' }],
    },
  ] as const;

  it.each(REMEDIES.map((remedy) => [JSON.stringify(remedy), remedy] as const))(
    'has none of it: %s',
    (_text, remedy) => {
      for (const dialect of [asteriskDialect, freeswitchDialect]) {
        const advice = dialect((trunk) => trunk).advise('carrier-a', remedy);
        expect(JSON.stringify(advice)).not.toMatch(/x'|\\n|1'/);
      }
    },
  );
});
