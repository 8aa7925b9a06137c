import type { Shown } from '../records/shown';
import { answerTimeOf, attemptSpan } from './attempt-span';
import { attemptsIn, type TracedAttempt } from './attempts';
import type { BegunNote, DecidedNote, TraceNote } from './note';
import type { Attributes, SpanPlan } from './span';

/** How a call went, as far as crankback knows. */
type Result =
  'answered' | 'voicemail' | 'announced' | 'refused' | 'fallback' | 'abandoned' | 'unfinished';

/** Of the caller's final status: as of HTTP, where what the client did wrong is no error of the server. */
const isServersFault = (sip: number): boolean => sip >= 500 && sip < 600;

/**
 * A call as spans: the call, its hunt for an answer, and in it attempts and decisions. Pure.
 * @param notes of one call, in order of their coming
 * @param shown masks and escapes what others have written, by the names that records have for it
 * @returns undefined where the begin of the call is missing
 */
export function spansOfCall(notes: readonly TraceNote[], shown: Shown): SpanPlan | undefined {
  const begun = notes.find((note) => note.kind === 'begun');
  if (!begun) return undefined;
  const attempts = attemptsIn(notes);
  const decisions = notes.filter((note) => note.kind === 'decided');
  const fellBack = notes.find((note) => note.kind === 'fell-back');
  const endedAt = notes.find((note) => note.kind === 'ended')?.at;
  const result = resultOf(notes, attempts, decisions);

  const tried = attempts.filter((one) => !one.recovered);
  const decided = decisions.map((one) => decisionSpan(one, notes, shown));
  const answered = attempts.find((one) => one.answeredAt !== undefined);
  // The PBX's clock may be another one than ours.
  const start = Math.min(begun.startedAt, begun.at, ...decided.map((one) => one.start));
  const answerAt = answered && answerTimeOf(answered);
  const latest = Math.max(start, ...notes.map(({ at }) => at));
  const found =
    answerAt ?? fellBack?.at ?? (result === 'abandoned' ? endedAt : decided.at(-1)?.end) ?? latest;
  const tries = tried.map((one, index) => attemptSpan(one, index + 1, { start, found }, shown));
  const children = [...decided, ...tries].sort((one, other) => one.start - other.start);
  const huntEnd = Math.max(start, found, ...children.map((one) => one.end));

  const error =
    fellBack === undefined
      ? refusedAs(result, decisions)
      : `fallback: ${shown({ place: fellBack.place }).place}`;
  const failed = error === undefined ? {} : { error };
  const hunt: SpanPlan = {
    ...{ name: 'hunt', kind: 'internal', start, end: huntEnd, events: [], children, ...failed },
    attributes: {
      'crankback.hunt.attempts': attempts.length,
      'crankback.hunt.result': result,
      ...(answered && { 'crankback.hunt.trunk': answered.trunk }),
      ...(answered?.retry !== undefined && { 'crankback.hunt.saved': answered.retry }),
    },
  };
  return {
    ...{ name: 'call', kind: 'server', start, end: Math.max(endedAt ?? latest, huntEnd) },
    ...{ events: [], children: [hunt], ...failed },
    attributes: { ...ofCall(begun, decisions, shown), 'crankback.call.result': result },
  };
}

function ofCall(
  { pbx, hunt, leg, number, callId, policyHash, route }: BegunNote,
  decisions: readonly DecidedNote[],
  shown: Shown,
): Attributes {
  const from = decisions.find((one) => one.from !== undefined)?.from;
  const told = shown({
    ...{ pbx, hunt, leg, number },
    ...(callId !== undefined && { callerCallId: callId }),
    ...(from !== undefined && { from }),
    ...(route !== undefined && { route }),
  });
  const sip = decisions.findLast((one) => one.sip !== undefined)?.sip;
  return {
    'crankback.call.id': told.hunt,
    'crankback.pbx': told.pbx,
    'crankback.call.mode': 'decide',
    'crankback.call.leg': told.leg,
    'crankback.call.number': told.number,
    'crankback.policy.hash': policyHash,
    ...(told.from !== undefined && { 'crankback.call.from': told.from }),
    ...(told.callerCallId !== undefined && { 'crankback.sip.call_id': told.callerCallId }),
    ...(told.route !== undefined && { 'crankback.route': told.route }),
    ...(sip !== undefined && { 'crankback.sip.status': sip }),
  };
}

function resultOf(
  notes: readonly TraceNote[],
  attempts: readonly TracedAttempt[],
  decisions: readonly DecidedNote[],
): Result {
  if (notes.some((note) => note.kind === 'fell-back')) return 'fallback';
  if (attempts.some((one) => one.answeredAt !== undefined)) return 'answered';
  switch (decisions.at(-1)?.outcome) {
    case 'voicemail':
      return 'voicemail';
    case 'announce':
      return 'announced';
    case 'relay':
      return 'refused';
    default:
      return notes.some((note) => note.kind === 'ended') ? 'abandoned' : 'unfinished';
  }
}

function refusedAs(result: Result, decisions: readonly DecidedNote[]): string | undefined {
  const sip = decisions.at(-1)?.sip;
  return result === 'refused' && sip !== undefined && isServersFault(sip) ? `${sip}` : undefined;
}

/** From the handover to the PBX's taking of the answer; nothing waited for a planned step. */
function decisionSpan(note: DecidedNote, notes: readonly TraceNote[], shown: Shown): SpanPlan {
  const { at, outcome, on, planned, sip, rule, class: name } = note;
  const later = notes.slice(notes.indexOf(note) + 1);
  const next = later.findIndex((one) => one.kind === 'decided');
  const until = next < 0 ? later : later.slice(0, next);
  const taken = planned ? undefined : until.find((one) => one.kind === 'taken');
  const refused = until.find((one) => one.kind === 'not-taken' && one.decidedAt === at);
  const error = refused?.kind === 'not-taken' ? shown({ why: refused.why }).why : undefined;
  const told = shown({
    ...{ why: note.why, passedOver: note.passedOver },
    ...(rule !== undefined && { rule }),
  });
  const trunk = note.trunk === undefined ? undefined : shown({ trunk: note.trunk }).trunk;
  return {
    name: `decide ${outcome}`,
    kind: 'internal',
    start: taken ? Math.min(at, taken.at - taken.ms) : at,
    end: Math.max(at, taken?.at ?? at),
    attributes: {
      'crankback.decision.on': on,
      'crankback.decision.outcome': outcome,
      'crankback.decision.why': told.why,
      'crankback.decision.planned': planned,
      ...(trunk !== undefined && { 'crankback.trunk': trunk }),
      ...(sip !== undefined && { 'crankback.sip.status': sip }),
      ...(told.rule !== undefined && { 'crankback.decision.rule': told.rule }),
      ...(name !== undefined && { 'crankback.failure.class': name }),
      ...(told.passedOver.length > 0 && { 'crankback.decision.passed_over': [...told.passedOver] }),
    },
    ...(error !== undefined && { error }),
    ...{ events: [], children: [] },
  };
}
