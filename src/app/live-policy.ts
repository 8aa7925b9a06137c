import type { Logger } from 'winston';
import type { PolicyMetrics } from '../policy-file/policy-metrics';
import { PolicyWatch } from '../policy-file/watch/policy-watch';
import { renderProblem } from '../policy-file/problems/problems';
import type { Problem } from '../policy-file/problems/problems';
import type { Policy } from '../policy/policy';

export interface LivePolicyParts {
  readonly file: string;
  /** As loaded at the start. */
  readonly policy: Policy;
  /** Gives the PBX a new policy's trunks; rejects if it cannot. */
  readonly publish: (policy: Policy) => Promise<void>;
  /** Another policy is in force now. */
  readonly changed: (change: { file: string; hash: string; before: string }) => void;
  readonly log: Logger;
  readonly metrics: PolicyMetrics;
}

/** The policy in force while the service runs, and the state of its file. */
export interface LivePolicy {
  readonly current: () => Policy;
  /** For the readiness report; empty while the file is the policy in force. */
  readonly warnings: () => readonly string[];
  readonly reload: () => void;
  readonly stop: () => void;
}

/** Keeps the policy up to date with its file; log, metrics and readiness report when that fails. */
export function livePolicy({
  file,
  policy,
  publish,
  changed,
  log,
  metrics,
}: LivePolicyParts): LivePolicy {
  let problems: readonly Problem[] = [];
  const inOrder = (current: Policy) => {
    problems = [];
    metrics.inOrder.set(1);
    metrics.info.reset();
    metrics.info.set({ hash: current.hash }, 1);
  };
  const watch = new PolicyWatch(file, policy, {
    loaded: async (next) => {
      const before = watch.current().hash;
      try {
        await publish(next);
      } catch (error) {
        log.warn('new trunks not published; the PBX gets them when it connects', { error });
      }
      inOrder(next);
      metrics.reloads.inc({ result: 'loaded' });
      changed({ file, hash: next.hash, before });
    },
    refused: (found) => {
      problems = found;
      metrics.inOrder.set(0);
      metrics.reloads.inc({ result: 'refused' });
      const hash = watch.current().hash;
      log.error('policy refused, the last good one stays in force', { policy: file, hash });
      for (const problem of found) log.error('policy problem', { problem: firstLine(problem) });
    },
    restored: () => {
      inOrder(watch.current());
      log.info('policy file is in order again', { policy: file, hash: watch.current().hash });
    },
  });
  inOrder(policy);
  watch.start();
  return {
    current: () => watch.current(),
    warnings: () =>
      problems.length === 0
        ? []
        : [
            `policy ${watch.current().hash} stays in force, its file is broken: ${problems.map(firstLine).join('; ')}`,
          ],
    reload: () => watch.reload(),
    stop: () => watch.stop(),
  };
}

/** The problem without the file's line and its caret. */
function firstLine(problem: Problem): string {
  return renderProblem({ ...problem, sourceLine: '' });
}
