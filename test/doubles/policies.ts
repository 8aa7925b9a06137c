import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../src/policy-file/policy-file';
import { renderProblem } from '../../src/policy-file/problems/problems';
import type { FailureClass } from '../../src/model/classes';
import type { Evidence, Failure } from '../../src/model/failure';
import { normalize } from '../../src/normalize/normalize';
import { NOTHING_UNKNOWN } from '../../src/policy/facts';
import type { Hunt, PastAttempt } from '../../src/policy/hunt';
import type { Policy, WholePolicy } from '../../src/policy/policy';
import type { DecisionContext } from '../../src/policy/decision/context';
import { surroundings } from '../../src/policy/situation';
import { frozen } from '../../src/policy/trunk-snapshot';

const DEFAULTS = readFileSync(join(__dirname, '../../src/policy-file/defaults.yaml'), 'utf8');

/** A policy from YAML, followed by the built-in rules. */
export function policyOf(text: string): WholePolicy {
  const loaded = parsePolicy(
    { file: 'policy.yaml', text },
    { file: 'built-in/defaults.yaml', text: DEFAULTS },
  );
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
  return loaded.policy;
}

/** No trunk is held or full, and no budget is spent. */
export const IDLE = frozen({ obstacles: {}, turn: 0 });

export const START = 1_795_239_432_947;

/**
 * A hunt with these failed attempts: `carrier-a:503`, `carrier-a:` without a status, `carrier-a:503:rang`, and
 * the class behind that, `carrier-a:403::no-credit`.
 */
export function huntOf(attempts: readonly string[], more: Partial<Hunt> = {}): Hunt {
  return {
    number: '200',
    startedAt: START,
    attempts: attempts.map(pastAttempt),
    mailboxMissing: false,
    ...more,
  };
}

function pastAttempt(text: string): PastAttempt {
  const [trunk = '', sip = '', rang = '', name] = text.split(':');
  return {
    trunk,
    rang: rang === 'rang',
    ...(sip !== '' && { sip: Number(sip) }),
    ...(name !== undefined && { class: name as FailureClass }),
  };
}

/** The failure behind a final status of the far side. */
export function failureOf(sip: number, more: Partial<Evidence> = {}): Failure {
  return normalize([{ source: 'test', sip, rang: false, progress: false, origin: 'far', ...more }]);
}

/** No response came. */
export function noResponse(more: Partial<Evidence> = {}): Failure {
  return normalize([
    { source: 'test', rang: false, progress: false, origin: 'no-response', ...more },
  ]);
}

/** Nothing could be sent. */
export function unreachable(): Failure {
  return normalize([{ source: 'test', rang: false, progress: false, origin: 'local' }]);
}

/** The situation of a rule after the last attempt of a hunt has failed. */
export function situationOf(
  policy: Policy,
  hunt: Hunt,
  failure: Failure,
  more: Partial<DecisionContext> = {},
): DecisionContext {
  return {
    policy,
    route: policy.index.routes.find(hunt),
    hunt,
    failure,
    unknown: NOTHING_UNKNOWN,
    trunks: IDLE,
    ...surroundings(policy),
    now: START,
    ...more,
  };
}
