import table from './freeswitch.json';

/** One of FreeSWITCH's hangup causes. */
export interface FreeswitchCause {
  /** `GATEWAY_DOWN` */
  readonly name: string;
  /** Q.850's up to 127, FreeSWITCH's own above. */
  readonly number: number;
}

/** What a hangup cause means on a leg that no SIP response ended. */
export type CauseMeaning =
  /** The caller, or another leg that was answered, decided: nothing failed. */
  | { readonly kind: 'cancelled' }
  /** A timer of this side ran out; the CANCEL that follows is ours. */
  | { readonly kind: 'timeout' }
  /** The leg never left this machine. */
  | { readonly kind: 'local' }
  /** A 3xx that was not followed. */
  | { readonly kind: 'redirected' }
  /** FreeSWITCH's own name for a SIP status. */
  | { readonly kind: 'status'; readonly sip: number }
  /** A Q.850 cause. */
  | { readonly kind: 'cause'; readonly q850: number }
  | { readonly kind: 'nothing' };

/** The FreeSWITCH that was measured. */
export const FREESWITCH_VERSION = table.version;

const BY_STATUS = new Map<number | string, FreeswitchCause>(
  table.from_sip.map((row) => [row.sip, { name: row.cause_name, number: row.q850 }]),
);
const OTHERWISE: FreeswitchCause = BY_STATUS.get('default') ?? {
  name: 'NORMAL_UNSPECIFIED',
  number: 31,
};

/** What FreeSWITCH makes of a final status of a carrier. */
export function freeswitchOf(sip: number): FreeswitchCause {
  return BY_STATUS.get(sip) ?? OTHERWISE;
}

/** All of FreeSWITCH's causes. */
export const FREESWITCH_CAUSES: readonly FreeswitchCause[] = table.causes.map(
  ({ name, number }) => ({ name, number }),
);

export function freeswitchCause(by: string | number): FreeswitchCause | undefined {
  return FREESWITCH_CAUSES.find(({ name, number }) => name === by || number === by);
}

/** What `hangup <cause>` of FreeSWITCH sends before an answer: 480 for every cause without a row. */
export function freeswitchSends(name: string): number {
  return SENT_FOR.get(name) ?? 480;
}

const SENT_FOR = new Map<string, number>(table.to_sip.map((row) => [row.cause_name, row.sip]));
const CAUSES = new Map(table.causes.map((row) => [row.name, row]));

/** The number of a cause's name; undefined for an unknown one. */
export function numberOf(cause: string): number | undefined {
  return CAUSES.get(cause)?.number;
}

/**
 * What a hangup cause means on a leg that no SIP response ended.
 * @param cause by name, `ALLOTTED_TIMEOUT`
 */
export function meaningOf(cause: string): CauseMeaning {
  const row = CAUSES.get(cause);
  if (row === undefined) return { kind: 'nothing' };
  const { number, without_response: kind } = row;
  if (isPlain(kind)) return { kind };
  if (number >= 1 && number <= 127) return { kind: 'cause', q850: number };
  // Own causes above 127 say no more than the SIP status from which sofia made them.
  const sip = number > 127 ? SENT_FOR.get(cause) : undefined;
  return sip === undefined ? { kind: 'nothing' } : { kind: 'status', sip };
}

const PLAIN = ['cancelled', 'timeout', 'local', 'redirected'] as const;

function isPlain(kind: string | undefined): kind is (typeof PLAIN)[number] {
  return PLAIN.some((one) => one === kind);
}
