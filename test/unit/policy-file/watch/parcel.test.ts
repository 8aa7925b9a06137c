import { failureOf } from '../../../../src/policy/failure-of';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import {
  piecesOf,
  transferOf,
  Unpacking,
  type Piece,
} from '../../../../src/policy-file/watch/parcel';
import { decide } from '../../../../src/policy/decide';
import { explain } from '../../../../src/policy/decision/explain';
import { isNeeds } from '../../../../src/policy/facts';
import type { Policy, WholePolicy } from '../../../../src/policy/policy';
import { frozen } from '../../../../src/policy/trunk-snapshot';
import { failures, hunts, moments, policies, trunkStates } from '../../../doubles/arbitraries';
import { policyOf } from '../../../doubles/policies';

function pieces({ index: _, ...data }: WholePolicy): readonly Piece[] {
  return [...piecesOf(data)];
}

/** The policy after it has crossed from one thread to another. */
function crossed(policy: WholePolicy): Policy {
  const unpacking = new Unpacking();
  const made = pieces(policy).map((piece) =>
    unpacking.add(structuredClone(piece, { transfer: transferOf(piece) })),
  );
  const whole = made.pop();
  expect(made.every((one) => one === undefined)).toBe(true);
  if (!whole) throw new Error('the last piece completes no policy');
  return whole;
}

describe('a policy that crosses the threads', () => {
  it('decides and explains as it did before, whatever the call', () => {
    fc.assert(
      fc.property(
        policies,
        hunts,
        failures,
        trunkStates,
        moments,
        (policy, hunt, failure, trunks, now) => {
          const there = crossed(policy);
          const state = frozen(trunks);
          const decision = decide(policy, hunt, failure, state, now);
          expect(decide(there, hunt, failure, state, now)).toEqual(decision);
          if (isNeeds(decision)) return;
          const inputs = { policyHash: policy.hash, hunt, failure, trunks, now };
          expect(explain(there, inputs)).toEqual(explain(policy, inputs));
        },
      ),
    );
  });

  it('keeps its own phrases before the shipped ones', () => {
    const { phrases } = crossed(
      policyOf(`version: 1
emergency: []
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [a] }]
phrases: [{ sip: 480, phrase: Codec Mismatch, class: no-credit }]
`),
    );
    expect(phrases?.find(480, 'codec mismatch')?.class).toBe('no-credit');
    expect(phrases?.find(503, 'All Trunks Busy')).toEqual(phrases?.find(503, 'all trunks busy'));
  });

  it("keeps what a trunk's carrier means", () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:
  a: { carrier: vonage, dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "*", trunks: [a, b] }]
phrases: [{ sip: 403, phrase: Lines full, class: trunk-congested }]
`);
    const classOn = (trunk: string, phrase: string) => {
      const said = { source: 'x', sip: 403, phrase, rang: false, progress: false } as const;
      return failureOf([{ ...said, origin: 'far' }], crossed(policy), trunk).class;
    };
    expect(classOn('a', 'Forbidden')).toBe('caller-id-rejected');
    expect(classOn('b', 'Forbidden')).toBe('forbidden');
    expect(classOn('a', 'All lines full')).toBe('trunk-congested');
  });

  it('comes in small pieces, however many trunks and rules it has', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `carrier-${index}`);
    const text = `version: 1
emergency: []
trunks:
${names.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes: [{ digits: "*", trunks: [carrier-0] }]
rules:
${names.map((name) => `  - { when: { trunk: ${name}, sip: 503 }, do: { retry: next-trunk } }`).join('\n')}
`;
    const policy = policyOf(text);
    const sizes = pieces(policy).map((piece) => serialize(piece).length);
    expect(sizes.length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThan(40 * 1024);
    const there = crossed(policy);
    expect([...there.trunks]).toEqual([...policy.trunks]);
    expect(there.rules).toEqual(policy.rules);
    expect(there.defaults).toEqual(policy.defaults);
  });
});
