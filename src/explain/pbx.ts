import table from './pbx.json';

/** What Asterisk makes of a final status of a carrier. */
export interface AsteriskRow {
  readonly sip: number;
  /** HANGUPCAUSE, as in the events. */
  readonly cause: number;
  readonly dial_status: string;
  /** What `Hangup(${HANGUPCAUSE})` then sends to the caller. */
  readonly relayed_by_cause: number;
}

/** What FreeSWITCH makes of a final status of a carrier. */
export interface FreeswitchRow {
  readonly name: string;
  readonly number: number;
}

export const VERSIONS = {
  asterisk: table.asterisk.version,
  freeswitch: table.freeswitch.version,
} as const;

/** Every status that was measured on Asterisk. */
export const ASTERISK: readonly AsteriskRow[] = table.asterisk.from_sip;
const ASTERISK_BY_STATUS = new Map(ASTERISK.map((row) => [row.sip, row]));

export function asteriskOf(sip: number): AsteriskRow | undefined {
  return ASTERISK_BY_STATUS.get(sip);
}

/** What `Hangup(<cause>)` of Asterisk sends: 603 for every cause that it has no row for. */
export function asteriskSends(cause: number): number {
  const rows: Readonly<Record<string, number>> = table.asterisk.to_sip;
  return rows[String(cause)] ?? 603;
}

const FREESWITCH_BY_STATUS = new Map<number | string, FreeswitchRow>(
  table.freeswitch.from_sip.map((row) => [row.sip, { name: row.cause_name, number: row.q850 }]),
);
const FREESWITCH_DEFAULT: FreeswitchRow = FREESWITCH_BY_STATUS.get('default') ?? {
  name: 'NORMAL_UNSPECIFIED',
  number: 31,
};

export function freeswitchOf(sip: number): FreeswitchRow {
  return FREESWITCH_BY_STATUS.get(sip) ?? FREESWITCH_DEFAULT;
}

/** All of FreeSWITCH's causes. */
export const FREESWITCH_CAUSES: readonly FreeswitchRow[] = table.freeswitch.causes;

export function freeswitchCause(by: string | number): FreeswitchRow | undefined {
  return FREESWITCH_CAUSES.find(({ name, number }) => name === by || number === by);
}

/** What `hangup <cause>` of FreeSWITCH sends before an answer: 480 for every cause without a row. */
export function freeswitchSends(name: string): number {
  return table.freeswitch.to_sip.find((row) => row.cause_name === name)?.sip ?? 480;
}

/** The status for which one of FreeSWITCH's own causes stands. */
export function statusBehind(name: string): number | undefined {
  return table.freeswitch.to_sip.find((row) => row.cause_name === name)?.sip;
}
