/**
 * What many rules cost a call. A plan is made before the first INVITE, and decides on every status that it foresees, so
 * it is what a call can wait for. Of `npm run bench:large`.
 */
import { policyOfText } from '../../policy-of-text';
import type { WholePolicy } from '../../../src/policy/policy';
import { shadowedRules } from '../../../src/policy-file/warnings/shadowed';
import { makePlan, type PlanQuestion } from '../../../src/policy/plan/plan';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';

const NOW = 1_795_239_432_947;
const ROUNDS = 5;
const PLANS_PER_ROUND = 1_000;
const SIP = [500, 502, 503, 480, 403, 603];

const KINDS: Readonly<Record<string, (index: number) => string>> = {
  phrases: (index) => `sip: ${SIP[index % 6]}, phrase: "*reason ${index}*"`,
  digits: (index) => `sip: ${SIP[index % 6]}, digits: "+${1_000 + index}*"`,
  callers: (index) => `class: trunk-congested, from: "+${1_000 + index}*"`,
};

interface RulesCase {
  readonly rules: number;
  /** Of one plan; absent where only the ratio counts. Microseconds. */
  readonly limit?: number;
}

const CASES: readonly RulesCase[] = [
  { rules: 10 },
  { rules: 1_000, limit: 150 },
  { rules: 10_000, limit: 300 },
];

/** A policy of two trunks whose rules are all of one kind. */
function policyOf(kind: string, rules: number): WholePolicy {
  const when = KINDS[kind] ?? String;
  const text = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
${Array.from({ length: rules }, (_, index) => `  - { when: { ${when(index)} }, do: { retry: next-trunk } }`).join('\n')}
`;
  return policyOfText(text);
}

/** Seconds of CPU time. */
const SHADOWED = { rules: 10_000, limit: 1 };

/** Median over the rounds. Microseconds of CPU time for one plan. */
function planCost(kind: string, rules: number): number {
  const policy = policyOf(kind, rules);
  const question = (call: number): PlanQuestion => ({
    policy,
    hunt: {
      ...{ number: `+4930555${call}`, from: `+49301${call}`, startedAt: NOW },
      ...{ attempts: [], mailboxMissing: false },
    },
    ...{ trunk: 'carrier-a', store: new InProcessTrunks(), now: NOW },
    // As of a FreeSWITCH without mirrored SIP.
    ...{ reasonsKnown: false, locallyGenerated: [503] },
  });
  return medianCost(PLANS_PER_ROUND, (call) => {
    if (!makePlan(question(call))) throw new Error(`no plan for call ${call}`);
  });
}

/** Median over some rounds of as many turns each. Microseconds of CPU time for one turn. */
export function medianCost(turns: number, turn: (index: number) => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const { user: before } = process.cpuUsage();
    for (let index = 0; index < turns; index++) turn(index);
    return (process.cpuUsage().user - before) / turns;
  });
  return rounds.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
}

/** Prints what it costs `crankback check` to find the rules that can never match. @returns whether it stayed below its limit */
export function benchShadows(): boolean {
  console.log(
    '\n| rules that can never match, CPU s | by phrase | by digits | by caller | limit |',
  );
  console.log('|---|---|---|---|---|');
  const costs = Object.keys(KINDS).map((kind) => {
    const policy = policyOf(kind, SHADOWED.rules);
    const { user: before } = process.cpuUsage();
    shadowedRules(policy);
    return (process.cpuUsage().user - before) / 1e6;
  });
  const cells = costs.map((cost) => cost.toFixed(2)).join(' | ');
  console.log(`| ${SHADOWED.rules.toLocaleString('en')} rules | ${cells} | ${SHADOWED.limit} |`);
  return costs.every((cost) => cost <= SHADOWED.limit);
}

/** Prints the table. @returns whether every plan stayed below its limit */
export function benchRules(): boolean {
  console.log('\n| a plan, CPU µs | rules by phrase | by digits | by caller | limit |');
  console.log('|---|---|---|---|---|');
  const over = CASES.map(({ rules, limit = Infinity }) => {
    const costs = Object.keys(KINDS).map((kind) => planCost(kind, rules));
    const cells = [...costs.map((cost) => cost.toFixed(0)), Number.isFinite(limit) ? limit : ''];
    console.log(`| ${rules.toLocaleString('en')} rules | ${cells.join(' | ')} |`);
    return costs.some((cost) => cost > limit);
  });
  return !over.includes(true);
}
