import { causeRow } from '../model/classes';
import type { Failure, Reason } from '../model/failure';
import { causeOf } from '../model/registries/q850';
import { sipCode } from '../model/registries/sip-codes';
import { STIR_CODES } from '../model/registries/stir';
import { isStandardPhrase } from '../model/standard-phrase';
import { analyticsOf } from '../normalize/analytics';
import { reasonsOf } from '../normalize/reasons';
import { reasonText } from './log-fields';

/** What an attempt was told that nothing classifies. Untrusted text, as sent. */
export interface UnclassifiedInAttempt {
  /** A phrase that no list has and that is more than its status. */
  readonly phrase?: { readonly sip: number; readonly phrase: string };
  /** Reason values of an unknown protocol, or with a cause that its protocol does not have; each once. */
  readonly reasons: readonly string[];
}

/** Of one attempt that failed. What this side ended was not told by anybody. */
export function unclassifiedIn(failure: Failure): UnclassifiedInAttempt {
  const { sip, phrase, origin, decidedBy, evidence } = failure;
  const values = evidence.flatMap(reasonsOf).map(({ reason }) => reason);
  const reasons = [...new Set(values.filter((value) => !isKnown(value)).map(reasonText))];
  if (origin !== 'far' || sip === undefined || phrase === undefined) return { reasons };
  // A listed phrase always decides.
  if (decidedBy?.by === 'phrase' || isStandardPhrase(sip, phrase)) return { reasons };
  return { phrase: { sip, phrase }, reasons };
}

/** As one text each, for a record; absent where everything was known. */
export function unclassifiedField(failure: Failure): { readonly unclassified?: readonly string[] } {
  const { phrase, reasons } = unclassifiedIn(failure);
  const said = [...(phrase ? [`${phrase.sip} ${phrase.phrase}`] : []), ...reasons];
  if (said.length === 0) return {};
  const cut = said.slice(0, MOST_IN_RECORD).map((text) => text.slice(0, LONGEST_IN_RECORD));
  return { unclassified: cut };
}

const MOST_IN_RECORD = 8;
/** Of one text. Characters. */
const LONGEST_IN_RECORD = 200;
const STIR = new Set(STIR_CODES.map(({ code }) => code));

/** Whether a Reason value is one that crankback has an opinion of, be it that it says nothing. */
function isKnown(reason: Reason): boolean {
  const { protocol, cause } = reason;
  if (analyticsOf(reason)) return true;
  switch (protocol) {
    case 'Q.850':
      return cause !== undefined && (causeOf(cause) ?? causeRow(cause)) !== undefined;
    case 'SIP':
      return cause !== undefined && sipCode(cause) !== undefined;
    case 'STIR':
      return cause === undefined || STIR.has(cause);
    default:
      return false;
  }
}
