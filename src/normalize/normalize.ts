import { FAULT_OF } from '../model/classes';
import type { Evidence, Failure, Statement } from '../model/failure';
import { KNOWN_PHRASES, type PhraseBook } from '../model/phrases';
import { bodyRefusal } from './body-type';
import {
  causeSays,
  dialStatusSays,
  originSays,
  reasonSays,
  refines,
  statusSays,
  type Progress,
} from './statements';

/** No response at all, as a proxy reports it (RFC 3261 16.8). */
export const SILENCE_STATUS = 408;

/**
 * Merges all sources' evidence of one failed attempt, most trusted first, into one failure. Precedence: the
 * first SIP status with its phrase; Reason values that refine a generic status; a Q.850 cause; the PBX's
 * dial status. Statements that disagree are kept as `contradictions`. Pure and total: without evidence the
 * class is `unknown`.
 */
export function normalize(told: readonly Evidence[], phrases: PhraseBook = KNOWN_PHRASES): Failure {
  const evidence = withBodies(withPhrases(told));
  const rang = evidence.some((source) => source.rang);
  const progress = rang || evidence.some((source) => source.progress);
  const status = evidence.find(hasStatus);
  const reasons = evidence.flatMap((source) => source.reasons ?? []);
  const q850 =
    reasons.find(({ protocol, cause }) => protocol === 'Q.850' && cause !== undefined)?.cause ??
    evidence.find((source) => source.q850 !== undefined)?.q850;
  const location = reasons.find((reason) => reason.location !== undefined)?.location;
  const retryAfterMs = evidence.find((source) => source.retryAfterMs !== undefined)?.retryAfterMs;
  const statements = statementsOf(evidence, { rang, progress }, phrases);
  const decidedBy = decide(statements, status?.sip);
  const failureClass = decidedBy?.class ?? 'unknown';
  return {
    class: failureClass,
    fault: decidedBy?.fault ?? FAULT_OF[failureClass],
    rang,
    progress,
    earlyMediaMs: Math.max(0, ...evidence.map((source) => source.earlyMediaMs ?? 0)),
    origin: evidence[0]?.origin ?? 'no-response',
    contradictions: decidedBy ? statements.filter((it) => contradicts(it, decidedBy, status)) : [],
    evidence,
    ...(decidedBy && { decidedBy }),
    ...(location !== undefined && { location }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status && { sip: status.sip }),
    ...(status?.phrase !== undefined && { phrase: status.phrase }),
    ...(q850 !== undefined && { q850 }),
  };
}

/** Adds the phrase from another source with the same status. */
function withPhrases(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.map((source) => {
    if (source.sip === undefined || source.phrase !== undefined) return source;
    const same = evidence.find(({ sip, phrase }) => sip === source.sip && phrase !== undefined);
    return same?.phrase === undefined ? source : { ...source, phrase: same.phrase };
  });
}

/** Only mirrored SIP sees bodies; they belong to every source with the same status. */
function withBodies(evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.map((source) => {
    if (source.sip === undefined || source.sentBody || source.takenBodies) return source;
    const same = evidence.find((it) => it.sip === source.sip && bodyRefusal(it) !== undefined);
    if (!same) return source;
    const { sentBody, takenBodies } = same;
    return { ...source, ...(sentBody && { sentBody }), ...(takenBodies && { takenBodies }) };
  });
}

type WithStatus = Evidence & { readonly sip: number };

function hasStatus(evidence: Evidence): evidence is WithStatus {
  return evidence.sip !== undefined;
}

/** The statements of all sources, in order of precedence. */
function statementsOf(
  evidence: readonly Evidence[],
  progress: Progress,
  phrases: PhraseBook,
): readonly Statement[] {
  const status: Statement[] = [];
  const reasons: Statement[] = [];
  const others: Statement[] = [];
  const origins: Statement[] = [];
  for (const source of evidence) {
    if (hasStatus(source)) status.push(statusSays(source, progress, phrases));
    // If this side ended the leg, its reasons say nothing about the far side.
    if (source.origin === 'far') {
      for (const reason of source.reasons ?? []) {
        const said = reasonSays(source.source, reason, progress, source.sip);
        if (said) reasons.push(said);
      }
      const cause =
        source.q850 === undefined ? undefined : causeSays(source.source, source.q850, progress);
      if (cause) others.push(cause);
      if (source.dialStatus) others.push(dialStatusSays(source.source, source.dialStatus));
    } else {
      const said = originSays(source, progress);
      if (said) origins.push(said);
    }
  }
  // The most trusted source decides whether origins come before reasons.
  const [first] = evidence;
  const ranked = [...reasons, ...others];
  return [
    ...status,
    ...(first && first.origin !== 'far' ? [...origins, ...ranked] : [...ranked, ...origins]),
  ];
}

/** The first statement, unless a Reason says more than a plain generic status. */
function decide(statements: readonly Statement[], sip: number | undefined): Statement | undefined {
  const [first] = statements;
  if (first?.by !== 'status' || sip === undefined) return first;
  // A cancellation needs no further reason.
  if (first.class === 'cancelled') return first;
  return statements.find((it) => it.by === 'reason' && refines(it, sip)) ?? first;
}

/** A statement of another class contradicts; the status that was refined does not. */
function contradicts(
  said: Statement,
  decidedBy: Statement,
  status: WithStatus | undefined,
): boolean {
  if (said === decidedBy || said.class === decidedBy.class || said.by === 'origin') return false;
  return said.by !== 'status' || said.sip !== status?.sip;
}
