import { VERDICTS, type ObservedStep, type Verdict } from '../../observe/observed-call';
import type { ObservedAsked } from '../../journal/read/observed';
import { traceIdOf } from '../../tracing/trace-id';
import type { ObservedCall, ObservedList } from '../v1/schemas/observed';
import { toldDecision, toldFailure, toldPlace } from '../v1/told/ladder';
import { known, secondsOf, timeOf } from '../v1/told/units';
import { knownLines } from './known-lines';
import type { Desk, Job } from './job';
import { Refused } from './refused';

/** Steps of one call. */
const MOST_STEPS = 100;

export async function tellObserved(asked: ObservedAsked, { ask }: Desk): Promise<ObservedList> {
  const { since, until, calls, more, groups } = await ask('observed', asked);
  return {
    ...{ since: timeOf(since), until: timeOf(until), calls, more },
    groups: groups.map((group) => {
      const { trunk, class: name, sip, didTrunk, would, ruleFile, ruleLine } = group;
      const verdict = group.verdict as Verdict;
      return {
        ...{ verdict, why: VERDICTS[verdict], trunk, class: name, ...known({ sip, didTrunk }) },
        would,
        ...(ruleFile !== undefined &&
          ruleLine !== undefined && { rule: toldPlace({ file: ruleFile, line: ruleLine }) }),
        ...{ calls: group.calls, answered: group.answered },
        ...waited(group.waitedMs),
        examples: [...group.hunts],
      };
    }),
  };
}

export async function tellObservedCall(
  { wanted, traced }: Extract<Job, { kind: 'observed-call' }>,
  { ask }: Desk,
): Promise<ObservedCall> {
  const found = await ask('observed-call', wanted);
  if (!found) throw new Refused('not-found', { detail: 'the journal has no such observed call' });
  const { call, pbx, number, caller, callerCallId, startedAt, endedAt, answered, policy } = found;
  const verdict = found.verdict as Verdict;
  const lineAt = knownLines(policy ? [policy] : []);
  return {
    ...{ call, pbx, number, ...known({ caller, callerCallId }) },
    ...{ startedAt: timeOf(startedAt), endedAt: timeOf(endedAt), answered },
    ...{ verdict, why: VERDICTS[verdict], ...waited(found.waitedMs) },
    ...(traced && { traceId: traceIdOf({ pbx, hunt: call, startedAt }) }),
    // The journal's own.
    steps: (found.steps as readonly RecordedStep[])
      .slice(0, MOST_STEPS)
      .map(({ at, trunk, failure, did, would }) => {
        const told = failure ?? would?.inputs.failure;
        return {
          ...{ at: timeOf(at), seconds: secondsOf(at - startedAt), trunk },
          ...(told && { failure: toldFailure(told) }),
          did: { ...did },
          ...(would && { would: toldDecision(would.decision, { lineAt }) }),
        };
      }),
  };
}

/** The failure stands once where it is an input of the decision. */
type RecordedStep = Omit<ObservedStep, 'failure'> & Partial<Pick<ObservedStep, 'failure'>>;

function waited(ms: number | undefined) {
  return ms === undefined ? {} : { waitedSeconds: secondsOf(ms) };
}
