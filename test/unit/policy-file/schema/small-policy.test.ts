import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { policySchema, policySchemaFor } from '../../../../src/policy-file/schema/policy-schema';

const EXAMPLE: unknown = {
  ...(parse(readFileSync('docs/policy.example.yaml', 'utf8')) as object),
  phrases: [{ sip: 403, phrase: 'No money left', class: 'no-credit' }],
  numbering: { country: 'DE' },
};

/** Values that some keys take and most do not. */
const ODD = fc.constantFrom<unknown>(null, '', 'carrier-a', '4s', -1, 1, 503, true, [], {}, [[]]);
const KEYS = ['routes_from', 'alerts', 'rules', 'when', 'class', 'sip', 'gone', '__proto__', '0'];
/** Where to go, by fractions of what is there, and what to do at the end of the way. */
const change = fc.record({
  way: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 }),
  act: fc.constantFrom('leave out', 'replace', 'add'),
  key: fc.constantFrom(...KEYS),
  value: ODD,
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

it('a file without seldom sections is accepted and refused as by the whole schema', () => {
  const outcomes = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
      const written = changes.reduce((policy, one) => changed(policy, one), EXAMPLE);
      const whole = policySchema.safeParse(written);
      const asked = policySchemaFor(written).safeParse(written);
      outcomes.add(whole.success);
      expect(asked.data).toStrictEqual(whole.data);
      expect(JSON.stringify(asked.error?.issues)).toBe(JSON.stringify(whole.error?.issues));
    }),
  );
  expect(outcomes.size).toBe(2);
});

it('a file with such a section has it checked', () => {
  for (const written of [{ alerts: { gone: 1 } }, { routes_from: { gone: 1 } }]) {
    const { issues } = policySchemaFor(written).safeParse(written).error!;
    expect(issues.map(({ path }) => path[0])).toContain(Object.keys(written)[0]);
  }
});

/** A copy in which one thing is otherwise. */
function changed(at: unknown, change: Change): unknown {
  const { way, act, key, value } = change;
  const [step = 0, ...further] = way;
  if (typeof at !== 'object' || at === null) return value;
  const entries = Object.entries(at);
  const index = Math.floor(step * entries.length);
  const [[name, inner] = ['', undefined]] = entries.slice(index);
  if (further.length > 0 && typeof inner === 'object') {
    return put(at, name, changed(inner, { ...change, way: further }));
  }
  if (act === 'add') return put(at, key, value);
  if (act === 'replace') return put(at, name, value);
  if (Array.isArray(at)) return at.filter((_, place) => place !== index);
  return Object.fromEntries(entries.filter(([other]) => other !== name));
}

function put(at: object, name: string, value: unknown): unknown {
  if (Array.isArray(at))
    return at.map((item: unknown, place) => (String(place) === name ? value : item));
  return { ...at, [name]: value };
}
