import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WholePolicy } from '../src/policy/policy';
import { parsePolicy } from '../src/policy-file/policy-file';
import { renderProblem } from '../src/policy-file/problems/problems';
import { repositoryRoot } from './provision/paths';

/**
 * The policy of this text with the shipped rules.
 * @throws with its problems, one a line
 */
export function policyOfText(text: string, file = 'bench.yaml'): WholePolicy {
  const defaults = readFileSync(join(repositoryRoot, 'src/policy-file/defaults.yaml'), 'utf8');
  const read = parsePolicy({ file, text }, { file: 'built-in/defaults.yaml', text: defaults });
  if (!read.ok) throw new Error(read.problems.map(renderProblem).join('\n'));
  return read.policy;
}
