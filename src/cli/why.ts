import { named } from '../findings/named';
import { modeOfCall, modeText, observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { linesOfThen } from '../replay/lines-of-then';
import { LadderedCall, ladderOf, policiesOfThen } from '../replay/recorded-ladder';
import { isMasked } from '../replay/replay-call';
import { ladderText } from '../simulate/ladder';
import { ObservedCall } from './observed-text';
import { print } from './print';
import { NoAnswer, serviceOf, tellFailure, type ServiceFlags } from './service-client';

const Observed = ObservedCall.pick({ call: true });

export interface WhyFlags extends ServiceFlags {
  readonly explain?: true;
  readonly instance?: string;
}

/** `crankback why CALL`: the ladder of a recorded call, explained by the policy that was in force then. */
export async function why(call: string, flags: WhyFlags): Promise<void> {
  try {
    const answer = await recordedCall(serviceOf(flags), call, flags.instance);
    print(flags.json ? JSON.stringify(answer, null, 2) : whyText(answer, flags.explain ?? false));
  } catch (error) {
    tellFailure(error);
  }
}

type Ask = ReturnType<typeof serviceOf>;

/**
 * The service's answer to `GET /calls/<call>`. Rejects with NoAnswer; of a call that was only observed it names the
 * command that shows it.
 */
export async function recordedCall(ask: Ask, call: string, instance?: string): Promise<unknown> {
  const name = encodeURIComponent(call);
  const of = instance === undefined ? '' : `?instance=${encodeURIComponent(instance)}`;
  try {
    return await ask({ method: 'GET', path: `/calls/${name}${of}` });
  } catch (error) {
    // Observed calls are not asked for by instance.
    if (!(error instanceof NoAnswer) || error.status !== 404 || instance !== undefined) throw error;
    const observed = await observedName(ask, name);
    if (observed === undefined) throw error;
    const line = `nothing was decided of ${call}: it was left to its own dialplan, see crankback observed ${observed}`;
    throw new NoAnswer(error.code, [named('CB8002', line)], error.status);
  }
}

/** @returns undefined where there is no such call, or it cannot be said now: what was wrong first is told then */
async function observedName(ask: Ask, name: string): Promise<string | undefined> {
  const answer = await ask({ method: 'GET', path: `/observed/${name}` }).catch(() => undefined);
  return Observed.safeParse(answer).data?.call;
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
