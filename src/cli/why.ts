import { z } from 'zod';
import type { Failure } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import { explain } from '../policy/decision/explain';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Decision } from '../policy/decision/decision';
import type { PassedOver } from '../policy/decision/passed-over';
import { modeOfCall, modeText, observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { policyFromText } from '../policy-file/policy-file';
import { isMasked } from '../replay/replay-call';
import { ladderText, type LadderRung } from '../simulate/ladder';
import type { Rung } from '../simulate/play';
import { linesOfThen } from './lines-of-then';
import { askService, type ServiceFlags } from './service-client';
import { print } from './print';
import { legRungs } from './recorded-rungs';

export interface WhyFlags extends ServiceFlags {
  readonly explain?: true;
  readonly instance?: string;
}

interface RecordedDecision {
  readonly decision: Decision;
  readonly passedOver?: readonly PassedOver[];
  readonly inputs?: DecisionInputs;
  readonly planned?: boolean;
}

const Call = z.object({
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
  const { instance } = flags;
  const of = instance === undefined ? '' : `?instance=${encodeURIComponent(instance)}`;
  const path = `/calls/${encodeURIComponent(call)}${of}`;
  return askService(flags, { method: 'GET', path }, (answer) => {
    if (flags.json) print(JSON.stringify(answer, null, 2));
    else print(whyText(answer, flags.explain ?? false));
  });
}

/**
 * The story of a call as text, in the words of `crankback simulate`.
 * @param answer of `GET /calls/<call>`
 * @throws ZodError if it is no such answer
 */
export function whyText(answer: unknown, explained: boolean): string {
  const call = Call.parse(answer);
  const { hunt, pbx, number, caller, startedAt, endedAt, decisions, legs, callerCallId } = call;
  const policies = new Map(call.policies.map((policy) => [policy.hash, compiled(policy)]));
  // What happened within one millisecond keeps its order.
  const rungs = rungsOf(call, policies).toSorted((a, b) => a.at - b.at);
  const from = caller === undefined ? '' : ` from ${caller}`;
  const at = call.instance === undefined ? '' : ` of ${call.instance}`;
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
    `call to ${number}${from}, ${new Date(startedAt).toISOString()}, ${pbx}${at}, hunt ${hunt}`,
    ...(callerCallId === undefined ? [] : [`the caller's Call-ID: ${callerCallId}`]),
    ...modeLines(call, policies),
    ladderText(rungs, { lineAt: linesOfThen(call.policies), explained }),
    ...notes,
  ].join('\n');
}

/** What said that the hunt is decided, where the policy with which it began also observes. */
function modeLines(
  { number, legs, decisions: [first] }: Call,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): readonly string[] {
  const policy = policies.get(first?.detail.inputs?.policyHash ?? '');
  if (!first || !policy || observedPart(policy) === undefined || isMasked(number)) return [];
  // The user's own Dial() came before it.
  const begunOn = first.on === 'failed' ? legs[0]?.trunk : undefined;
  const mode = modeOfCall(policy, number, begunOn);
  return mode.mode === 'decide' ? [modeText(mode)] : [];
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
  return {
    ...{ kind: 'decision', at: at - startedAt, decision },
    ...(explanation && { explanation }),
    ...(inputs && { policyHash: inputs.policyHash }),
  };
}

/** Each attempt follows the decision that began it; the Nth failure comes before what was decided on it. */
function rungsOf(
  { legs, decisions, startedAt }: Call,
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

function dials({ detail: { decision } }: Call['decisions'][number]): boolean {
  return decision.outcome.kind === 'dial' || decision.outcome.kind === 'redirect';
}
