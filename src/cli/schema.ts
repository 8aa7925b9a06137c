import { policyJsonSchema } from '../policy-file/schema/json-schema';
import { print } from './print';

/** `crankback schema`: the JSON Schema of the policy file, for editors. */
export function schema(): void {
  print(policyJsonSchema());
}
