import type { TakenBodies } from '../model/failure';
import { splitParameters, splitTop } from '../normalize/header-values';
import type { Headers } from './sip-message';

/** No server lists more; the rest is ignored. */
const MOST_VALUES = 32;
/** RFC 3261 25.1: tokens, and `*` for any. */
const VALUE = /^[a-z0-9.!%*_+`'~-]{1,64}(?:\/[a-z0-9.!%*_+`'~-]{1,64})?$/;

/** Accept and Accept-Encoding of a response (RFC 3261 20.1, 20.2); undefined without either. */
export function takenBodiesOf(headers: Headers): TakenBodies | undefined {
  const [types, encodings] = ['accept', 'accept-encoding'].map((name) => valuesOf(headers, name));
  if (!types && !encodings) return undefined;
  return { ...(types && { types }), ...(encodings && { encodings }) };
}

/** A present but empty header is an empty list: nothing is taken. */
function valuesOf(headers: Headers, name: string): readonly string[] | undefined {
  return headers
    .get(name)
    ?.flatMap((line) => splitTop(line, ','))
    .slice(0, MOST_VALUES)
    .map((value) => splitParameters(value).value.trim().toLowerCase())
    .filter((value) => VALUE.test(value));
}
