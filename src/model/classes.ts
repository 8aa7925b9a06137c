import table from './classes.json';
import type { Fault } from './failure';

/** Every failure class, each with whose fault it is by default. */
export const FAULT_OF = table.faults as Readonly<Record<FailureClass, Fault>>;

/** What kind of failure it was; the names that `when: { class: … }` accepts. */
export type FailureClass = keyof (typeof table)['faults'];

export const FAILURE_CLASSES = Object.keys(table.faults) as readonly FailureClass[];

interface SipRow {
  readonly code: number;
  readonly phrase: string;
  readonly class: string;
  readonly if_rang?: string;
  readonly if_ours?: string;
  readonly relay_as?: number;
}

const BY_STATUS = new Map<number, SipRow>(
  (table.sip as readonly SipRow[]).map((row) => [row.code, row]),
);
const BY_CAUSE = new Map<number, FailureClass>(
  table.q850.map((row) => [row.cause, row.class as FailureClass]),
);

/** RFC 3261 8.1.3.2: an unregistered final status counts as x00 of its class. */
function rowOf(sip: number): SipRow | undefined {
  return BY_STATUS.get(sip) ?? BY_STATUS.get(Math.floor(sip / 100) * 100);
}

/** Class of a final SIP status (300–699); `unknown` for anything else. */
export function classOfStatus(sip: number, about: { rang: boolean; ours: boolean }): FailureClass {
  const row = rowOf(sip);
  if (!row) return 'unknown';
  const name =
    (about.ours ? row.if_ours : undefined) ?? (about.rang ? row.if_rang : undefined) ?? row.class;
  return name as FailureClass;
}

/** Class of a Q.850 cause where no SIP status is known. */
export function classOfCause(q850: number, about: { rang: boolean }): FailureClass {
  if (q850 === 18 && about.rang) return 'no-answer';
  return BY_CAUSE.get(q850) ?? 'unknown';
}

/**
 * The status that the caller gets for a carrier's status: hop-by-hop statuses are replaced
 * (RFC 3261 16.7 and 22.3), all others go through as they came.
 */
export function relayStatus(sip: number): number {
  const row = BY_STATUS.get(sip);
  if (row?.relay_as !== undefined) return row.relay_as;
  return sip < 400 ? 480 : sip;
}
