import { DEFAULTS_LABEL } from '../../policy-file/policy-file';
import { linesOfThen, type PolicyOfCall } from '../../replay/lines-of-then';
import type { LineAt } from '../v1/told/ladder';

/**
 * Lines of these policies and of the shipped rules. No other file is opened, whatever a record names: records of other
 * instances come through Redis.
 */
export function knownLines(policies: readonly PolicyOfCall[]): LineAt {
  const lineAt = linesOfThen(policies);
  const files = new Set([DEFAULTS_LABEL, ...policies.map(({ file }) => file)]);
  return (at, policyHash) => (files.has(at.file) ? lineAt(at, policyHash) : '');
}
