import { policyJsonSchema } from '../policy-file/schema/json-schema';

/** `crankback schema`: the JSON Schema of the policy file, for editors. */
export function schema(): void {
  console.log(policyJsonSchema());
}
