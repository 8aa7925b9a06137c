import { z } from 'zod';
import { policySchema } from './policy-schema';

/**
 * The JSON Schema of the policy file, from the very definition that checks it; editors complete and
 * check by it. It says less than `crankback check`: not what depends on another place of the file.
 */
export function policyJsonSchema(): string {
  const schema = z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' });
  const titled = { title: 'Policy file of crankback, version 1', ...schema };
  return JSON.stringify(titled, undefined, 2);
}
