import { policyJsonSchema } from '../config/json-schema';

/** `crankback schema`: the JSON Schema of the policy file, for editors. */
export function schema(): void {
  console.log(policyJsonSchema());
}
