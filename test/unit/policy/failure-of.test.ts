import type { Evidence } from '../../../src/model/failure';
import { failureOf } from '../../../src/policy/failure-of';
import { policyOf } from '../../doubles/policies';

const policy = (rules: string) =>
  policyOf(`version: 1
emergency: []
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [a] }]
rules: [${rules}]
`);
const rule = '{ when: { header: { name: X-Code } }, do: { relay: true } }';
const headers = [
  { name: 'x-code', value: 'D12' },
  { name: 'server', value: 'x' },
];
const seen: Evidence = { source: 'hep', sip: 486, rang: false, progress: false, origin: 'far' };

describe('of the headers of a refusal a failure has', () => {
  const kept = (rules: string, evidence: Evidence) =>
    failureOf([evidence], policy(rules), 'a').evidence[0]?.headers;

  it('those that some rule asks for, and none where no rule does', () => {
    expect(kept(rule, { ...seen, headers })).toEqual([{ name: 'x-code', value: 'D12' }]);
    expect(kept('', { ...seen, headers })).toBeUndefined();
  });

  it('none, but that there is none, where a rule asks for another', () => {
    expect(kept(rule, { ...seen, headers: headers.slice(1) })).toEqual([]);
    expect(kept(rule, seen)).toBeUndefined();
  });

  it('them without a look at what is only read when it is asked for', () => {
    let looked = 0;
    const lazy = Object.defineProperty({ ...seen, headers }, 'offer', {
      enumerable: true,
      get: () => ((looked += 1), undefined),
    });
    for (const rules of [rule, '']) {
      const { evidence } = failureOf([lazy], policy(rules), 'a');
      expect(looked).toBe(0);
      expect(Object.keys(evidence[0] ?? {})).toContain('offer');
    }
  });
});
