import { isGeneric } from '../model/classes';
import { causeOf } from '../model/registries/q850';
import { RETRY_AFTER, sipCode, UNREGISTERED_BUT_SEEN } from '../model/registries/sip-codes';

/** `RFC3261` → `RFC 3261`. */
const spaced = (reference: string) => reference.replace(/^RFC/, 'RFC ');

/** Standards behind the sheet of a status; the same in every language. */
export function sipReferences(sip: number): string {
  const entry = sipCode(sip);
  const own = entry && `${spaced(entry.reference)} ${entry.section ?? ''}`.trim();
  const seen = UNREGISTERED_BUT_SEEN.some(({ code }) => code === sip && code < 499);
  const retryAfter = [...RETRY_AFTER.server, ...RETRY_AFTER.callee].some((code) => code === sip);
  return [
    own ?? (seen ? 'RFC 2543 7.4, RFC 3261 8.1.3.2' : 'RFC 3261 8.1.3.2'),
    sip >= 300 ? 'RFC 3398 8.2.6.1' : '',
    isGeneric(sip) ? 'RFC 3326 (Reason)' : '',
    retryAfter ? 'RFC 3261 20.33 (Retry-After)' : '',
    sip === 488 || sip === 606 ? 'RFC 3261 20.43 (Warning)' : '',
  ]
    .filter(Boolean)
    .join('; ');
}

/** Standards behind the sheet of a cause. */
export function causeReferences(cause: number): string {
  const assigned = causeOf(cause) ? ['ITU-T Q.850 (10/2018) table 1'] : [];
  return [...assigned, 'RFC 3398 7.2.4.1', 'RFC 3326 (Reason)', 'RFC 8606 (location)'].join('; ');
}
