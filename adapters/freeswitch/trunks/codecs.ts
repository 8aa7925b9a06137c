import type { ConfigurationDialect } from '../../../src/codecs/dialect';
import { registeredName } from '../../../src/codecs/registry';
import type { Codec } from '../../../src/model/media';
import type { Outcome } from '../../../src/policy/decision/decision';

/** Names allowed in a dial string; a codec's name from the wire may be any text. */
const SAFE_NAME = /^[A-Za-z0-9-]{1,32}$/;

/**
 * A codec as FreeSWITCH writes it in codec strings: `PCMA`, `speex@16000h`, with `ptime` (ms) `PCMA@30i`.
 * Undefined for a name that must not reach a dial string.
 */
export function codecString(codec: Codec, ptime?: number): string | undefined {
  const { clockRate } = codec;
  const name = registeredName(codec.name);
  if (!SAFE_NAME.test(name)) return undefined;
  const rate = clockRate === 8000 ? '' : `@${clockRate}h`;
  return `${name}${rate}${ptime === undefined ? '' : `@${ptime}i`}`;
}

/** The outcome's own codecs as FreeSWITCH names them; undefined if it has none. */
export function codecsOf(outcome: Outcome): readonly string[] | undefined {
  if (outcome.kind !== 'dial') return undefined;
  return outcome.codecs?.flatMap((codec) => codecString(codec) ?? []);
}

/** Hints for FreeSWITCH's configuration. `gatewayOf` returns a trunk's sofia gateway. */
export function freeswitchDialect(gatewayOf: (trunk: string) => string): ConfigurationDialect {
  const dialString = (trunk: string, setting: string): string =>
    `the dial string of sofia/gateway/${gatewayOf(trunk)}: {${setting}}`;
  const codecs = (trunk: string, wanted: readonly Codec[], ptime?: number): string => {
    const known = wanted.flatMap((codec) => codecString(codec, ptime) ?? []);
    return dialString(trunk, `absolute_codec_string='${known.join(',')}'`);
  };
  return {
    codecs: (trunk, wanted) => codecs(trunk, wanted),
    encryption: (trunk, wanted) =>
      dialString(trunk, `rtp_secure_media=${wanted === 'none' ? 'false' : 'mandatory'}`),
    ptime: (trunk, wanted, ptime) => codecs(trunk, wanted, ptime),
    telephoneEvent: (trunk) =>
      `the sofia profile of gateway ${gatewayOf(trunk)}: <param name="dtmf-type" value="rfc2833"/>`,
    mediaAddress: (trunk) =>
      `the sofia profile of gateway ${gatewayOf(trunk)}: <param name="ext-rtp-ip" value="your public address"/>`,
    audioOnly: (trunk) => dialString(trunk, 'absolute_codec_string without video codecs'),
    mirror: () => 'set capture-server in sofia.conf.xml and CRANKBACK_HEP_PORT (docs/hep.md)',
  };
}
