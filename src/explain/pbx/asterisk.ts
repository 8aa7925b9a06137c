import table from './asterisk.json';

/** What Asterisk makes of a carrier's final status. */
export interface AsteriskRow {
  readonly sip: number;
  /** HANGUPCAUSE, as in the events. */
  readonly cause: number;
  readonly dial_status: string;
  /** The status that `Hangup(${HANGUPCAUSE})` then sends to the caller. */
  readonly relayed_by_cause: number;
}

/** The Asterisk version of the measurements. */
export const ASTERISK_VERSION = table.version;

/** Every status measured on Asterisk. */
export const ASTERISK: readonly AsteriskRow[] = table.from_sip;
const BY_STATUS = new Map(ASTERISK.map((row) => [row.sip, row]));

export function asteriskOf(sip: number): AsteriskRow | undefined {
  return BY_STATUS.get(sip);
}

/** The status that Asterisk's `Hangup(<cause>)` sends: 603 for every cause without a row. */
export function asteriskSends(cause: number): number {
  const rows: Readonly<Record<string, number>> = table.to_sip;
  return rows[String(cause)] ?? 603;
}
