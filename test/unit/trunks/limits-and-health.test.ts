import { LimitsAndHealth } from '../../../src/trunks/limits-and-health';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { route } from '../../../src/policy/routes/route';
import { failureOf, huntOf, policyOf, START } from '../../doubles/policies';

const POLICY = policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, limits: { concurrent_calls: 1 } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
  - { digits: "112", trunks: [a, b] }
  - { digits: "*", trunks: [a, b] }
`);

function setUp() {
  let now = START;
  const health = new SingleInstanceStore({
    trunks: new Map(['a', 'b'].map((name) => [name, DEFAULT_HEALTH])),
    now: () => now,
    random: () => 0,
    instance: 'test',
  });
  const trunks = new LimitsAndHealth(new InProcessTrunks(), health);
  const trunk = (name: string) => {
    const found = POLICY.trunks.get(name);
    if (!found) throw new Error(name);
    return found;
  };
  return {
    health,
    trunks,
    trunk,
    pass: (ms: number) => (now += ms),
    fail: (name: string, times: number) => {
      for (let index = 0; index < times; index++) {
        const outcome = { kind: 'failed', failure: failureOf(503) } as const;
        health.report({ trunk: name, hunt: `h${index}`, number: `20${index}`, outcome });
      }
    },
    first: (number = '200') => route(POLICY, huntOf([], { number }), trunks, now),
  };
}

describe('a sick trunk', () => {
  it('stands in the way of a call, and says why and until when', () => {
    const { trunks, trunk, fail, first } = setUp();
    expect(first().outcome).toMatchObject({ trunk: 'a' });
    fail('a', 5);
    expect(trunks.obstacle(trunk('a'), START)).toMatchObject({
      kind: 'held',
      why: expect.stringMatching(/5 faults in a row/) as string,
    });
    expect(first().outcome).toMatchObject({ trunk: 'b' });
  });

  it('is the last resort where all are held: the least bad one', () => {
    const { fail, first, pass } = setUp();
    fail('b', 5);
    pass(1000);
    fail('a', 5);
    const decision = first();
    // Both tripped once; the hold of b is over first.
    expect(decision.outcome).toMatchObject({ kind: 'dial', trunk: 'b' });
    expect(decision).toMatchObject({
      refused: ['trunks-held'],
      reserve: { trunk: 'b', lastResort: true },
    });
  });

  it('is no last resort where an operator has held it', () => {
    const { health, first } = setUp();
    for (const name of ['a', 'b']) health.hold(name, { by: 'operator', why: 'maintenance' });
    expect(first().outcome).toEqual({ kind: 'relay', sip: 503 });
  });

  it('is tried by an emergency call, whoever has held it', () => {
    const { health, first } = setUp();
    for (const name of ['a', 'b']) health.hold(name, { by: 'operator', why: 'maintenance' });
    expect(first('112').outcome).toMatchObject({ kind: 'dial', trunk: 'a' });
  });
});

describe('a reservation', () => {
  const about = { budget: undefined };

  it('takes a permit of a trunk on trial, and gives the channel back where there is none', () => {
    const { trunks, trunk, fail, pass } = setUp();
    fail('a', 5);
    pass(DEFAULT_HEALTH.cooldown);
    const take = (owner: string) =>
      trunks.commit({ trunk: 'a', retry: false }, { ...about, trunk: trunk('a') }, owner, START);
    expect(take('h-1')).toBeUndefined();
    trunks.release('h-1');
    // The only permit is out, and its call has not been reported.
    expect(take('h-2')).toBe('trunk');
    expect(trunks.obstacle(trunk('a'), START)?.kind).not.toBe('full');
  });

  it('of a last resort asks for no permit', () => {
    const { trunks, trunk, fail } = setUp();
    fail('a', 5);
    const reservation = { trunk: 'a', retry: false, lastResort: true } as const;
    expect(trunks.commit(reservation, { ...about, trunk: trunk('a') }, 'h', START)).toBe(undefined);
  });

  it('that exceeds a limit takes no permit', () => {
    const { trunks, trunk } = setUp();
    const take = (owner: string) =>
      trunks.commit({ trunk: 'a', retry: false }, { ...about, trunk: trunk('a') }, owner, START);
    expect([take('h-1'), take('h-2')]).toEqual([undefined, 'trunk']);
  });
});

describe("a rule's hold", () => {
  it('holds the trunk for as long as it says', () => {
    const { trunks, trunk, pass } = setUp();
    trunks.hold('a', { from: START, ms: 1000, why: 'policy.yaml:14', class: 'no-credit' });
    expect(trunks.obstacle(trunk('a'), START)).toMatchObject({ why: 'held by policy.yaml:14' });
    expect(trunks.obstacle(trunk('a'), START)).not.toHaveProperty('badness');
    pass(1000);
    expect(trunks.obstacle(trunk('a'), START)).toBeUndefined();
  });
});
