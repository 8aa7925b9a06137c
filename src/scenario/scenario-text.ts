import { stringify } from 'yaml';
import type { Decision } from '../policy/decision/decision';
import { labTrunk, type LabNames } from './lab-names';
import { ruleLine } from './policy-text';
import type { CallOfRecord, DecisionOfRecord } from './recorded';
import type { UsedRule } from './used-rules';

/** What a scenario's own file is made of. */
export interface ScenarioParts {
  readonly names: LabNames;
  readonly carriers: Readonly<Record<string, string>>;
  readonly unreachable: ReadonlySet<string>;
  readonly rules: readonly (UsedRule | undefined)[];
  readonly policy: string;
}

/** The scenario's file: the caller, the carriers' behaviours, and the same end expected. */
export function scenarioText(name: string, call: CallOfRecord, parts: ScenarioParts): string {
  const { names, carriers, unreachable, rules } = parts;
  const { decisions, legs } = call;
  const end = endOf(call);
  const invites: Record<string, number> = {};
  for (const { trunk } of legs) {
    const lab = names.trunks.get(trunk);
    if (lab !== undefined && !unreachable.has(lab)) invites[lab] = (invites[lab] ?? 0) + 1;
  }
  const mirrored = legs.every(
    ({ failure }) => !failure || failure.evidence.some(({ source }) => source === 'hep'),
  );
  const lasts =
    /\bhold:|\blearn:/.test(parts.policy) ||
    legs.some(({ failure }) => failure?.retryAfterMs !== undefined);
  const voicemail = decisions
    .map(({ decision: { outcome } }) => outcome)
    .find((outcome) => outcome.kind === 'voicemail');
  const greeting = voicemail?.mailbox === undefined ? undefined : voicemail.greeting;
  return stringify(
    {
      about: `The recorded call ${printableId(call.hunt)} of ${new Date(call.startedAt).toISOString()}`,
      number: names.dialled,
      ...(end.caller !== 'call' && { caller: end.caller }),
      policy: name,
      carriers,
      ...(lasts && { fresh: true }),
      ...(!mirrored && { mirrored: false }),
      expect: {
        caller: end.status,
        invites,
        // A scenario is about where the call goes, and not how fast.
        handover_ms: { at_most: 20_000 },
        decisions: decisions.map((one, index) => expected(one, rules[index], names)),
        ...(greeting !== undefined && { voicemail: { greeting } }),
      },
    },
    { lineWidth: 110, singleQuote: true },
  );
}

function expected(
  { on, decision }: DecisionOfRecord,
  rule: UsedRule | undefined,
  names: LabNames,
): object {
  const { outcome } = decision;
  const by = on !== 'failed' || !decision.rule ? {} : { rule: rule ? ruleLine(rule) : 'built-in' };
  switch (outcome.kind) {
    case 'dial':
      return { dial: labTrunk(names, outcome), ...by };
    case 'redirect':
      return { redirect: labTrunk(names, outcome), ...by };
    case 'voicemail':
      return { voicemail: outcome.greeting, ...by };
    case 'announce':
      return { announce: outcome.sip, ...by };
    case 'relay':
      return { relay: outcome.sip, ...by };
  }
}

/** The caller's part, and their final status. */
function endOf({ decisions, legs }: CallOfRecord): {
  readonly caller: string;
  readonly status: number;
} {
  const last = legs.at(-1);
  const outcome: Decision['outcome'] | undefined = decisions.at(-1)?.decision.outcome;
  if (outcome?.kind === 'voicemail')
    return { caller: outcome.location ? 'ended' : 'call', status: 200 };
  if (outcome?.kind === 'announce' && outcome.answer) return { caller: 'ended', status: 200 };
  if (last?.answered) return { caller: 'call', status: 200 };
  if (outcome?.kind === 'relay' || outcome?.kind === 'announce') {
    const gone = last?.failure?.class === 'cancelled';
    if (!gone) return { caller: 'call', status: outcome.sip };
  }
  const rang = last?.failure?.rang === true || last?.times?.rangAt !== undefined;
  return { caller: rang ? 'cancel' : 'cancel-trying', status: 487 };
}

/** A hunt's id in a comment. */
export function printableId(hunt: string): string {
  return hunt.replace(/[^\w.@:-]/g, '?').slice(0, 80);
}
