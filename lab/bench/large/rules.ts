/**
 * What many rules cost a call. A plan is made before the first INVITE, and decides on every status that it foresees, so
 * it is what a call can wait for. Of `npm run bench:large`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../../src/policy-file/policy-file';
import { makePlan, type PlanQuestion } from '../../../src/policy/plan/plan';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';

const DEFAULTS = join(__dirname, '../../../src/policy-file/defaults.yaml');
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

/** Median over the rounds. Microseconds of CPU time for one plan. */
function planCost(kind: string, rules: number): number {
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
  const defaults = { file: 'built-in/defaults.yaml', text: readFileSync(DEFAULTS, 'utf8') };
  const loaded = parsePolicy({ file: 'bench.yaml', text }, defaults);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems[0]));
  const question = (call: number): PlanQuestion => ({
    policy: loaded.policy,
    hunt: {
      ...{ number: `+4930555${call}`, from: `+49301${call}`, startedAt: NOW },
      ...{ attempts: [], mailboxMissing: false },
    },
    ...{ trunk: 'carrier-a', store: new InProcessTrunks(), now: NOW },
    // As of a FreeSWITCH without mirrored SIP.
    ...{ reasonsKnown: false, locallyGenerated: [503] },
  });
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const { user: before } = process.cpuUsage();
    for (let call = 0; call < PLANS_PER_ROUND; call++) {
      if (!makePlan(question(call))) throw new Error(`no plan in round ${round}`);
    }
    return (process.cpuUsage().user - before) / PLANS_PER_ROUND;
  });
  return rounds.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
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
