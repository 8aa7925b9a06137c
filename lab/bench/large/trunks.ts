/** What many trunks cost a call, and what Asterisk is told of them. Of `npm run bench:large`. */
import { policyOfText } from '../../policy-of-text';
import { policyGlobals, trunkVariables } from '../../../adapters/asterisk/trunks/policy-globals';
import { PublishedGlobals } from '../../../adapters/asterisk/trunks/published-globals';
import { TrunkNames } from '../../../adapters/asterisk/trunks/trunk-names';
import { makePlan } from '../../../src/policy/plan/plan';
import { route } from '../../../src/policy/routes/route';
import { frozen, snapshot } from '../../../src/policy/trunk-snapshot';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { medianCost } from './rules';

const NOW = 1_795_239_432_947;
const CALLS_PER_ROUND = 1_000;
/** Of one call with the most trunks, of one with the fewest. */
const MOST_RATIO = 2;
/** Requests, however many trunks there are. */
const MOST_TOLD = 500;
const CASES = [10, 1_000, 10_000];

/** Prints the table. @returns whether all limits were kept */
export async function benchTrunks(): Promise<boolean> {
  console.log(
    '\n| trunks | a first attempt with its plan, CPU µs | requests to Asterisk on a connection |',
  );
  console.log('|---|---|---|');
  const costs: number[] = [];
  const told: number[] = [];
  for (const trunks of CASES) {
    const { cost, requests } = await costOf(trunks);
    costs.push(cost);
    told.push(requests);
    console.log(`| ${trunks.toLocaleString('en')} | ${cost.toFixed(0)} | ${requests} |`);
  }
  const [fewest = 0] = costs;
  return Math.max(...costs) <= MOST_RATIO * fewest && Math.max(...told) <= MOST_TOLD;
}

async function costOf(count: number): Promise<{ cost: number; requests: number }> {
  const names = Array.from({ length: count }, (_, index) => `carrier-${index}`);
  const policy = policyOfText(`version: 1
emergency: []
trunks:
${names.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes:
${names.map((name, index) => `  - { digits: "${10_000 + index}*", trunks: [${name}, ${names.at(-1 - index)}] }`).join('\n')}
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`);
  let requests = 0;
  const published = new PublishedGlobals(
    {
      global: () => Promise.resolve(''),
      setGlobal: () => Promise.resolve(void (requests += 1)),
      deleteGlobal: () => Promise.resolve(),
    },
    policyGlobals(policy.hash, policy.trunks.values()),
  );
  await published.publish();
  const endpoints = new TrunkNames(policy.trunks.values());
  const store = new InProcessTrunks();
  const cost = medianCost(CALLS_PER_ROUND, (call) => {
    const hunt = {
      ...{ number: `${10_000 + ((call * 7) % count)}123`, from: '49301', startedAt: NOW },
      ...{ attempts: [], mailboxMissing: false },
    };
    const seen = snapshot(store, policy, hunt, NOW);
    const { outcome } = route(policy, hunt, frozen(seen), NOW);
    if (outcome.kind !== 'dial') throw new Error(`call ${call}: ${outcome.kind}`);
    const { trunk } = outcome;
    makePlan({ policy, hunt, trunk, store, reasonsKnown: false, now: NOW });
    const dialled = policy.trunks.get(trunk);
    if (dialled) published.lacking(trunkVariables(dialled));
    endpoints.endpointOf(trunk);
  });
  return { cost, requests };
}
