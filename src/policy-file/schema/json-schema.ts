import * as z from 'zod';
import { policySchema } from './policy-schema';

/**
 * The JSON Schema of the policy file for editors, from the definition that checks it. It covers less than
 * `crankback check`: nothing that depends on another place of the file.
 */
export function policyJsonSchema(): string {
  const schema = z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' });
  const titled = { title: 'Policy file of crankback, version 1', ...schema };
  return JSON.stringify(titled, undefined, 2);
}
