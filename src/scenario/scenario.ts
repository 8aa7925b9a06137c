import { behaviourOf, type Around, type Behaviour } from './far-side';
import {
  FOLLOWED_HOST,
  labNames,
  MAILBOX,
  MISSING_MAILBOX,
  OTHER_HOST,
  type LabNames,
} from './lab-names';
import { notesOf } from './notes';
import { longMedia, policyText } from './policy-text';
import { NotPlayable, type CallOfRecord, type PolicyOfRecord } from './recorded';
import { printableId, scenarioText } from './scenario-text';
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
  const hunt = first?.inputs?.hunt;
  return (byPlace ?? (hunt && policy.index.routes.find(hunt)))?.trunks;
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
  const route = hunt && policy.index.routes.find(hunt);
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
