import { readFileSync } from 'node:fs';
import { loadPolicy } from '../policy-file/policy-file';
import { renderProblem, type Problem } from '../policy-file/problems/problems';
import { warningsOf } from '../policy-file/warnings';
import { observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import type { Found } from './found';

export interface PolicySeen {
  /** Absent: the file is refused. */
  readonly policy?: WholePolicy;
  readonly found: readonly Found[];
}

/** The policy of the file, and what `crankback check` says of it. */
export function policySeen(file: string): PolicySeen {
  const loaded = loadPolicy(file);
  if (!loaded.ok) return { found: loaded.problems.map(foundOf) };
  const { policy } = loaded;
  const warnings = warningsOf(policy, readFileSync(file, 'utf8'));
  const found: Found[] = warnings.map(foundOf);
  if (policy.emergency.length === 0)
    found.push({
      finding: 'CB1406',
      what: `${file} names no emergency number`,
      change: 'emergency: ["112"]',
    });
  const observed = observedPart(policy);
  if (observed !== undefined) found.push({ finding: 'CB1402', what: `${file}: ${observed}` });
  return { policy, found };
}

function foundOf(problem: Problem): Found {
  const { finding, suggestion, expected } = problem;
  const line = renderProblem({ ...problem, sourceLine: '' }).replace(/ \[CB\d{4}\]$/, '');
  const change = suggestion ?? expected;
  return { finding, what: line, ...(change !== undefined && { change }) };
}
