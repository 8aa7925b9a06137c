import { loadPolicy, policyFromText } from '../../../src/policy-file/policy-file';
import { explain } from '../../../src/policy/decision/explain';
import { ofPbx, unknownPbxes } from '../../../src/policy/of-pbx';
import { route } from '../../../src/policy/routes/route';
import { frozen } from '../../../src/policy/trunk-snapshot';
import { simulated } from '../../../src/cli/simulate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TEXT = `version: 1
emergency: ["112"]
trunks:
  here: { pbx: [berlin, edge], dial: { asterisk: "PJSIP/{number}@here" } }
  there: { pbx: hamburg, dial: { asterisk: "PJSIP/{number}@there" } }
  both: { dial: { asterisk: "PJSIP/{number}@both" } }
routes:
  - { digits: "49*", trunks: [here] }
  - { digits: "*", trunks: [there, here, both] }
`;

const loaded = policyFromText(TEXT);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { policy } = loaded;
const free = frozen({ obstacles: {}, turn: 0 });
const NOW = 1_800_000_000_000;

function huntTo(number: string) {
  return { number, startedAt: NOW, attempts: [], mailboxMissing: false };
}

function firstTrunk(pbx: string, number: string): string | undefined {
  const { outcome } = route(ofPbx(policy, pbx), huntTo(number), free, NOW);
  return outcome.kind === 'dial' ? outcome.trunk : undefined;
}

describe('the policy of one PBX', () => {
  it.each([
    ['berlin', '1', 'here'],
    ['hamburg', '1', 'there'],
    ['edge', '1', 'here'],
    ['elsewhere', '1', 'both'],
    // Also where every trunk is tried, whatever its state.
    ['berlin', '112', 'here'],
    ['hamburg', '112', 'there'],
  ])('%s dials %s by %s', (pbx, number, trunk) => {
    expect(firstTrunk(pbx, number)).toBe(trunk);
  });

  it('refuses a call whose route has trunks of other PBXes only', () => {
    const { outcome, refused } = route(ofPbx(policy, 'hamburg'), huntTo('491'), free, NOW);
    expect(outcome).toEqual({ kind: 'relay', sip: 503 });
    expect(refused).toEqual(['no-trunk-left']);
  });

  it('is made once', () => {
    expect(ofPbx(policy, 'berlin')).toBe(ofPbx(policy, 'berlin'));
  });

  it('is the policy itself where that says nothing of PBXes', () => {
    const plain = policyFromText(TEXT.replaceAll(/pbx: [^,]*(?:, edge\])?, /g, ''));
    if (!plain.ok) throw new Error(JSON.stringify(plain.problems));
    expect(ofPbx(plain.policy, 'berlin')).toBe(plain.policy);
  });

  it('is what a recorded decision is explained by', () => {
    const inputs = {
      ...{ policyHash: policy.hash, hunt: huntTo('1'), now: NOW },
      trunks: { obstacles: {}, turn: 0 },
    };
    expect(explain(policy, inputs).decision.outcome).toMatchObject({ trunk: 'there' });
    const own = explain(policy, { ...inputs, pbx: 'berlin' });
    expect(own.decision.outcome).toMatchObject({ trunk: 'here' });
    expect(own.passedOver).toEqual([
      { trunk: 'there', reason: 'elsewhere', why: 'is not a trunk of this PBX' },
    ]);
  });
});

it('PBXes that nobody knows are named once, with the first trunk that has them', () => {
  const found = unknownPbxes(policy, ['berlin']).map(({ trunk, pbx }) => [trunk.name, pbx]);
  expect(found).toEqual([
    ['here', 'edge'],
    ['there', 'hamburg'],
  ]);
});

it('crankback simulate --pbx plays a call of that PBX', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-of-pbx-'));
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, TEXT);
  expect(loadPolicy(file).ok).toBe(true);
  const played = (pbx: string, ...say: string[]) =>
    simulated(file, { to: '1', say, hold: [], pbx }, NOW).out;
  expect(played('berlin', 'here: 503')).toMatch(/dial here[\s\S]*dial both/);
  expect(played('berlin', 'here: 503')).not.toContain('dial there');
  expect(played('hamburg')).toContain('dial there');
  const refused = simulated(file, { to: '1', say: [], hold: [], pbx: 'hamborg' }, NOW);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/^--pbx: unknown PBX "hamborg"\. Expected one of .*hamburg/);
  rmSync(folder, { recursive: true });
});
