import type { Reason } from '../model/failure';
import { splitParameters, splitTop } from './header-values';

/** More values than this come from no gateway and no PBX; the rest of a longer list is left out. */
const MOST_VALUES = 32;
/** A longer header line is read up to here. Characters. */
const LONGEST = 4096;

/**
 * Reads all Reason header lines of a message in order (RFC 3326; several values RFC 9366; `location`
 * RFC 8606), such as `Q.850;cause=34;text="No circuit";location=LN, SIP;cause=503`. Protocols come in upper
 * case, `Q850` and `q.850` as `Q.850`. Never throws: a value without a protocol is left out, a cause that is
 * no number is absent, and so is a location that is no token. Takes time in proportion to the text's length.
 */
export function readReasons(...lines: readonly string[]): readonly Reason[] {
  return lines
    .flatMap((line) => splitTop(line.slice(0, LONGEST), ','))
    .slice(0, MOST_VALUES)
    .map(readValue)
    .filter((reason) => reason !== undefined);
}

function readValue(text: string): Reason | undefined {
  const { value: protocol, parameters } = splitParameters(text);
  if (protocol === '') return undefined;
  const cause = parameters.get('cause');
  const phrase = parameters.get('text');
  const location = parameters.get('location')?.toUpperCase();
  return {
    protocol: /^q\.?850$/i.test(protocol) ? 'Q.850' : protocol.toUpperCase(),
    ...(cause !== undefined && /^\d{1,3}$/.test(cause) && { cause: Number(cause) }),
    ...(phrase !== undefined && { text: phrase }),
    ...(location !== undefined && /^[A-Z0-9-]{1,16}$/.test(location) && { location }),
  };
}
