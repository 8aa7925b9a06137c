import { policyOfText } from '../policy-of-text';
import { travellingOn, type AsteriskTravelling } from '../../adapters/asterisk/plan/trunks-of';
import { policyGlobals } from '../../adapters/asterisk/trunks/policy-globals';
import type { Travelling } from '../../src/calls/ports';
import { travelOf, type TravelQuestion } from '../../src/policy/plan/travel';
import type { Policy } from '../../src/policy/policy';
import { frozen } from '../../src/policy/trunk-snapshot';

/** A policy of which everything travels. */
const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a", freeswitch: "sofia/gateway/carrier-a/{number}" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b", freeswitch: "sofia/gateway/carrier-b/{number}" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
travel: on
`;
/** In each of its calls; whoever replays them puts the plan generation of then in its place. */
export const RECORDED_GENERATION = 'recorded';
const AN_HOUR = 3_600_000;

function policy() {
  return policyOfText(POLICY, 'travelled.yaml');
}

/** Global variables as crankback publishes them, but those of what travels. */
export function travelled(): ReadonlyMap<string, string> {
  const globals = policyGlobals('recording', policy().trunks.values());
  return new Map([...globals, ['CRANKBACK_GENERATION', RECORDED_GENERATION]]);
}

export function whatTravels(): AsteriskTravelling {
  const { policy: of, travelling } = travellingUnder({ reasonsKnown: false });
  return travellingOn([...of.trunks.values()], travelling);
}

/** What travels of the policy to a PBX that reports failures so. */
export function travellingUnder(pbx: Pick<TravelQuestion, 'reasonsKnown' | 'locallyGenerated'>): {
  readonly policy: Policy;
  readonly travelling: Travelling;
} {
  const now = Date.now();
  const store = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };
  const of = policy();
  const { entries } = travelOf({ policy: of, store, now, ...pbx });
  const travelling = { entries, generation: RECORDED_GENERATION, until: now + AN_HOUR };
  return { policy: of, travelling };
}
