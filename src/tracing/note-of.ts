import type { CallEvent, CallObserved, Decided } from '../events/call-event';
import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import type { ObservedStep } from '../observe/observed-call';
import type { Decision } from '../policy/decision/decision';
import { positionText } from '../policy/decision/text';
import { reasonFields } from '../records/log-fields';
import type { DecidedNote, ObservedNote, ObservedStepNote, TraceNote, WouldNote } from './note';

/** What others can make long. Characters. */
const LONGEST = 500;
/** Trunks that were passed over. */
const MOST_PASSED_OVER = 20;
const MOST_CODECS = 20;

/**
 * What tracing is told of an event; undefined for what is no part of a trace. Pure.
 * @param isTrunk whether the policy in force has a trunk of this name
 */
export function noteOf(
  event: CallEvent,
  isTrunk: (name: string) => boolean,
): TraceNote | ObservedNote | undefined {
  if (event.kind === 'call-observed') return ofObserved(event);
  if (!('hunt' in event) || event.hunt === undefined) return undefined;
  const of = { at: event.at, pbx: event.pbx, hunt: clipped(event.hunt) };
  const on = (trunk: string) => ({ ...of, trunk: clipped(trunk), known: isTrunk(trunk) });
  switch (event.kind) {
    case 'hunt-begun': {
      const { leg, callerCallId, number, startedAt, policyHash, route } = event;
      return {
        ...{ kind: 'begun', ...of, leg: clipped(leg), number: clipped(number) },
        ...{ startedAt, policyHash },
        ...(callerCallId !== undefined && { callId: clipped(callerCallId) }),
        ...(route !== undefined && { route: clipped(route) }),
      };
    }
    case 'attempt-recovered': {
      const { trunk, sip, rang } = event.attempt;
      return { kind: 'recovered', ...on(trunk), rang, ...(sip !== undefined && { sip }) };
    }
    case 'attempt-failed':
    case 'evidence-completed': {
      const completes = event.kind === 'evidence-completed';
      return { kind: 'failed', ...on(event.trunk), completes, ...ofFailure(event.failure) };
    }
    case 'attempt-answered':
      return { kind: 'answered', ...on(event.trunk), retry: event.retry };
    case 'attempt-timed':
      return { kind: 'timed', ...on(event.trunk), times: boundedTimes(event.times) };
    case 'late-answered':
      return { kind: 'late', ...on(event.trunk) };
    case 'decided':
      return { ...of, ...ofDecision(event, isTrunk) };
    case 'answer-taken':
      return { kind: 'taken', ...of, ms: event.ms };
    case 'answer-not-taken':
      return { kind: 'not-taken', ...of, decidedAt: event.decidedAt, why: clipped(event.why) };
    case 'fell-back':
      return { kind: 'fell-back', ...of, place: clipped(event.from) };
    case 'hunt-ended':
      return { kind: 'ended', ...of };
    case 'declined':
    case 'evidence-awaited':
    case 'planned-step-unknown':
    case 'plan-mismatched':
    case 'offer-learned':
    case 'offer-forgotten':
      return undefined;
  }
}

function ofFailure(failure: Failure) {
  const { class: name, fault, sip, phrase, q850, rang } = failure;
  return {
    ...{ class: name, fault, rang },
    ...(sip !== undefined && { sip }),
    ...(phrase !== undefined && { phrase: clipped(phrase) }),
    ...(q850 !== undefined && { q850 }),
    ...reasonFields(failure),
  };
}

function ofDecision(
  { on, decision, failure, passedOver, planned, inputs }: Decided,
  isTrunk: (name: string) => boolean,
): Omit<DecidedNote, 'at' | 'pbx' | 'hunt'> {
  const { outcome, rule, why } = decision;
  const trunk = 'trunk' in outcome ? outcome.trunk : undefined;
  const from = inputs?.hunt.from;
  return {
    ...{ kind: 'decided', on, outcome: outcome.kind, why: clipped(why), planned },
    known: trunk !== undefined && isTrunk(trunk),
    passedOver: passedOver
      .slice(0, MOST_PASSED_OVER)
      .map((one) => clipped(`${one.trunk} (${one.why})`)),
    ...(trunk !== undefined && { trunk }),
    ...('sip' in outcome && { sip: outcome.sip }),
    ...(rule && { rule: positionText(rule) }),
    ...(failure && { class: failure.class }),
    ...(from !== undefined && { from: clipped(from) }),
  };
}

function ofObserved(event: CallObserved): ObservedNote {
  const { at, pbx, leg, callerCallId, number, from, startedAt, answered, policyHash } = event;
  const { steps, verdict, step, waitedMs } = event.observed;
  const call = clipped(event.call);
  return {
    ...{ kind: 'observed', at, pbx, call, leg: clipped(leg), number: clipped(number) },
    ...(callerCallId !== undefined && { callId: clipped(callerCallId) }),
    ...(from !== undefined && { from: clipped(from) }),
    ...{ startedAt, answered, policyHash, verdict, step: step + 1 },
    ...(waitedMs !== undefined && { waitedMs }),
    steps: steps.map((one) => ofStep(one, { pbx, hunt: call })),
  };
}

function ofStep(
  { trunk, at, ms, failure, did, would }: ObservedStep,
  of: { readonly pbx: string; readonly hunt: string },
): ObservedStepNote {
  // What would have been decided is asked only of the policy's own trunks.
  const on = { ...of, at, trunk: clipped(trunk), known: would !== undefined };
  return {
    failed: { kind: 'failed', ...on, completes: false, ...ofFailure(failure) },
    ...{ ms, did: did.kind },
    ...(did.kind === 'dialled' && { didTrunk: clipped(did.trunk) }),
    ...(would && { would: ofWould(would.decision) }),
  };
}

function ofWould({ outcome, rule, why }: Decision): WouldNote {
  return {
    ...{ outcome: outcome.kind, why: clipped(why) },
    ...('trunk' in outcome && { trunk: outcome.trunk }),
    ...('sip' in outcome && { sip: outcome.sip }),
    ...(rule && { rule: positionText(rule) }),
  };
}

function boundedTimes({ callId, codecs, ...times }: LegTimes): LegTimes {
  return {
    ...times,
    ...(callId !== undefined && { callId: clipped(callId) }),
    ...(codecs && { codecs: codecs.slice(0, MOST_CODECS).map(clipped) }),
  };
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
