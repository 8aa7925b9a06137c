import table from './asterisk.json';

/** What Asterisk makes of a final status of a carrier. */
export interface AsteriskRow {
  readonly sip: number;
  /** HANGUPCAUSE, as in the events. */
  readonly cause: number;
  readonly dial_status: string;
  /** What `Hangup(${HANGUPCAUSE})` then sends to the caller. */
  readonly relayed_by_cause: number;
}

/** The Asterisk that was measured. */
export const ASTERISK_VERSION = table.version;

/** Every status that was measured on Asterisk. */
export const ASTERISK: readonly AsteriskRow[] = table.from_sip;
const BY_STATUS = new Map(ASTERISK.map((row) => [row.sip, row]));

export function asteriskOf(sip: number): AsteriskRow | undefined {
  return BY_STATUS.get(sip);
}

/** What `Hangup(<cause>)` of Asterisk sends: 603 for every cause that it has no row for. */
export function asteriskSends(cause: number): number {
  const rows: Readonly<Record<string, number>> = table.to_sip;
  return rows[String(cause)] ?? 603;
}
