import fc from 'fast-check';
import { explain } from '../../../src/policy/decision/explain';
import type { Hunt } from '../../../src/policy/hunt';
import { decide } from '../../../src/policy/decide';
import { route } from '../../../src/policy/routes/route';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { decideAndReserve } from '../../../src/trunks/reserve';
import type { Failure } from '../../../src/model/failure';
import { failures, hunts, moments, policies, trunkStates } from '../../doubles/arbitraries';
import { failureOf, huntOf, policyOf, START } from '../../doubles/policies';

const HOUR = 3_600_000;

function policy(rules = '', strategy = 'in-order', extra = '') {
  return policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, limits: { concurrent_calls: 1 } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" }, number: { prepend: "9" } }
routes: [{ digits: "*", trunks: [a, b, c], strategy: ${strategy}${extra} }]
${rules === '' ? '' : `rules:\n${rules}`}
`);
}

/** Decides as the service does and tells which trunks were passed over: `a held`. */
function passed(
  about: ReturnType<typeof policy>,
  hunt: Hunt,
  failure?: Failure,
  prepare: (trunks: InProcessTrunks) => void = () => undefined,
) {
  const trunks = new InProcessTrunks();
  prepare(trunks);
  const made = decideAndReserve(
    (state) =>
      failure ? decide(about, hunt, failure, state, START) : route(about, hunt, state, START),
    { policy: about, hunt, owner: 'test' },
    trunks,
    START,
  );
  const inputs = { policyHash: about.hash, hunt, trunks: made.trunks, now: START };
  const told = explain(about, failure ? { ...inputs, failure } : inputs);
  expect(told.decision).toEqual(made.decision);
  const { outcome } = made.decision;
  const chosen = 'trunk' in outcome ? outcome.trunk : outcome.kind;
  return { chosen, passedOver: told.passedOver };
}

const short = (result: ReturnType<typeof passed>) => [
  result.chosen,
  ...result.passedOver.map(({ trunk, reason }) => `${trunk} ${reason}`),
];

const hold =
  (...names: string[]) =>
  (trunks: InProcessTrunks) => {
    for (const name of names) trunks.hold(name, { from: START, ms: HOUR, why: 'policy.yaml:14' });
  };

const NATIONAL = { number: '030123' };

describe('a decision names the trunks that it passed over', () => {
  it('with the hold, who made it, and until when', () => {
    const { passedOver } = passed(policy(), huntOf([], NATIONAL), undefined, hold('a'));
    const until = START + HOUR;
    const why = `held until ${new Date(until).toISOString()} by policy.yaml:14`;
    expect(passedOver).toEqual([{ trunk: 'a', reason: 'held', why, until }]);
  });

  it('and none where the first trunk takes the call', () => {
    expect(short(passed(policy(), huntOf([], NATIONAL)))).toEqual(['a']);
  });

  it('where one is full', () => {
    const fill = (trunks: InProcessTrunks) => {
      const full = policy().trunks.get('a');
      trunks.commit({ trunk: 'a', retry: false }, { trunk: full, budget: undefined }, 'x', START);
    };
    expect(short(passed(policy(), huntOf([], NATIONAL), undefined, fill))).toEqual(['b', 'a full']);
  });

  it('where this call has tried one', () => {
    const hunt = huntOf(['a:503'], NATIONAL);
    expect(short(passed(policy(), hunt, failureOf(503)))).toEqual(['b', 'a tried']);
  });

  it('where one cannot take the number in its format, and nothing else is left', () => {
    const hunt = huntOf(['a:503', 'b:503'], { number: '0'.repeat(32) });
    expect(short(passed(policy(), hunt, failureOf(503)))).toEqual([
      'relay',
      'a tried',
      'b tried',
      'c unfit',
    ]);
  });

  it('where all that are left are held', () => {
    const hunt = huntOf(['a:503'], NATIONAL);
    expect(short(passed(policy(), hunt, failureOf(503), hold('b', 'c')))).toEqual([
      'relay',
      'a tried',
      'b held',
      'c held',
    ]);
  });

  it('and with round robin every trunk that could not take the call', () => {
    const turned = policy('', 'round-robin');
    expect(short(passed(turned, huntOf([], NATIONAL), undefined, hold('c')))).toEqual([
      'a',
      'c held',
    ]);
  });

  it('and none where the failure goes to the caller without a look at any trunk', () => {
    const hunt = huntOf(['a:404'], NATIONAL);
    expect(short(passed(policy(), hunt, failureOf(404)))).toEqual(['relay']);
  });

  it('and none where the same trunk is tried again', () => {
    const again = policy('  - { when: { sip: 500 }, do: { retry: same-trunk } }');
    expect(short(passed(again, huntOf(['b:500'], NATIONAL), failureOf(500)))).toEqual(['b']);
  });

  it('where an emergency call has tried one; holds do not count for it', () => {
    const hunt = huntOf(['a:503'], { number: '112' });
    expect(short(passed(policy(), hunt, failureOf(503), hold('b')))).toEqual(['b', 'a tried']);
  });

  it('also by the second treatment of a rule', () => {
    const second = policy(
      '  - { when: { sip: 486 }, do: { voicemail: true }, else: { retry: next-trunk } }',
    );
    const hunt = huntOf(['a:486'], NATIONAL);
    expect(short(passed(second, hunt, failureOf(486), hold('b')))).toEqual([
      'c',
      'a tried',
      'b held',
    ]);
  });

  it('and judges a redirection by the number that it leads to', () => {
    const follows = policy(
      '  - { when: { class: redirected }, do: { redirect: { domains: pbx.example.com, trunks: [c, b] } } }',
    );
    const contacts = [{ user: '0'.repeat(32), host: 'pbx.example.com' }];
    const hunt = huntOf(['a:302'], { ...NATIONAL, contacts });
    expect(short(passed(follows, hunt, failureOf(302)))).toEqual(['b', 'c unfit']);
  });
});

describe('whatever policy, hunt, failure and trunks are', () => {
  it('the chosen trunk is never passed over, and in order of preference all before it are', () => {
    let chosenBySkipping = 0;
    fc.assert(
      fc.property(
        policies,
        hunts,
        fc.option(failures, { nil: undefined }),
        trunkStates,
        moments,
        (about, hunt, failure, trunks, now) => {
          const inputs = { policyHash: about.hash, hunt, trunks, now, ...(failure && { failure }) };
          const { decision, passedOver } = explain(about, inputs);
          const names = passedOver.map(({ trunk }) => trunk);
          const { outcome } = decision;
          if (outcome.kind === 'dial') expect(names).not.toContain(outcome.trunk);
          const chosen = about.index.routes.find(hunt);
          const isFirst = !failure && outcome.kind === 'dial' && !decision.reserve?.lastResort;
          if (!isFirst || chosen?.strategy.kind !== 'in-order') return;
          const before = chosen.trunks.slice(0, chosen.trunks.indexOf(outcome.trunk));
          expect(names).toEqual(before);
          if (before.length > 0) chosenBySkipping += 1;
        },
      ),
      { numRuns: 3_000, seed: 17 },
    );
    expect(chosenBySkipping).toBeGreaterThan(20);
  });
});
