import { z } from 'zod';
import type { Failure } from '../model/failure';
import { explain } from '../policy/decision/explain';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Decision } from '../policy/decision/decision';
import type { PassedOver } from '../policy/decision/passed-over';
import type { WholePolicy } from '../policy/policy';
import type { Position } from '../policy/policy-data';
import { policyFromText } from '../policy-file/policy-file';
import { readPolicyLine } from '../policy-file/policy-lines';
import { ladderText } from '../simulate/ladder';
import type { Rung } from '../simulate/play';
import { askService, type ServiceFlags } from './service-client';
import { print } from './print';

export interface WhyFlags extends ServiceFlags {
  readonly explain?: true;
}

interface RecordedDecision {
  readonly decision: Decision;
  readonly passedOver?: readonly PassedOver[];
  readonly inputs?: DecisionInputs;
  readonly planned?: boolean;
}

const Call = z.object({
  hunt: z.string(),
  pbx: z.string(),
  number: z.string(),
  caller: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  legs: z.array(
    z.object({
      trunk: z.string(),
      beganAt: z.number(),
      endedAt: z.number().optional(),
      answered: z.boolean(),
      late: z.boolean(),
      failure: z.custom<Failure>().optional(),
    }),
  ),
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

type Call = z.output<typeof Call>;

/** `crankback why CALL`: the ladder of a recorded call, explained by the policy that was in force then. */
export function why(call: string, flags: WhyFlags): Promise<void> {
  const path = `/calls/${encodeURIComponent(call)}`;
  return askService(flags, { method: 'GET', path }, (answer) => {
    if (flags.json) print(JSON.stringify(answer, null, 2));
    else print(whyText(Call.parse(answer), flags.explain ?? false));
  });
}

/** The story of a call as text, in the words of `crankback simulate`. */
export function whyText(call: Call, explained: boolean): string {
  const { hunt, pbx, number, caller, startedAt, endedAt, decisions, legs } = call;
  const policies = new Map(call.policies.map((policy) => [policy.hash, compiled(policy)]));
  const rungs = [
    ...legRungs(legs, startedAt, decisions),
    ...decisions.map((one) => decisionRung(one, startedAt, policies)),
  ].sort((a, b) => a.at - b.at);
  const from = caller === undefined ? '' : ` from ${caller}`;
  const notes = [
    ...decisions.flatMap(({ notCarriedOut }) =>
      notCarriedOut === undefined ? [] : [`not carried out, static fallback: ${notCarriedOut}`],
    ),
    ...legs.flatMap(({ trunk, late }) => (late ? [`${trunk} answered after it was given up`] : [])),
    ...call.policies.flatMap(({ hash, lines }) =>
      lines === undefined
        ? [`the text of policy ${hash} was not kept: its rules are not shown`]
        : [],
    ),
    ...(endedAt === undefined ? [] : [`ended after ${(endedAt - startedAt) / 1000} s`]),
  ];
  return [
    `call to ${number}${from}, ${new Date(startedAt).toISOString()}, ${pbx}, hunt ${hunt}`,
    ladderText(rungs, { lineAt: linesOf(call), explained }),
    ...notes,
  ].join('\n');
}

function compiled({ file, lines }: Call['policies'][number]): WholePolicy | undefined {
  if (lines === undefined) return undefined;
  const loaded = policyFromText(lines.join('\n'), file);
  return loaded.ok ? loaded.policy : undefined;
}

function decisionRung(
  { at, detail }: Call['decisions'][number],
  startedAt: number,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): Rung {
  const { decision, inputs } = detail;
  const policy = inputs && policies.get(inputs.policyHash);
  const explanation = policy && inputs ? explain(policy, inputs) : undefined;
  return { kind: 'decision', at: at - startedAt, decision, ...(explanation && { explanation }) };
}

/** The Nth failure is told together with what was decided on it, and comes first. */
function legRungs(
  legs: Call['legs'],
  startedAt: number,
  decisions: Call['decisions'],
): readonly Rung[] {
  const onFailures = decisions.filter(({ on }) => on === 'failed');
  let failures = 0;
  return legs.flatMap(({ trunk, endedAt, answered, failure }): readonly Rung[] => {
    if (endedAt === undefined) return [];
    if (answered) return [{ kind: 'answered', at: endedAt - startedAt, trunk, assumed: false }];
    if (!failure) return [];
    const at = Math.min(endedAt, onFailures[failures++]?.at ?? endedAt) - startedAt;
    const said = failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`;
    return [{ kind: 'failed', at, trunk, said: said.trim(), failure }];
  });
}

/** Lines of the policies as they were; those of the shipped rules as they are. */
function linesOf({ policies }: Call): (at: Position) => string {
  const files = new Map(policies.map(({ file, lines }) => [file, lines]));
  const shipped = readPolicyLine();
  return (at) =>
    files.has(at.file) ? (files.get(at.file)?.[at.line - 1]?.trim() ?? '') : shipped(at);
}
