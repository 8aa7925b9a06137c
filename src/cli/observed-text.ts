import * as z from 'zod';
import type { Failure } from '../model/failure';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import type { Did, ObservedStep } from '../observe/observed-call';
import { VERDICTS } from '../observe/observed-call';
import { explain } from '../policy/decision/explain';
import { modeOfCall, modeText } from '../policy/mode';
import type { Position } from '../policy/policy-data';
import { policyFromText } from '../policy-file/policy-file';
import { readPolicyLine } from '../policy-file/policy-lines';
import { isMasked } from '../replay/replay-call';
import { decisionLines, ladderText } from '../simulate/ladder';

const Verdict = z.enum(Object.keys(VERDICTS) as (keyof typeof VERDICTS)[]);

export const ObservedGroups = z.object({
  since: z.number(),
  until: z.number(),
  calls: z.number(),
  more: z.boolean(),
  groups: z.array(
    z.object({
      verdict: Verdict,
      trunk: z.string(),
      mode: z.string().optional(),
      class: z.string(),
      sip: z.number().optional(),
      didTrunk: z.string().optional(),
      would: z.string(),
      ruleFile: z.string().optional(),
      ruleLine: z.number().optional(),
      calls: z.number(),
      answered: z.number(),
      waitedMs: z.number().optional(),
      hunts: z.array(z.string()),
    }),
  ),
});

export const ObservedCall = z.object({
  call: z.string(),
  pbx: z.string(),
  number: z.string(),
  caller: z.string().optional(),
  callerCallId: z.string().optional(),
  startedAt: z.number(),
  endedAt: z.number(),
  answered: z.boolean(),
  traceId: z.string().optional(),
  verdict: Verdict,
  /** The journal's own. */
  steps: z.array(z.custom<Omit<ObservedStep, 'failure'> & { readonly failure?: Failure }>()),
  policy: z
    .object({ hash: z.string(), file: z.string(), lines: z.array(z.string()).optional() })
    .optional(),
});

type Group = z.output<typeof ObservedGroups>['groups'][number];

/** Calls of the user's own dialplan beside the policy, those alike together. */
export function observedText({
  since,
  until,
  calls,
  more,
  groups,
}: z.output<typeof ObservedGroups>): string {
  const different = groups.filter(({ verdict }) => verdict !== 'same');
  const same = calls - different.reduce((sum, group) => sum + group.calls, 0);
  return [
    `${calls} calls of your own dialplan with a failed attempt, from ${timeText(since)} to ${timeText(until)}${more ? ', the latest of them' : ''}`,
    ...(calls > 0 ? [`${same} went as they would have by the policy`] : []),
    ...different.flatMap((group) => ['', ...groupLines(group)]),
    ...(different.length > 0 ? ['', ...LIMITS] : []),
  ]
    .map(printable)
    .join('\n');
}

const LIMITS = [
  'Nothing of this was done. Of each call the first difference counts: what would have followed it is unknown.',
];

function groupLines(group: Group): readonly string[] {
  const { verdict, trunk, class: name, sip, didTrunk, would, calls, answered, hunts } = group;
  const said = sip === undefined ? name : `${sip} (${name})`;
  const place = group.ruleFile === undefined ? 'no rule' : `${group.ruleFile}:${group.ruleLine}`;
  const did = didTrunk === undefined ? 'nothing more' : `dial ${didTrunk}`;
  const waited =
    group.waitedMs === undefined ? [] : [`${(group.waitedMs / 1000).toFixed(1)} s in all`];
  return [
    `${String(calls).padStart(6)}  ${trunk} failed with ${said}: ${VERDICTS[verdict]}`,
    ...[
      `${did} -> ${would}  ${place}`,
      `${answered} of ${calls} calls answered in fact`,
      ...waited,
      ...(group.mode === 'decide' ? [`calls that begin on ${trunk} are decided by now`] : []),
      `such as ${hunts.join(', ')}`,
    ].map((line) => `        ${line}`),
  ];
}

/** One call: each failed attempt, what followed, and what would have. */
export function observedCallText(
  call: z.output<typeof ObservedCall>,
  explained: boolean | undefined,
): string {
  const { number, caller, pbx, startedAt, endedAt, answered, steps, verdict } = call;
  const from = caller === undefined ? '' : ` from ${caller}`;
  const lines = call.policy?.lines;
  const loaded =
    lines && call.policy ? policyFromText(lines.join('\n'), call.policy.file) : undefined;
  const policy = loaded?.ok ? loaded.policy : undefined;
  const shipped = readPolicyLine();
  const lineAt = (at: Position): string =>
    at.file === call.policy?.file ? (lines?.[at.line - 1]?.trim() ?? '') : shipped(at);
  const options = { lineAt, explained: explained ?? false };
  return [
    `call to ${number}${from}, ${new Date(startedAt).toISOString()}, ${pbx}, your own dialplan, call ${call.call}`,
    ...(call.callerCallId === undefined ? [] : [`the caller's Call-ID: ${call.callerCallId}`]),
    ...(policy && !isMasked(number)
      ? [modeText(modeOfCall(policy, { number, startedAt }, steps[0]?.trunk))]
      : []),
    ...steps.flatMap(({ trunk, at, did, failure: told, would }) => {
      const failure = told ?? would?.inputs.failure;
      if (!failure) return [];
      const said = failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`;
      const rung = {
        kind: 'failed',
        at: at - startedAt,
        trunk,
        said: said.trim(),
        failure,
      } as const;
      const explanation = would && policy ? explain(policy, would.inputs) : undefined;
      const [step = '', ...reasons] = would
        ? decisionLines({ decision: would.decision, ...(explanation && { explanation }) }, options)
        : [];
      return [
        ladderText([rung], options),
        `            did:   ${didText(did)}`,
        ...(would ? [`            would: ${step}`] : []),
        ...reasons.map((reason) => `                   ${reason}`),
      ];
    }),
    `${answered ? 'answered' : 'not answered'}, ended after ${(endedAt - startedAt) / 1000} s: ${VERDICTS[verdict]}`,
    ...(call.traceId === undefined ? [] : [`trace: ${call.traceId}`]),
  ].join('\n');
}

function didText(did: Did): string {
  switch (did.kind) {
    case 'dialled':
      return `dial ${did.trunk}`;
    case 'answered-here':
      return 'the PBX itself answered the caller';
    case 'ended':
      return 'nothing more';
  }
}
