import type { Reason } from '../model/failure';
import { splitParameters, splitTop } from './header-values';

/** No gateway or PBX sends more values than this; the rest is ignored. */
const MOST_VALUES = 32;
/** Only this much of a header line is read. Characters. */
const LONGEST = 4096;

/**
 * Reads all Reason header lines of a message in order (RFC 3326; several values RFC 9366; `location` RFC
 * 8606), such as `Q.850;cause=34;text="No circuit";location=LN, SIP;cause=503`. Protocols are returned in
 * upper case, `Q850` and `q.850` as `Q.850`. Never throws: a value without a protocol is dropped, and so is
 * a cause that is not a number or a location that is not a token. Linear in the text's length.
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
