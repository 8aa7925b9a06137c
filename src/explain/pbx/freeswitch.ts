import type { Evidence } from '../../model/failure';
import { REDIRECTED_CAUSE } from '../../model/registries/q850';
import table from './freeswitch.json';

/** One of FreeSWITCH's hangup causes. */
export interface FreeswitchCause {
  /** `GATEWAY_DOWN` */
  readonly name: string;
  /** Q.850's number up to 127, FreeSWITCH's own above. */
  readonly number: number;
}

/** Meaning of a hangup cause on a leg that ended without a SIP response. */
export type CauseMeaning =
  /** The caller hung up, or another leg was answered: nothing failed. */
  | { readonly kind: 'cancelled' }
  /** A timer of this side ran out; the CANCEL that follows is ours. */
  | { readonly kind: 'timeout' }
  /** The leg never left this machine. */
  | { readonly kind: 'local' }
  /** The callee is a phone of this FreeSWITCH, and it is not registered: the callee's absence. */
  | { readonly kind: 'absent' }
  /** A 3xx that FreeSWITCH did not follow. */
  | { readonly kind: 'redirected' }
  /** FreeSWITCH's own name for a SIP status. */
  | { readonly kind: 'status'; readonly sip: number }
  /** A Q.850 cause. */
  | { readonly kind: 'cause'; readonly q850: number }
  | { readonly kind: 'nothing' };

/** The FreeSWITCH version of the measurements. */
export const FREESWITCH_VERSION = table.version;

const BY_STATUS = new Map<number | string, FreeswitchCause>(
  table.from_sip.map((row) => [row.sip, { name: row.cause_name, number: row.q850 }]),
);
const OTHERWISE: FreeswitchCause = BY_STATUS.get('default') ?? {
  name: 'NORMAL_UNSPECIFIED',
  number: 31,
};

/** What FreeSWITCH makes of a carrier's final status. */
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

/** The status that FreeSWITCH's `hangup <cause>` sends before an answer: 480 for every cause without a row. */
export function freeswitchSends(name: string): number {
  return SENT_FOR.get(name) ?? 480;
}

const SENT_FOR = new Map<string, number>(table.to_sip.map((row) => [row.cause_name, row.sip]));
const CAUSES = new Map(
  (table.causes as readonly (FreeswitchCause & CauseColumns)[]).map((row) => [row.name, row]),
);

interface CauseColumns {
  /** What the cause means on a leg that no SIP response ended. */
  readonly without_response?: string;
  /** The Q.850 cause or, above 127, the SIP status that it stands for. */
  readonly like?: number;
}

/** The number of a cause by its name; undefined for an unknown name. */
export function numberOf(cause: string): number | undefined {
  return CAUSES.get(cause)?.number;
}

/**
 * Meaning of a hangup cause on a leg that ended without a SIP response.
 * @param cause by name, `ALLOTTED_TIMEOUT`
 */
export function meaningOf(cause: string): CauseMeaning {
  const row = CAUSES.get(cause);
  if (row === undefined) return { kind: 'nothing' };
  const { number, without_response: kind } = row;
  if (isPlain(kind)) return { kind };
  if (number >= 1 && number <= 127) return { kind: 'cause', q850: row.like ?? number };
  // sofia makes causes above 127 from a SIP status; they say nothing more.
  const sip = number > 127 ? (row.like ?? SENT_FOR.get(cause)) : undefined;
  return sip === undefined ? { kind: 'nothing' } : { kind: 'status', sip };
}

/** Meanings that a cause has on a leg whose causes FreeSWITCH computes. */
const COMPUTED: ReadonlySet<CauseMeaning['kind']> = new Set(['local', 'absent', 'redirected']);
/** Q.850 20, subscriber absent. */
const ABSENT_CAUSE = 20;
/** The status of a leg that we or the caller cancelled. */
export const CANCELLED_STATUS = 487;

/**
 * Evidence of a leg that ended with this cause and without a SIP response. The adapter and `crankback explain`
 * both ask here, so they say the same of every cause.
 * @param said whether the leg's technology carries causes on the wire (ISDN); sofia computes them
 */
export function withoutResponse(
  cause: string,
  said = false,
): Pick<Evidence, 'sip' | 'q850' | 'pbxCause' | 'origin'> {
  const meaning = meaningOf(cause);
  const number = numberOf(cause) ?? 0;
  // Where causes are on the wire, one that sofia makes up may be the network's.
  if (said && COMPUTED.has(meaning.kind) && number >= 1 && number <= 127)
    return { q850: number, origin: 'far' };
  switch (meaning.kind) {
    case 'cancelled':
      return { sip: CANCELLED_STATUS, origin: 'ours' };
    case 'timeout':
      return { origin: 'no-response' };
    case 'local':
      return { origin: 'local' };
    case 'absent':
      return { pbxCause: ABSENT_CAUSE, origin: 'local' };
    case 'redirected':
      return { pbxCause: REDIRECTED_CAUSE, origin: 'far' };
    case 'status':
      return { sip: meaning.sip, origin: 'far' };
    case 'cause':
      return { [said ? 'q850' : 'pbxCause']: meaning.q850, origin: 'far' };
    case 'nothing':
      return { origin: 'far' };
  }
}

/** Whether the cause means something of its own on a leg without a response, not what Q.850 says. */
export function hasOwnMeaning(cause: string): boolean {
  const row = CAUSES.get(cause);
  return isPlain(row?.without_response) || row?.like !== undefined;
}

const PLAIN = ['cancelled', 'timeout', 'local', 'absent', 'redirected'] as const;

function isPlain(kind: string | undefined): kind is (typeof PLAIN)[number] {
  return PLAIN.some((one) => one === kind);
}
