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
