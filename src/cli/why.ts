import { modeOfCall, modeText, observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { linesOfThen } from '../replay/lines-of-then';
import { LadderedCall, ladderOf, policiesOfThen } from '../replay/recorded-ladder';
import { isMasked } from '../replay/replay-call';
import { ladderText } from '../simulate/ladder';
import { askService, type ServiceFlags } from './service-client';
import { print } from './print';

export interface WhyFlags extends ServiceFlags {
  readonly explain?: true;
  readonly instance?: string;
}

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
  const call = LadderedCall.parse(answer);
  const { hunt, pbx, number, caller, startedAt, endedAt, decisions, legs, callerCallId } = call;
  const policies = policiesOfThen(call);
  const rungs = ladderOf(call, policies);
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
    ...(call.traceId === undefined ? [] : [`trace: ${call.traceId}`]),
    ...(call.homer ?? []).map(({ url }) => `Homer: ${url}`),
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
  { number, legs, decisions: [first] }: LadderedCall,
  policies: ReadonlyMap<string, WholePolicy | undefined>,
): readonly string[] {
  const policy = policies.get(first?.detail.inputs?.policyHash ?? '');
  if (!first || !policy || observedPart(policy) === undefined || isMasked(number)) return [];
  // The user's own Dial() came before it.
  const begunOn = first.on === 'failed' ? legs[0]?.trunk : undefined;
  const mode = modeOfCall(policy, first.detail.inputs?.hunt ?? { number, startedAt: 0 }, begunOn);
  return mode.mode === 'decide' ? [modeText(mode)] : [];
}
