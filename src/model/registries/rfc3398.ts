import table from './rfc3398.json';

/** A SIP status for an ISUP cause, RFC 3398 7.2.4.1. */
export interface CauseToSip {
  /** Absent if no response follows: cause 16 ends in BYE or CANCEL. */
  readonly sip?: number;
  readonly note?: string;
}

/** An ISUP cause for a SIP status, RFC 3398 8.2.6.1. */
export interface SipToCause {
  /** Absent if the table has none (487) or refers to the Warning header (488, 606). */
  readonly cause?: number;
  readonly note?: string;
}

const TO_SIP = new Map<number, CauseToSip[]>();
for (const { cause, sip, note } of table.isup_to_sip.rows) {
  const rows = TO_SIP.get(cause) ?? [];
  rows.push({ ...(sip !== null && { sip }), ...(note !== undefined && { note }) });
  TO_SIP.set(cause, rows);
}

const TO_CAUSE = new Map<number, SipToCause>(
  table.sip_to_isup.rows.map(({ sip, cause, note }) => [
    sip,
    { ...(cause !== null && { cause }), ...(note !== undefined && { note }) },
  ]),
);

const DEFAULT_TO_SIP: readonly CauseToSip[] = [{ sip: table.isup_to_sip.default_for_unlisted.sip }];
const DEFAULT_TO_CAUSE: SipToCause = { cause: table.sip_to_isup.default_for_unlisted.cause };

/** All statuses that RFC 3398 has for a cause; 22 has two, with and without a new number. */
export function sipOfCause(cause: number): readonly CauseToSip[] {
  return TO_SIP.get(cause) ?? DEFAULT_TO_SIP;
}

/** The cause that RFC 3398 has for a final status; 31 if it lists none. */
export function causeOfSip(sip: number): SipToCause {
  return TO_CAUSE.get(sip) ?? DEFAULT_TO_CAUSE;
}
