import * as z from 'zod';
import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import { explain } from '../policy/decision/explain';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Decision } from '../policy/decision/decision';
import type { PassedOver } from '../policy/decision/passed-over';
import type { WholePolicy } from '../policy/policy';
import { policyFromText } from '../policy-file/policy-file';
import type { LadderRung } from '../simulate/ladder';
import type { Rung } from '../simulate/play';
import { legRungs } from './leg-rungs';

interface RecordedDecision {
  readonly decision: Decision;
  readonly passedOver?: readonly PassedOver[];
  readonly inputs?: DecisionInputs;
  readonly planned?: boolean;
}

/** What a ladder is made of, as `GET /calls/<call>` has it. */
export const LadderedCall = z.object({
  instance: z.string().optional(),
  hunt: z.string(),
  pbx: z.string(),
  number: z.string(),
  caller: z.string().optional(),
  callerCallId: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  legs: z.array(
    z.object({
      trunk: z.string(),
      beganAt: z.number(),
      endedAt: z.number().optional(),
      answered: z.boolean(),
      late: z.boolean(),
      times: z.custom<LegTimes>().optional(),
      failure: z.custom<Failure>().optional(),
    }),
  ),
  homer: z.array(z.object({ callId: z.string(), url: z.string() })).optional(),
  traceId: z.string().optional(),
  decisions: z.array(
    z.object({
      at: z.number(),
      on: z.string(),
      notCarriedOut: z.string().optional(),
      detail: z.custom<RecordedDecision>(),
    }),
  ),
  policies: z.array(
    z.object({ hash: z.string(), file: z.string(), lines: z.array(z.string()).optional() }),
  ),
});

export type LadderedCall = z.output<typeof LadderedCall>;

/**
 * The policies that decided a call, compiled, by their hashes; undefined where a text is not known or not wanted.
 * @param isExplained whether a policy may be read: a very large one takes long
 */
export function policiesOfThen(
  { policies }: Pick<LadderedCall, 'policies'>,
  isExplained: (policy: LadderedCall['policies'][number]) => boolean = () => true,
): ReadonlyMap<string, WholePolicy | undefined> {
  return new Map(
    policies.map((policy) => [policy.hash, isExplained(policy) ? compiled(policy) : undefined]),
  );
}

/** The ladder of a recorded call, each decision explained by the policy that was in force then. */
export function ladderOf(
  call: LadderedCall,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): readonly LadderRung[] {
  // What happened within one millisecond keeps its order.
  return rungsOf(call, policies).toSorted((a, b) => a.at - b.at);
}

function compiled({ file, lines }: LadderedCall['policies'][number]): WholePolicy | undefined {
  if (lines === undefined) return undefined;
  const loaded = policyFromText(lines.join('\n'), file);
  return loaded.ok ? loaded.policy : undefined;
}

function decisionRung(
  { at, detail }: LadderedCall['decisions'][number],
  startedAt: number,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): Rung {
  const { decision, inputs } = detail;
  const policy = inputs && policies.get(inputs.policyHash);
  const explanation = policy && inputs ? explain(policy, inputs) : undefined;
  return {
    ...{ kind: 'decision', at: at - startedAt, decision },
    ...(explanation && { explanation }),
    ...(inputs && { policyHash: inputs.policyHash }),
  };
}

/** Each attempt follows the decision that began it; the Nth failure comes before what was decided on it. */
function rungsOf(
  { legs, decisions, startedAt }: LadderedCall,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): readonly LadderRung[] {
  const onFailures = decisions.filter(({ on }) => on === 'failed');
  let failures = 0;
  const told = legs.map((leg) =>
    legRungs(leg, startedAt, leg.failure && onFailures[failures++]?.at),
  );
  const begun = decisions.filter(dials).length;
  // Attempts of the user's own Dial() come before the first decision.
  const before = told.splice(0, Math.max(0, told.length - begun));
  return [
    ...before.flat(),
    ...decisions.flatMap((one) => [
      decisionRung(one, startedAt, policies),
      ...(dials(one) ? (told.shift() ?? []) : []),
    ]),
  ];
}

function dials({ detail: { decision } }: LadderedCall['decisions'][number]): boolean {
  return decision.outcome.kind === 'dial' || decision.outcome.kind === 'redirect';
}
