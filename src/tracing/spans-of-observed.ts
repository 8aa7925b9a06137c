import { VERDICTS } from '../observe/observed-call';
import type { Shown } from '../records/shown';
import { attemptSpan } from './attempt-span';
import type { ObservedNote, ObservedStepNote, WouldNote } from './note';
import type { Attributes, SpanPlan } from './span';

/** How a call of the user's own dialplan went. What its caller got is not known where nobody answered. */
type Result = 'answered' | 'answered-here' | 'abandoned' | 'unanswered';

/**
 * A call that was only observed as spans: the call with the verdict, its hunt for an answer, and in it the attempts
 * that failed, each with what the policy would have done then. Who answered has no span: of trunks that were dialled at
 * once only the first is known. Pure.
 * @param shown masks and escapes what others have written, by the names that records have for it
 */
export function spansOfObserved(note: ObservedNote, shown: Shown): SpanPlan {
  const { at, startedAt: start, steps } = note;
  const result = resultOf(note);
  const children = steps.flatMap((step, index) => spansOfStep(step, index + 1, shown));
  // When somebody answered is not told: the conversation is no part of a hunt.
  const end = Math.max(start, ...children.map((one) => one.end));
  const hunt: SpanPlan = {
    ...{ name: 'hunt', kind: 'internal', start, end, events: [], children },
    attributes: {
      'crankback.hunt.attempts': steps.length + (steps.at(-1)?.did === 'dialled' ? 1 : 0),
      'crankback.hunt.result': result,
    },
  };
  return {
    ...{ name: 'call', kind: 'server', start, end: Math.max(at, end) },
    ...{ events: [], children: [hunt] },
    attributes: { ...ofCall(note, shown), 'crankback.call.result': result },
  };
}

function ofCall(note: ObservedNote, shown: Shown): Attributes {
  const { pbx, call, leg, number, from, callId, policyHash } = note;
  const { verdict, step, waitedMs } = note;
  const told = shown({
    ...{ pbx, call, leg, number },
    ...(callId !== undefined && { callerCallId: callId }),
    ...(from !== undefined && { from }),
  });
  return {
    'crankback.call.id': told.call,
    'crankback.pbx': told.pbx,
    'crankback.call.mode': 'observe',
    'crankback.call.leg': told.leg,
    'crankback.call.number': told.number,
    'crankback.policy.hash': policyHash,
    ...(told.from !== undefined && { 'crankback.call.from': told.from }),
    ...(told.callerCallId !== undefined && { 'crankback.sip.call_id': told.callerCallId }),
    'crankback.observed.verdict': verdict,
    'crankback.observed.why': VERDICTS[verdict],
    'crankback.observed.place': step,
    ...(waitedMs !== undefined && { 'crankback.observed.waited_ms': waitedMs }),
  };
}

function resultOf({ answered, steps }: ObservedNote): Result {
  const last = steps.at(-1);
  if (answered) return last?.did === 'answered-here' ? 'answered-here' : 'answered';
  return last?.failed.class === 'cancelled' ? 'abandoned' : 'unanswered';
}

function spansOfStep(step: ObservedStepNote, place: number, shown: Shown): readonly SpanPlan[] {
  const { failed, ms, would } = step;
  const { trunk, known, at } = failed;
  const attempt = {
    ...{ trunk, known, decidedAt: at - ms, recovered: false },
    ...{ failure: failed, failedAt: at, legs: new Map() },
  };
  const span = attemptSpan(attempt, place, { start: at - ms, found: at }, shown);
  return would ? [span, wouldSpan(step, would, shown)] : [span];
}

/** It takes no time: nothing was done. */
function wouldSpan(
  { failed, did, didTrunk }: ObservedStepNote,
  would: WouldNote,
  shown: Shown,
): SpanPlan {
  const { outcome, why, trunk, sip, rule } = would;
  const told = shown({
    why,
    ...(trunk !== undefined && { trunk }),
    ...(rule !== undefined && { rule }),
    ...(didTrunk !== undefined && { didTrunk }),
  });
  return {
    ...{ name: `would ${outcome}`, kind: 'internal', start: failed.at, end: failed.at },
    ...{ events: [], children: [] },
    attributes: {
      'crankback.decision.on': 'failed',
      'crankback.decision.outcome': outcome,
      'crankback.decision.why': told.why,
      ...(told.trunk !== undefined && { 'crankback.trunk': told.trunk }),
      ...(sip !== undefined && { 'crankback.sip.status': sip }),
      ...(told.rule !== undefined && { 'crankback.decision.rule': told.rule }),
      'crankback.failure.class': failed.class,
      'crankback.observed.did': did,
      ...(told.didTrunk !== undefined && { 'crankback.observed.did_trunk': told.didTrunk }),
    },
  };
}
