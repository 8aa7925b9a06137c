import table from './classes.json';

/** Who caused a failure; decides whether it can count against a trunk. */
export type Fault = 'caller' | 'callee' | 'number' | 'trunk' | 'media' | 'request' | 'unknown';

/** Listed here, not taken from the table: declaration files must not need a JSON file. */
const CLASSES = [
  'cancelled',
  'busy',
  'no-answer',
  'unavailable',
  'declined',
  'blocked',
  'invalid-number',
  'redirected',
  'trunk-congested',
  'trunk-failed',
  'trunk-timeout',
  'local-unreachable',
  'no-route',
  'auth-failed',
  'no-credit',
  'caller-id-rejected',
  'forbidden',
  'codec-mismatch',
  'media-address',
  'bad-request',
  'loop',
  'dialog-lost',
  'glare',
  'unknown',
] as const;

/** Kind of failure; the names that `when: { class: … }` accepts. */
export type FailureClass = (typeof CLASSES)[number];

export const FAILURE_CLASSES: readonly FailureClass[] = CLASSES;

/** Every failure class with its default fault. */
export const FAULT_OF = table.faults as Readonly<Record<FailureClass, Fault>>;

/** How one registered final status is classified and relayed. */
export interface StatusRow {
  readonly code: number;
  readonly phrase: string;
  readonly class: FailureClass;
  readonly fault?: Fault;
  readonly if_rang?: FailureClass;
  readonly if_ours?: FailureClass;
  readonly relay_as?: number;
}

/** How one Q.850 cause is classified if no SIP status is known. */
export interface CauseRow {
  readonly cause: number;
  readonly class: FailureClass;
  readonly note?: string;
}

const BY_STATUS = new Map<number, StatusRow>(
  (table.sip as readonly StatusRow[]).map((row) => [row.code, row]),
);
const BY_CAUSE = new Map<number, CauseRow>(
  (table.q850 as readonly CauseRow[]).map((row) => [row.cause, row]),
);
const REFINED = new Set<number>(table.reason_refines.statuses);
const NO_INFORMATION = new Set<number>(table.reason_refines.no_information);

/** RFC 3261 8.1.3.2: an unregistered final status counts as x00 of its class. */
export function statusRow(sip: number): StatusRow | undefined {
  return BY_STATUS.get(sip) ?? BY_STATUS.get(Math.floor(sip / 100) * 100);
}

/** The row of a Q.850 cause; undefined if the cause is not assigned. */
export function causeRow(q850: number): CauseRow | undefined {
  return BY_CAUSE.get(q850);
}

/** Class of a final SIP status (300–699); `unknown` for anything else. */
export function classOfStatus(sip: number, about: { rang: boolean; ours: boolean }): FailureClass {
  const row = statusRow(sip);
  if (!row) return 'unknown';
  return (
    (about.ours ? row.if_ours : undefined) ?? (about.rang ? row.if_rang : undefined) ?? row.class
  );
}

/** Fault of a status in this class: of two statuses of one class, 608 blames the caller and 607 the callee. */
export function faultOfStatus(sip: number, failureClass: FailureClass): Fault {
  const row = BY_STATUS.get(sip);
  return row?.class === failureClass && row.fault ? row.fault : FAULT_OF[failureClass];
}

/** Class of a Q.850 cause if no SIP status is known. */
export function classOfCause(q850: number, about: { rang: boolean }): FailureClass {
  if (q850 === 18 && about.rang) return 'no-answer';
  return BY_CAUSE.get(q850)?.class ?? 'unknown';
}

/** Whether a status is so generic that a Reason header may refine it; all other statuses stand. */
export function isGeneric(sip: number): boolean {
  return REFINED.has(sip);
}

/** Whether a Q.850 cause carries information: 16, 31, 111, 127 and unassigned causes do not. */
export function isInformative(q850: number): boolean {
  return !NO_INFORMATION.has(q850) && BY_CAUSE.has(q850);
}

/**
 * The caller's status for a carrier's status. Hop-by-hop statuses are replaced (RFC 3261 16.7 and 22.3), a
 * 3xx becomes a 480, all others pass unchanged.
 */
export function relayStatus(sip: number): number {
  const row = BY_STATUS.get(sip);
  if (row?.relay_as !== undefined) return row.relay_as;
  return sip < 400 ? 480 : sip;
}
