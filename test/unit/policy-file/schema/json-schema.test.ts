import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';
import { policyJsonSchema } from '../../../../src/policy-file/schema/json-schema';

const ROOT = join(__dirname, '../../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PUBLISHED = 'docs/policy.schema.json';

describe('the published JSON Schema', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(read(PUBLISHED)) as object);

  it('is what the definition that checks the file comes to: `npm run schema` writes it', () => {
    expect(read(PUBLISHED)).toBe(`${policyJsonSchema()}\n`);
  });

  it('is named at the top of the example policy', () => {
    const [first] = read('docs/policy.example.yaml').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=policy.schema.json');
  });

  it.each(['docs/policy.example.yaml', 'lab/scenarios/policies/lab.yaml'])('accepts %s', (file) => {
    validate(parse(read(file)));
    expect(validate.errors).toBeNull();
  });

  it.each([
    'unknown-key',
    'wrong-type',
    'missing-keys',
    'failure-class',
    'sip-status',
    'conditions',
    'numbers',
    'limits',
  ])('refuses %s.yaml of the broken ones', (name) => {
    expect(readdirSync(join(ROOT, 'test/policies/broken'))).toContain(`${name}.yaml`);
    expect(validate(parse(read(`test/policies/broken/${name}.yaml`)))).toBe(false);
  });
});
