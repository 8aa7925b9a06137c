import type { Evidence, Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';

/** A response of the far side to a leg's INVITE. */
export interface LegMessage {
  /** Since the leg's INVITE. Milliseconds. */
  readonly afterMs: number;
  /** Untrusted, not escaped. */
  readonly said: string;
}

/** What mirrored SIP has of a leg that failed. */
export function wireOf(failure: Failure | undefined): Evidence | undefined {
  return failure?.evidence.find(({ provisional }) => provisional !== undefined);
}

/** ` from 192.0.2.1:5060 to 192.0.2.2:5060`; empty where it is not known. */
export function wayText({ local, far }: Partial<Pick<LegTimes, 'local' | 'far'>>): string {
  return far === undefined ? '' : ` from ${local ?? '?'} to ${far}`;
}

/** Responses before the final one, as on the wire; without it, whether the PBX was told that it rings. */
export function provisionalMessages(
  times: Pick<LegTimes, 'invitedAt' | 'rangAt'> | undefined,
  wire: Evidence | undefined,
): readonly LegMessage[] {
  if (wire?.provisional)
    return wire.provisional.map(({ sip, phrase, sdp, afterMs = 0 }) => ({
      afterMs,
      said: `${sip} ${phrase}${sdp ? ' with SDP' : ''}`,
    }));
  if (times?.rangAt === undefined) return [];
  return [{ afterMs: times.rangAt - times.invitedAt, said: 'rings' }];
}
