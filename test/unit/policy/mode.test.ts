import {
  modeOfCall,
  modeOfTrunk,
  modeText,
  observedPart,
  onlyObserves,
} from '../../../src/policy/mode';
import { Unpacking, piecesOf } from '../../../src/policy-file/watch/parcel';
import type { Policy } from '../../../src/policy/policy';
import { policyOf } from '../../doubles/policies';

/** Modes of the file, of trunks and of routes. */
function modes(of: { file?: string; a?: string; b?: string; three?: string; rest?: string } = {}) {
  const mode = (said: string | undefined) => (said === undefined ? '' : `mode: ${said}, `);
  return policyOf(`version: 1
${of.file === undefined ? '' : `mode: ${of.file}`}
emergency: []
trunks:
  carrier-a: { ${mode(of.a)}dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { ${mode(of.b)}dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { ${mode(of.three)}digits: "3*", trunks: [carrier-b, carrier-a] }
  - { ${mode(of.rest)}digits: "1*", trunks: [carrier-a, carrier-b] }
`);
}

const text = (policy: Policy, number: string, begunOn?: string) =>
  modeText(modeOfCall(policy, { number, startedAt: 0 }, begunOn));

describe('the mode of a call', () => {
  it.each([
    ['decide without a word', {}, 'mode: decide of the policy'],
    ['that of the file', { file: 'observe' }, 'mode: observe of the policy'],
    [
      'that of the first trunk of its route',
      { file: 'observe', a: 'decide' },
      'mode: decide of trunk carrier-a (policy.yaml:5)',
    ],
    ['not that of another trunk', { file: 'observe', b: 'decide' }, 'mode: observe of the policy'],
    [
      'that of its route first',
      { a: 'decide', rest: 'observe' },
      'mode: observe of route "1*" (policy.yaml:9)',
    ],
  ])('is %s', (_, of, expected) => {
    expect(text(modes(of), '100')).toBe(expected);
  });

  it('is that of the trunk that the user dialled, but that of the route first', () => {
    const policy = modes({ file: 'observe', b: 'decide' });
    expect(text(policy, '100', 'carrier-b')).toBe(
      'mode: decide of trunk carrier-b (policy.yaml:6)',
    );
    expect(text(modes({ a: 'decide', three: 'observe' }), '300', 'carrier-a')).toMatch(
      /route "3\*"/,
    );
  });

  it('is that of the file without a route, for a number that is none, and on a trunk that is none', () => {
    const policy = modes({ file: 'observe', a: 'decide', b: 'decide', three: 'decide' });
    for (const number of ['900', '', "1'; DROP", '1'.repeat(40)])
      expect(text(policy, number)).toBe('mode: observe of the policy');
    expect(text(policy, '900', 'gone')).toBe('mode: observe of the policy');
    expect(text(policy, '900', 'carrier-b')).toMatch(/^mode: decide of trunk carrier-b/);
  });

  it('is the same in a policy that came from the other thread', () => {
    const written = modes({ file: 'observe', b: 'decide', rest: 'decide' });
    const unpacking = new Unpacking();
    let read: Policy | undefined;
    const parts = (({ index: _, ...data }) => data)(written);
    for (const piece of piecesOf(parts)) read = unpacking.add(structuredClone(piece));
    if (!read) throw new Error('it has no last piece');
    for (const number of ['100', '300', '900'])
      expect(text(read, number)).toBe(text(written, number));
    expect(observedPart(read)).toBe(observedPart(written));
    expect(onlyObserves(read)).toBe(false);
  });

  it('of a trunk is the file’s where it has none', () => {
    const policy = modes({ file: 'observe', b: 'decide' });
    expect(['carrier-a', 'carrier-b', 'gone'].map((name) => modeOfTrunk(policy, name))).toEqual([
      ...['observe', 'decide', 'observe'],
    ]);
  });
});

describe('a policy', () => {
  it.each([
    ['of observing only is one that decides nothing', { file: 'observe' }, true],
    ['with a decided route is not', { file: 'observe', three: 'decide' }, false],
    ['with a decided trunk is not', { file: 'observe', a: 'decide' }, false],
    [
      'with a decided trunk is not, though its routes are observed: the user may dial it',
      { file: 'observe', a: 'decide', rest: 'observe', three: 'observe' },
      false,
    ],
    ['that decides numbers without a route is not', { three: 'observe', rest: 'observe' }, false],
  ])('%s', (_, of, only) => {
    expect(onlyObserves(modes(of))).toBe(only);
  });

  it.each([
    [{}, undefined],
    [{ file: 'observe' }, 'mode: observe: no call is decided'],
    [{ a: 'observe' }, 'mode: observe on 1 of 2 routes: their calls are not decided'],
    [
      { file: 'observe', three: 'decide' },
      'mode: observe on 1 of 2 routes: their calls are not decided',
    ],
  ])('%j tells what is only observed', (of, expected) => {
    expect(observedPart(modes(of))).toBe(expected);
  });
});
