import type { CallEvent, CallObserved, Decided } from '../events/call-event';
import type { Failure } from '../model/failure';
import type { ObservedStep } from '../observe/observed-call';
import { pack } from '../records/keeping';
import type { Shown } from '../records/shown';
import { outcomeWords } from '../replay/outcome-words';
import type { DecisionEntry, FailureColumns, JournalEntry, ObservedCallEntry } from './entry';

/** No UA makes a longer one; a hostile caller may. Characters. */
const LONGEST_CALL_ID = 256;
/** Of a call of the user's own dialplan. */
const MOST_STEPS = 8;

/**
 * What the journal keeps of an event; undefined for what it does not. Pure.
 * @param shown masks numbers where they are masked at rest, and bounds texts
 */
export function entryOf(event: CallEvent, shown: Shown): JournalEntry | undefined {
  const { at } = event;
  switch (event.kind) {
    case 'hunt-begun': {
      const { pbx, hunt, leg, callerCallId, number, startedAt, policyHash, route } = event;
      const way = route === undefined ? {} : { route };
      const kept = shown({
        leg,
        number,
        ...keptCallId(callerCallId),
      });
      return { kind: 'hunt', at: startedAt, pbx, hunt, ...kept, policy: policyHash, ...way };
    }
    case 'decided':
      return decisionEntry(event, shown);
    case 'attempt-failed':
    case 'evidence-completed': {
      const { pbx, hunt, trunk, failure, kind } = event;
      const completes = kind === 'evidence-completed';
      const columns = failureColumns(failure, shown);
      const before =
        kind === 'attempt-failed' && event.observed ? ({ seenBefore: true } as const) : {};
      return {
        ...{ kind: 'attempt-end', at, pbx, hunt, trunk, completes, ...before },
        failure: columns,
      };
    }
    case 'attempt-answered': {
      const { pbx, hunt, trunk } = event;
      return { kind: 'answered', at, pbx, hunt, trunk };
    }
    case 'attempt-timed': {
      const { pbx, hunt, trunk, times } = event;
      const of = hunt === undefined ? {} : { hunt };
      return { kind: 'timed', at, pbx, ...of, trunk, ...shown({ times }) };
    }
    case 'late-answered': {
      const { pbx, hunt, trunk, leg } = event;
      const of = hunt === undefined ? {} : { hunt };
      return { kind: 'late-answer', at, pbx, ...of, trunk, ...shown({ leg }) };
    }
    case 'attempt-observed': {
      const { pbx, trunk, known, ms, failure, leg, legId, number } = event;
      const id = legId === undefined ? {} : { legId };
      const columns = failure && { failure: failureColumns(failure, shown) };
      const told = shown({ leg, number });
      return { kind: 'observed', at, pbx, ...id, ...told, trunk, known, ms, ...columns };
    }
    case 'call-observed':
      return observedCallEntry(event, shown);
    case 'answer-not-taken':
    case 'fell-back': {
      const { pbx, hunt } = event;
      const why = event.kind === 'fell-back' ? event.from : event.why;
      return { kind: 'not-carried-out', at, pbx, hunt, ...shown({ why }) };
    }
    case 'hunt-ended':
      return { kind: 'hunt-end', at, pbx: event.pbx, hunt: event.hunt };
    case 'trunk-changed': {
      const { trunk, side, from, to } = event.change;
      const detail = pack(shown(event.change)).json;
      return { kind: 'trunk', at, trunk, side, from, to: to.phase, detail };
    }
    case 'policy-changed':
      return { kind: 'policy', at, hash: event.hash, file: event.file, text: event.text };
    case 'pbx-connected':
      return { kind: 'connection', at, pbx: event.pbx, connected: true };
    case 'pbx-gone':
      return {
        kind: 'connection',
        at,
        pbx: event.pbx,
        connected: false,
        ...shown({ why: event.why }),
      };
    default:
      return undefined;
  }
}

function decisionEntry(event: Decided, shown: Shown): DecisionEntry {
  const { at, pbx, hunt, on, decision, passedOver, inputs, planned, degraded } = event;
  const { outcome, rule } = decision;
  const { from, context } = inputs?.hunt ?? {};
  const detail = { decision, passedOver, inputs, planned, degraded };
  return {
    kind: 'decision',
    at,
    pbx,
    hunt,
    on,
    outcome: outcome.kind,
    ...('trunk' in outcome && { trunk: outcome.trunk }),
    ...('sip' in outcome && { sip: outcome.sip }),
    ...(rule && { ruleFile: rule.file, ruleLine: rule.line }),
    ...(from !== undefined && { caller: shown({ from }).from }),
    ...(context !== undefined && shown({ context })),
    detail: pack(shown(detail)).json,
  };
}

function observedCallEntry(
  { at, pbx, call, leg, callerCallId, number, from, observed, ...event }: CallObserved,
  shown: Shown,
): ObservedCallEntry | undefined {
  const { steps, verdict, step, waitedMs } = observed;
  const about = steps[step];
  if (!about?.would) return undefined;
  const { decision } = about.would;
  const { class: name, sip } = about.failure;
  const kept = shown({
    ...{ leg, number },
    ...(from !== undefined && { from }),
    ...keptCallId(callerCallId),
  });
  return {
    ...{ kind: 'observed-call', at, pbx, call },
    ...{ leg: kept.leg, number: kept.number, startedAt: event.startedAt },
    ...(kept.from !== undefined && { caller: kept.from }),
    ...(kept.callerCallId !== undefined && { callerCallId: kept.callerCallId }),
    ...{ answered: event.answered, policy: event.policyHash, verdict },
    ...{ trunk: about.trunk, class: name, would: outcomeWords(decision.outcome) },
    ...(sip !== undefined && { sip }),
    ...(about.did.kind === 'dialled' && { didTrunk: about.did.trunk }),
    ...(decision.rule && { ruleFile: decision.rule.file, ruleLine: decision.rule.line }),
    ...(waitedMs !== undefined && { waitedMs }),
    // Each by itself: within the whole, evidence would be too deep to be kept.
    detail: pack(steps.slice(0, MOST_STEPS).map((one) => shownStep(one, shown))).json,
  };
}

function keptCallId(callerCallId: string | undefined): { readonly callerCallId?: string } {
  if (callerCallId === undefined) return {};
  return { callerCallId: callerCallId.slice(0, LONGEST_CALL_ID) };
}

function shownStep({ failure, would, ...step }: ObservedStep, shown: Shown): object {
  // The inputs have it too.
  if (would) return { ...shown(step), would: shown(would) };
  return { ...shown(step), failure: shown(failure) };
}

function failureColumns(failure: Failure, shown: Shown): FailureColumns {
  const { class: name, fault, sip, phrase, q850, rang } = failure;
  return {
    class: name,
    fault,
    ...(sip !== undefined && { sip }),
    ...(phrase !== undefined && shown({ phrase })),
    ...(q850 !== undefined && { q850 }),
    rang,
    detail: pack(shown(failure)).json,
  };
}
