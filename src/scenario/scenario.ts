import { stringify } from 'yaml';
import type { Decision } from '../policy/decision/decision';
import { behaviourOf, type Around, type Behaviour } from './far-side';
import {
  labNames,
  labTrunk,
  FOLLOWED_HOST,
  MAILBOX,
  MISSING_MAILBOX,
  OTHER_HOST,
  type LabNames,
} from './lab-names';
import { longMedia, policyText, ruleLine } from './policy-text';
import {
  NotPlayable,
  type CallOfRecord,
  type DecisionOfRecord,
  type PolicyOfRecord,
} from './recorded';
import { sippXml } from './sipp-xml';
import { usedRule, type UsedRule } from './used-rules';

/** A scenario for the lab (docs/lab.md) as files, by their paths below its folder. */
export interface WrittenScenario {
  readonly files: ReadonlyMap<string, string>;
  /** What the lab does not play as it was, one sentence each. */
  readonly notes: readonly string[];
  readonly around: Around;
  /** Policy of the scenario, as in `files`. */
  readonly policy: string;
}

/** Refusals that the lab has no limit, number or clock for: trunks that they kept from a call are left out. */
const NOT_IN_THE_LAB: ReadonlySet<string> = new Set([
  ...['budget-spent', 'time-spent', 'trunks-held', 'trunks-full'],
  ...['number-unfit', 'no-other-identity'],
]);

/**
 * A recorded call as a scenario: what each carrier did, the rules that decided, and the same end expected. Pure.
 * @param name of its files; `[a-z0-9-]`
 * @param policyOf a policy of then by its hash
 * @throws NotPlayable
 */
export function scenarioOf(
  name: string,
  call: CallOfRecord,
  policyOf: (hash: string | undefined) => PolicyOfRecord,
): WrittenScenario {
  const { decisions, legs } = call;
  const [first] = decisions;
  refuseOthers(call);
  const of = policyOf(first?.inputs?.policyHash);
  const emergency = of.policy.emergency.includes(first?.inputs?.hunt.number ?? '');
  const route = routeOf(call, of);
  const names = labNames(call, emergency ? (route ?? []) : untriedOf(call, route ?? []), emergency);
  const rules = decisions.map((one) =>
    one.inputs ? usedRule(one, policyOf(one.inputs.policyHash), names) : undefined,
  );
  const around = aroundOf(names, of, rules);
  const played = behaviours(call, around);
  const unreachable = new Set(
    [...played].flatMap(([trunk, all]) => (all.includes(undefined) ? [trunk] : [])),
  );
  const redirected = new Set(
    decisions.flatMap(({ decision: { outcome } }) =>
      outcome.kind === 'redirect' ? [outcome.trunk] : [],
    ),
  );
  const policy = policyText({
    about: `What decided in the call ${printableId(call.hunt)} of the policy ${of.policy.hash}.`,
    ...{ of, names, unreachable, emergency },
    route: [...names.trunks].flatMap(([trunk, lab]) =>
      redirected.has(trunk) && !route?.includes(trunk) ? [] : [lab],
    ),
    mailbox: mailboxOf(call, route !== undefined && hasMailbox(call, of)),
    rules: rules.filter((rule) => rule !== undefined),
    statuses: new Set(legs.flatMap(({ failure }) => failure?.sip ?? [])),
  });
  const files = new Map<string, string>([[`policies/${name}.yaml`, policy]]);
  const carriers: Record<string, string> = {};
  const numbers = [names.number, ...names.targets.values()];
  for (const [trunk, all] of played) {
    const known = all.filter((one) => one !== undefined);
    if (unreachable.has(trunk) || known.length === 0) continue;
    carriers[trunk] = `${name}-${trunk}`;
    files.set(`sipp/uas-${name}-${trunk}.xml`, sippXml(`${name}-${trunk}`, known, numbers));
  }
  files.set(
    `${name}.yaml`,
    scenarioText(name, call, { names, carriers, unreachable, rules, policy }),
  );
  return { files, notes: notesOf(call, of), around, policy };
}

function refuseOthers({ fellBack, decisions }: CallOfRecord): void {
  const [first] = decisions;
  if (!first) throw new NotPlayable('no decision was recorded');
  if (fellBack || decisions.some(({ notCarriedOut }) => notCarriedOut !== undefined))
    throw new NotPlayable("it took the PBX's static fallback, whose attempts nobody recorded");
  if (first.on === 'invalid-number')
    throw new NotPlayable('its number cannot be dialled, and no carrier took part');
  if (decisions.some(({ inputs }) => !inputs))
    throw new NotPlayable('the inputs of a decision were not kept');
}

/** Trunks of the route that decided; undefined where the number had none. */
function routeOf(
  { decisions }: CallOfRecord,
  { policy }: PolicyOfRecord,
): readonly string[] | undefined {
  const [first] = decisions;
  const at = first?.decision.rule;
  const byPlace = policy.routes.find(
    (route) => route.at.line === at?.line && route.at.column === at.column,
  );
  const number = first?.inputs?.hunt.number ?? '';
  return (byPlace ?? policy.index.routes.find(number))?.trunks;
}

/** Trunks of the route that were left at the end: the lab must see that they get no INVITE. */
function untriedOf({ decisions }: CallOfRecord, route: readonly string[]): readonly string[] {
  const last = decisions.at(-1);
  if (last?.decision.refused.some((refusal) => NOT_IN_THE_LAB.has(refusal))) return [];
  const held = new Set(
    decisions.flatMap(({ inputs }) => Object.keys(inputs?.trunks.obstacles ?? {})),
  );
  return route.filter((trunk) => !held.has(trunk));
}

function aroundOf(
  names: LabNames,
  of: PolicyOfRecord,
  rules: readonly (UsedRule | undefined)[],
): Around {
  const domains = rules.flatMap((rule) =>
    [rule?.rule.do.treatment, rule?.rule.else?.treatment].flatMap((treatment) =>
      treatment?.kind === 'redirect' ? [treatment.domains ?? ['*']] : [],
    ),
  );
  const follows = (host: string): boolean =>
    domains.flat().some((domain) => domain === '*' || fitsDomain(domain, host));
  const host = (sent: string): string => (follows(sent) ? FOLLOWED_HOST : OTHER_HOST);
  return { names, host, longMedia: (failure) => longMedia(of, failure) };
}

function fitsDomain(domain: string, host: string): boolean {
  const name = host.toLowerCase();
  return domain.startsWith('*.')
    ? name.endsWith(domain.slice(1).toLowerCase())
    : name === domain.toLowerCase();
}

/** By the lab's trunk, in the order of its attempts; undefined where the PBX could not send. */
function behaviours(
  { legs }: CallOfRecord,
  around: Around,
): ReadonlyMap<string, readonly (Behaviour | undefined)[]> {
  const played = new Map<string, (Behaviour | undefined)[]>();
  for (const leg of legs) {
    const lab = around.names.trunks.get(leg.trunk);
    if (lab === undefined) continue;
    played.set(lab, [...(played.get(lab) ?? []), behaviourOf(leg, around)]);
  }
  for (const [lab, all] of played) {
    if (new Set(all.map((one) => one === undefined)).size > 1)
      throw new NotPlayable(`the PBX could send to ${lab} only once of ${all.length} times`);
  }
  return played;
}

function hasMailbox({ decisions }: CallOfRecord, { policy }: PolicyOfRecord): boolean {
  const hunt = decisions.at(-1)?.inputs?.hunt;
  if (decisions.some(({ decision }) => decision.refused.includes('no-mailbox'))) return false;
  const route = policy.index.routes.find(hunt?.number ?? '');
  return (
    hunt?.mailbox !== undefined || hunt?.diverting !== undefined || route?.mailbox !== undefined
  );
}

function mailboxOf({ decisions }: CallOfRecord, has: boolean): string | undefined {
  const taken = decisions.some(
    ({ decision: { outcome } }) => outcome.kind === 'voicemail' && outcome.mailbox !== undefined,
  );
  const missing = decisions.some(({ decision }) => decision.refused.includes('mailbox-missing'));
  if (missing) return MISSING_MAILBOX;
  return taken || has ? MAILBOX : undefined;
}

interface Texts {
  readonly names: LabNames;
  readonly carriers: Readonly<Record<string, string>>;
  readonly unreachable: ReadonlySet<string>;
  readonly rules: readonly (UsedRule | undefined)[];
  readonly policy: string;
}

function scenarioText(name: string, call: CallOfRecord, texts: Texts): string {
  const { names, carriers, unreachable, rules } = texts;
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
    /\bhold:|\blearn:/.test(texts.policy) ||
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

function notesOf({ legs, decisions }: CallOfRecord, { policy }: PolicyOfRecord): readonly string[] {
  const said = (note: string, holds: boolean): readonly string[] => (holds ? [note] : []);
  const all = legs.flatMap(({ failure }) => failure?.evidence ?? []);
  const hashes = new Set(decisions.map(({ inputs }) => inputs?.policyHash));
  return [
    ...said(
      'an INVITE that was challenged or went to another host first is played as one',
      all.some(({ subAttempts = [] }) => subAttempts.length > 0),
    ),
    ...said(
      'a phone of the PBX is played as a carrier',
      legs.some(({ trunk }) => policy.trunks.get(trunk)?.toPhones === true),
    ),
    ...said(
      'several phones rang at once: only the one that decided is played',
      legs.some(({ failure }) => (failure?.otherLegs ?? []).length > 0),
    ),
    ...said(
      'an answer after the attempt was given up is not played',
      legs.some(({ late }) => late),
    ),
    ...said(
      'the offers are those of the lab’s PBX',
      decisions.some(
        ({ decision: { outcome } }) => outcome.kind === 'dial' && outcome.codecs !== undefined,
      ),
    ),
    ...said('the policy was changed during the call', hashes.size > 1),
  ];
}

/** A hunt's id in a comment. */
function printableId(hunt: string): string {
  return hunt.replace(/[^\w.@:-]/g, '?').slice(0, 80);
}
