import { sipCode } from './registries/sip-codes';
import { wordsOf } from './words';

/** What servers write for the registered phrase: RFC 2543's, and spellings that say nothing more. */
const ALSO: Readonly<Record<number, readonly string[]>> = {
  408: ['Request Time-out'],
  414: ['Request-URI Too Large'],
  480: ['Temporarily Not Available'],
  481: ['Call Leg/Transaction Does Not Exist'],
  486: ['Busy'],
  487: ['Request Cancelled'],
  500: ['Internal Server Error'],
  504: ['Server Timeout', 'Gateway Time-out', 'Gateway Timeout'],
  505: ['SIP Version Not Supported'],
  603: ['Declined'],
};

/** Whether a phrase only repeats its status, in any case and punctuation. */
export function isStandardPhrase(sip: number, phrase: string): boolean {
  const words = wordsOf(phrase);
  const standard = [sipCode(sip)?.phrase ?? '', ...(ALSO[sip] ?? [])];
  return words === ' ' || standard.some((one) => wordsOf(one) === words);
}
