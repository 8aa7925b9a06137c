import type { Evidence, SentBody, TakenBodies } from '../model/failure';

/** Why the far side refuses our body itself, whatever session it describes. */
export interface BodyRefusal {
  readonly sent: SentBody | undefined;
  readonly taken: TakenBodies;
  /** Types that we sent and the far side does not take; empty if it refuses the encoding. */
  readonly refused: readonly string[];
}

const SDP = 'application/sdp';

/** Statuses whose class depends on the bodies that both sides have. */
export function mayBeOfBody(sip: number): boolean {
  return sip === 415 || sip === 406;
}

/**
 * Whether a 415 or 406 is about the type or the encoding of our body (RFC 3261 21.4.13), by Accept and
 * Accept-Encoding. Some servers say 415 for "no common codec": so a plain session description, and an Accept that
 * takes it, is no such refusal.
 */
export function bodyRefusal(evidence: Evidence): BodyRefusal | undefined {
  const { sip, sentBody: sent, takenBodies: taken } = evidence;
  if (sip === undefined || !mayBeOfBody(sip) || evidence.origin !== 'far') return undefined;
  const encoding = sent?.encoding;
  const encodings = taken?.encodings;
  if (encoding !== undefined && encodings && !encodings.some((it) => it === '*' || it === encoding))
    return { sent, taken: taken ?? {}, refused: [] };
  const ranges = taken?.types;
  if (ranges) {
    const types = sent?.types ?? [SDP];
    const refused = types.filter((type) => !takes(ranges, type));
    return refused.length > 0 ? { sent, taken: taken ?? {}, refused } : undefined;
  }
  // RFC 3261 wants an Accept. Without one, a 415 to anything but plain SDP means what it says.
  const beside = (sent?.types ?? []).filter((type) => type !== SDP);
  return sip === 415 && beside.length > 0
    ? { sent, taken: taken ?? {}, refused: beside }
    : undefined;
}

/** A media range with wildcards (RFC 3261 20.1). */
function takes(ranges: readonly string[], type: string): boolean {
  const [main = ''] = type.split('/');
  return ranges.some((range) => range === type || range === '*/*' || range === `${main}/*`);
}
