import { stringify } from 'yaml';
import type { Failure } from '../model/failure';
import type { Trunk } from '../policy/policy-data';
import type { LabNames } from './lab-names';
import type { PolicyOfRecord } from './recorded';
import type { UsedRule } from './used-rules';

/** What the lab's policy is made of. */
export interface PolicyParts {
  /** For its first line. */
  readonly about: string;
  readonly of: PolicyOfRecord;
  readonly names: LabNames;
  /** The lab's trunks of the route; empty: the number has no route. */
  readonly route: readonly string[];
  /** Trunks that the PBX could not send to. */
  readonly unreachable: ReadonlySet<string>;
  readonly emergency: boolean;
  readonly mailbox?: string | undefined;
  readonly rules: readonly UsedRule[];
  /** Statuses of the call's failures: their phrases are kept. */
  readonly statuses: ReadonlySet<number>;
}

/** The lab has no time for more. Milliseconds. */
const LONGEST = { firstResponse: 1_000, progress: 2_000, ring: 3_000, grace: 1_000 };
/** Longer than the grace by more than a busy machine loses. Milliseconds. */
const BEYOND_GRACE = 600;

/** Early media that is longer than the grace of this policy, in the lab; undefined if it was not. Milliseconds. */
export function longMedia(
  { policy }: PolicyOfRecord,
  { earlyMediaMs }: Pick<Failure, 'earlyMediaMs'>,
): number | undefined {
  const { progressGrace } = policy.limits;
  if (earlyMediaMs <= progressGrace) return undefined;
  return Math.min(progressGrace, LONGEST.grace) + BEYOND_GRACE;
}

/** The policy of the scenario: its trunks are the lab's, and its rules those that decided. Each rule is one line. */
export function policyText(parts: PolicyParts): string {
  const { about, of, names, route, emergency, mailbox, rules, statuses } = parts;
  const { policy, written } = of;
  const { phrases } = written as { phrases?: readonly { sip: number }[] };
  const known = (phrases ?? []).filter(({ sip }) => statuses.has(sip));
  const ofRoute = rules.filter((rule) => rule.of === 'route');
  const ofAll = rules.filter((rule) => rule.of === 'all');
  const { attempts, startWithin, progressGrace } = policy.limits;
  const grace = Math.min(progressGrace, LONGEST.grace);
  const all = names.trunks.size > 0 ? [...names.trunks] : [['', 'carrier-a'] as const];
  return [
    `# ${about}`,
    'version: 1',
    `emergency: [${emergency ? names.number : ''}]`,
    ...(policy.relay503As === undefined ? [] : [`relay_503_as: ${policy.relay503As}`]),
    'trunks:',
    ...all.flatMap(([name, lab]) => trunkLines(lab, policy.trunks.get(name), parts)),
    'routes:',
    `  - digits: ${route.length > 0 ? `'*'` : `'0'`}`,
    `    trunks: [${route.length > 0 ? route.join(', ') : 'carrier-a'}]`,
    ...(mailbox === undefined ? [] : [`    mailbox: '${mailbox}'`]),
    ...listLines('    ', 'rules', ofRoute.map(ruleLine)),
    `limits: { attempts: ${attempts}, start_within: ${ms(startWithin)}, progress_grace: ${ms(grace)} }`,
    ...listLines('', 'phrases', known.map(flow)),
    ...listLines('', 'rules', ofAll.map(ruleLine)),
    '',
  ].join('\n');
}

function trunkLines(
  lab: string,
  trunk: Trunk | undefined,
  { rules, unreachable }: PolicyParts,
): readonly string[] {
  const { carrier, firstResponse = 1_000, progressTimeout, ringTimeout = 3_000 } = trunk ?? {};
  const account = unreachable.has(lab) ? 'not-in-the-lab' : lab;
  const ring = Math.min(ringTimeout, LONGEST.ring);
  const progress =
    progressTimeout === undefined ? ring : Math.min(progressTimeout, LONGEST.progress);
  const own = rules.filter(({ of }) => typeof of === 'object' && of.trunk === lab);
  return [
    `  ${lab}:`,
    `    dial: { asterisk: 'PJSIP/{number}@${account}', freeswitch: 'sofia/gateway/${account}/{number}' }`,
    '    health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }',
    ...(carrier === undefined ? [] : [`    carrier: ${carrier}`]),
    `    first_response: ${ms(Math.min(firstResponse, LONGEST.firstResponse))}`,
    `    progress_timeout: ${ms(Math.max(progress, 1_000))}`,
    `    ring_timeout: ${ms(ring)}`,
    ...listLines('    ', 'rules', own.map(ruleLine)),
  ];
}

function listLines(indent: string, key: string, items: readonly string[]): readonly string[] {
  // Two rules of the policy may be one here.
  const once = [...new Set(items)];
  return once.length === 0
    ? []
    : [`${indent}${key}:`, ...once.map((item) => `${indent}  - ${item}`)];
}

/** As it stands in the policy, behind its dash. */
export function ruleLine({ text }: UsedRule): string {
  return flow(text);
}

function flow(value: unknown): string {
  const options = { collectionStyle: 'flow', lineWidth: 0, singleQuote: true } as const;
  return stringify(value, options).trimEnd();
}

function ms(value: number): string {
  return `${value}ms`;
}
