import type { CallRow } from '../../journal/read/calls';
import type { WantedCall } from '../../journal/read/call';
import type { CallFilter } from '../../journal/read/calls-filter';
import { homerLinks } from '../../records/homer-links';
import { LadderedCall, ladderOf, policiesOfThen } from '../../replay/recorded-ladder';
import { traceIdOf } from '../../tracing/trace-id';
import type * as z from 'zod';
import type { Call, CallPage, CallSummary } from '../v1/schemas/calls';
import { toldRung } from '../v1/told/ladder';
import { known, timeOf } from '../v1/told/units';
import { knownLines } from './known-lines';
import { NO_SUCH_CALL } from '../no-such-call';
import { cursorOf, placeOf } from './cursor';
import type { Desk, Job } from './job';
import { Refused } from './refused';

/** Steps of one call. */
const MOST_RUNGS = 1_000;
/** Lines of a policy that is compiled to explain a call: a larger one takes seconds. */
const MOST_LINES = 20_000;

export async function tellCalls(filter: CallFilter, { ask }: Desk): Promise<CallPage> {
  const before = filter.before === undefined ? {} : { before: placeOf(filter.before, filter) };
  const { calls, next, missing } = await ask('calls', { ...filter, ...before });
  return {
    calls: calls.map(toldSummary),
    ...(next !== undefined && { next: cursorOf(next, filter) }),
    ...(missing && {
      missing: missing.map(({ since, until, count, why }) => ({
        ...(since !== undefined && { since: timeOf(since) }),
        until: timeOf(until),
        ...known({ count }),
        why,
      })),
    }),
  };
}

export async function tellCall(
  { wanted, explained, homerUrl, traced }: Extract<Job, { kind: 'call' }>,
  { ask }: Desk,
): Promise<Call> {
  const found = await ask('call', wanted);
  if (!found) throw new Refused('not-found', { detail: await whyNone(wanted, ask) });
  const call = LadderedCall.parse(found);
  const isExplained = ({ lines }: LadderedCall['policies'][number]): boolean =>
    explained && lines !== undefined && lines.length <= MOST_LINES;
  const rungs = ladderOf(call, policiesOfThen(call, isExplained));
  const lineAt = knownLines(call.policies);
  const { startedAt } = call;
  const { leg, callerCallId, context } = found;
  return {
    ...toldSummary(found),
    leg,
    ...known({ callerCallId, context }),
    ...(homerUrl !== undefined && { homer: [...homerLinks(homerUrl, call)] }),
    ...(traced && { traceId: traceIdOf(found) }),
    ladder: rungs.slice(0, MOST_RUNGS).map((rung) => toldRung(rung, startedAt, lineAt)),
    leftOut: Math.max(0, rungs.length - MOST_RUNGS),
    notes: notesOf(call),
    policies: call.policies.map((policy) => ({
      ...{ hash: policy.hash, file: policy.file },
      explained: isExplained(policy),
    })),
  };
}

/** A call that was left to its own dialplan is no recorded call: where it is told, if it is. */
async function whyNone({ instance, ...wanted }: WantedCall, ask: Desk['ask']): Promise<string> {
  // Observed calls are not asked for by instance.
  const observed = instance === undefined ? await ask('observed-call', wanted) : undefined;
  if (!observed) return NO_SUCH_CALL;
  return `nothing was decided of it: it was left to its own dialplan, see /v1/observed/${encodeURIComponent(observed.call)}`;
}

function notesOf({ decisions, legs, policies }: LadderedCall): string[] {
  return [
    ...decisions.flatMap(({ notCarriedOut }) =>
      notCarriedOut === undefined ? [] : [`not carried out, static fallback: ${notCarriedOut}`],
    ),
    ...legs.flatMap(({ trunk, late }) => (late ? [`${trunk} answered after it was given up`] : [])),
    ...policies.flatMap(({ hash, lines }) =>
      lines === undefined
        ? [`the text of policy ${hash} was not kept: its rules are not shown`]
        : [],
    ),
  ].slice(0, MOST_RUNGS);
}

function toldSummary(row: CallRow): z.output<typeof CallSummary> {
  const { hunt, pbx, instance, number, caller, startedAt, endedAt, outcome } = row;
  const { trunk, sip, class: name, attempts, failures, fellBack, saved } = row;
  return {
    ...{ hunt, pbx, number, startedAt: timeOf(startedAt) },
    ...known({ instance, caller, outcome, trunk, sip, class: name }),
    ...(endedAt !== undefined && { endedAt: timeOf(endedAt) }),
    ...{ attempts, failures, fellBack, saved },
  };
}
