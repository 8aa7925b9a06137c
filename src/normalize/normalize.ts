import { FAULT_OF, isInformative } from '../model/classes';
import type { Evidence, Failure, Redress, Statement } from '../model/failure';
import { KNOWN_PHRASES, type PhraseBook } from '../model/phrases';
import { redressIn } from './analytics';
import { bodyRefusal } from './body-type';
import { causeSentIn, reasonsOf } from './reasons';
import {
  causeSays,
  dialStatusSays,
  originSays,
  pbxCauseSays,
  reasonSays,
  refines,
  statusSays,
  type Progress,
} from './statements';
import { inOrderOfTrust } from './trust';

/** No response at all, as a proxy reports it (RFC 3261 16.8). */
export const SILENCE_STATUS = 408;

/**
 * Merges all sources' evidence of one failed attempt into one failure; the order in which it comes does not
 * matter. Precedence: the first SIP status with its phrase; Reason values that refine a generic status; a Q.850
 * cause; the PBX's own cause and dial status. Statements that disagree are kept as `contradictions`. Pure and
 * total: without evidence the class is `unknown`.
 */
export function normalize(told: readonly Evidence[], phrases: PhraseBook = KNOWN_PHRASES): Failure {
  const evidence = withBodies(withPhrases(inOrderOfTrust(told)));
  const rang = evidence.some((source) => source.rang);
  const progress = rang || evidence.some((source) => source.progress);
  const status = evidence.find(hasStatus);
  const retryAfterMs = evidence.find((source) => source.retryAfterMs !== undefined)?.retryAfterMs;
  const afterMs = evidence.find((source) => source.failedAfterMs !== undefined)?.failedAfterMs;
  const statements = statementsOf(evidence, { rang, progress }, phrases);
  const decidedBy = decide(statements, status?.sip);
  const failureClass = decidedBy?.class ?? 'unknown';
  const redress = failureClass === 'blocked' ? redressOf(evidence) : undefined;
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
    ...causeIn(evidence, decidedBy),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(afterMs !== undefined && { afterMs }),
    ...(redress && { redress }),
    ...(status && { sip: status.sip }),
    ...(status?.phrase !== undefined && { phrase: status.phrase }),
  };
}

/** The Q.850 cause of the record and its location: the one that decided, otherwise the first that says something. */
function causeIn(
  evidence: readonly Evidence[],
  decidedBy: Statement | undefined,
): Pick<Failure, 'q850' | 'location'> {
  const values = evidence.flatMap(reasonsOf).map(({ reason }) => reason);
  const sent = values.flatMap((reason) => {
    const q850 = causeSentIn(reason);
    return q850 === undefined ? [] : [{ q850, location: reason.location }];
  });
  const chosen =
    decidedBy?.by === 'reason' && decidedBy.q850 !== undefined
      ? decidedBy
      : (sent.find((one) => isInformative(one.q850)) ?? sent[0]);
  const q850 = chosen?.q850 ?? evidence.find((source) => source.q850 !== undefined)?.q850;
  // A value may have a location and no cause.
  const location =
    chosen === undefined
      ? values.find((one) => one.protocol === 'Q.850' && one.location !== undefined)?.location
      : chosen.location;
  return {
    ...(q850 !== undefined && { q850 }),
    ...(location !== undefined && { location }),
  };
}

function redressOf(evidence: readonly Evidence[]): Redress | undefined {
  for (const source of evidence) {
    const redress = redressIn(
      source,
      reasonsOf(source).map(({ reason }) => reason),
    );
    if (redress) return redress;
  }
  return undefined;
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
  /** What the far side told before this side gave up: a busy announcement's cause outdoes "no answer". */
  const before: Statement[] = [];
  const sip = evidence.find(hasStatus)?.sip;
  for (const source of evidence) {
    if (hasStatus(source)) status.push(statusSays(source, progress, phrases));
    for (const one of reasonsOf(source)) {
      // If this side ended the leg, the final response's reasons say nothing about the far side.
      if (source.origin !== 'far' && !one.provisional) continue;
      const said = reasonSays(one, progress, sip);
      if (said) (source.origin === 'far' ? reasons : before).push(said);
    }
    if (source.origin === 'far') {
      const cause =
        source.q850 === undefined ? undefined : causeSays(source.source, source.q850, progress);
      if (cause) others.push(cause);
      // Beside a status it would only repeat the status, less precisely.
      if (sip === undefined && source.pbxCause !== undefined) {
        const said = pbxCauseSays(source.source, source.pbxCause, progress);
        if (said) others.push(said);
      }
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
    ...before,
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
