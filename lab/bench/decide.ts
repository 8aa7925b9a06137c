/** Decisions of `decide` per second of CPU time, by number of trunks. `npm run bench:decide` */
import { policyOfText } from '../policy-of-text';
import type { Failure } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';
import { decide } from '../../src/policy/decide';
import type { Hunt } from '../../src/policy/hunt';
import type { Policy } from '../../src/policy/policy';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';

const RULES = 200;
const ROUNDS = 5;
const PER_ROUND = 100_000;
const NOW = 1_795_239_432_947;

/** A policy as it grows in the field: half of its rules belong to trunks, and every trunk has its route. */
function policyWith(trunks: number): Policy {
  const names = Array.from({ length: trunks }, (_, index) => `carrier-${index}`);
  const ruleAt = (index: number) => {
    const sip = [500, 502, 503, 480, 403, 603][index % 6];
    const phrase = `*reason ${index}*`;
    return `{ when: { sip: ${sip}, phrase: "${phrase}" }, do: { retry: next-trunk } }`;
  };
  const own = Math.floor(RULES / 2 / trunks);
  const general = RULES - own * trunks;
  const text = `version: 1
emergency: [112]
trunks:
${names
  .map((name, index) => {
    const rules = Array.from({ length: own }, (_, rule) => ruleAt(index * own + rule));
    return `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" }, rules: [${rules.join(', ')}] }`;
  })
  .join('\n')}
routes:
${names.map((name, index) => `  - { digits: "+${100 + index}*", trunks: [${name}, ${names[(index + 1) % trunks]}] }`).join('\n')}
  - { digits: "*", trunks: [${names[0]}] }
rules:
${Array.from({ length: general }, (_, index) => `  - ${ruleAt(index)}`).join('\n')}
`;
  return policyOfText(text);
}

interface Case {
  readonly hunt: Hunt;
  readonly failure: Failure;
}

function cases(trunks: number): readonly Case[] {
  return [503, 486, 480, 500, 404, 603].flatMap((sip) =>
    Array.from({ length: 50 }, (_, index) => {
      const trunk = (index * 7) % trunks;
      const phrase = index % 4 === 0 ? `Reason ${index * 3}, sorry` : 'As Usual';
      return {
        hunt: {
          number: `+${100 + trunk}5550${index}`,
          startedAt: NOW - 100,
          attempts: [{ trunk: `carrier-${trunk}`, sip, rang: false }],
          mailboxMissing: false,
        },
        failure: normalize([
          { source: 'bench', sip, phrase, rang: false, progress: false, origin: 'far' },
        ]),
      };
    }),
  );
}

/** Median over the rounds. Decisions per second. */
function measure(trunks: number): number {
  const policy = policyWith(trunks);
  const state = new InProcessTrunks();
  const given = cases(trunks);
  const rates: number[] = [];
  let dialled = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // CPU time, so that other programs on the machine do not count.
    const started = process.cpuUsage();
    for (let index = 0; index < PER_ROUND; index++) {
      const { hunt, failure } = given[index % given.length] as Case;
      if (decide(policy, hunt, failure, state, NOW).outcome.kind === 'dial') dialled += 1;
    }
    const { user, system } = process.cpuUsage(started);
    rates.push(PER_ROUND / ((user + system) / 1e6));
  }
  if (dialled === 0) throw new Error('no decision led anywhere: the policy is not the one meant');
  return rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

console.log(`decide(), ${RULES} rules, median of ${ROUNDS} rounds, Node ${process.version}`);
for (const trunks of [2, 10, 50, 100]) {
  const rate = measure(trunks);
  const micros = (1e6 / rate).toFixed(2);
  console.log(
    `${String(trunks).padStart(4)} trunks  ${Math.round(rate).toLocaleString('en')} decisions per CPU second  ${micros} µs each`,
  );
}
