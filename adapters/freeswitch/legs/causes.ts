import table from './causes.json';

/** What FreeSWITCH means by a hangup cause on a leg that got no status. */
export type CauseMeaning =
  /** The caller, or whoever else had rung, decided: nothing failed. */
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

const CANCELLED = new Set(['ORIGINATOR_CANCEL', 'LOSE_RACE', 'PICKED_OFF']);

/** `leg_timeout`, `leg_progress_timeout`, `call_timeout`, and whoever kills a leg by these names. */
const TIMEOUTS = new Set([
  'ALLOTTED_TIMEOUT',
  'PROGRESS_TIMEOUT',
  'NO_ANSWER',
  'NO_PICKUP',
  'MEDIA_TIMEOUT',
]);

const LOCAL = new Set([
  'INVALID_GATEWAY',
  'GATEWAY_DOWN',
  'INVALID_URL',
  'INVALID_PROFILE',
  'USER_NOT_REGISTERED',
  'CHAN_NOT_IMPLEMENTED',
  'REQUESTED_CHAN_UNAVAIL',
  'NETWORK_OUT_OF_ORDER',
  'DESTINATION_OUT_OF_ORDER',
  'NORMAL_TEMPORARY_FAILURE',
  'NO_ROUTE_DESTINATION',
  'SYSTEM_SHUTDOWN',
  'CRASH',
]);

/** Own causes above 127 that say no more than the SIP status from which sofia made them. */
const STATUS_BEHIND: Readonly<Record<string, number>> = {
  BUSY_EVERYWHERE: 600,
  DECLINE: 603,
  REJECT_ALL: 603,
  DOES_NOT_EXIST_ANYWHERE: 604,
  NOT_ACCEPTABLE: 606,
  UNWANTED: 607,
  NO_IDENTITY: 428,
  BAD_IDENTITY_INFO: 429,
  UNSUPPORTED_CERTIFICATE: 437,
  INVALID_IDENTITY: 438,
  STALE_DATE: 403,
};

const NUMBERS = table.causes as Readonly<Record<string, number>>;

/** The number of a cause's name; undefined for an unknown one. */
export function numberOf(cause: string): number | undefined {
  return Object.hasOwn(NUMBERS, cause) ? NUMBERS[cause] : undefined;
}

/**
 * What a hangup cause means on a leg that no SIP response ended.
 * @param cause by name, `ALLOTTED_TIMEOUT`
 */
export function meaningOf(cause: string): CauseMeaning {
  if (CANCELLED.has(cause)) return { kind: 'cancelled' };
  if (TIMEOUTS.has(cause)) return { kind: 'timeout' };
  if (LOCAL.has(cause)) return { kind: 'local' };
  if (cause === 'REDIRECTION_TO_NEW_DESTINATION') return { kind: 'redirected' };
  const sip = Object.hasOwn(STATUS_BEHIND, cause) ? STATUS_BEHIND[cause] : undefined;
  if (sip !== undefined) return { kind: 'status', sip };
  const number = numberOf(cause) ?? 0;
  return number >= 1 && number <= 127 ? { kind: 'cause', q850: number } : { kind: 'nothing' };
}
