import type { Evidence, Reason } from '../model/failure';

/** A value of a Reason header and where it stood. */
export interface SaidReason {
  readonly source: string;
  readonly reason: Reason;
  /** In a provisional response: the call went on after it. */
  readonly provisional: boolean;
}

/**
 * Every Reason value of a source, most telling first: those of the final response in their order, then those of
 * provisional responses, the last response first. A gateway may tell the cause in a 183 and close with a 480.
 */
export function reasonsOf(evidence: Evidence): readonly SaidReason[] {
  const { source } = evidence;
  const before = (evidence.provisional ?? []).toReversed().flatMap(({ reasons = [] }) => reasons);
  return [
    ...(evidence.reasons ?? []).map((reason) => ({ source, reason, provisional: false })),
    ...before.map((reason) => ({ source, reason, provisional: true })),
  ];
}

/** A Q.850 cause that was sent: 1–127. 0 and everything above 127 are no causes. */
export function causeSentIn({ protocol, cause }: Reason): number | undefined {
  const isCause = protocol === 'Q.850' && cause !== undefined && cause >= 1 && cause <= 127;
  return isCause ? cause : undefined;
}
