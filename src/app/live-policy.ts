import type { PolicyChanged } from '../events/call-event';
import { named, type Named } from '../findings/named';
import type { Logger } from 'winston';
import type { PolicyMetrics } from '../policy-file/policy-metrics';
import { PolicyWatch } from '../policy-file/watch/policy-watch';
import { problemCount, renderProblem } from '../policy-file/problems/problems';
import type { Problem, ProblemsOfFile } from '../policy-file/problems/problems';
import type { PolicySource } from '../policy-file/watch/policy-source';
import type { Policy } from '../policy/policy';

export interface LivePolicyParts {
  readonly file: string;
  /** Looks at the file. */
  readonly source: PolicySource;
  /** As loaded at the start. */
  readonly policy: Policy;
  /** Gives the PBX a new policy's trunks; rejects if it cannot. */
  readonly publish: (policy: Policy) => Promise<void>;
  /** Another policy is in force now. */
  readonly changed: (change: Omit<PolicyChanged, 'kind' | 'at'>) => void;
  readonly log: Logger;
  readonly metrics: PolicyMetrics;
}

/** The policy in force while the service runs, and the state of its file. */
export interface LivePolicy {
  readonly current: () => Policy;
  /** For the readiness report; empty while the file is the policy in force. */
  readonly warnings: () => readonly Named[];
  readonly reload: () => void;
  /** Settles when nothing is under way any more; with a file system that hangs that may be never. */
  readonly stop: () => Promise<void>;
}

/** Problems that the readiness report repeats; the log has more of them. */
const MOST_IN_REPORT = 10;

/** Keeps the policy up to date with its file; log, metrics and readiness report when that fails. */
export function livePolicy({
  file,
  source,
  policy,
  publish,
  changed,
  log,
  metrics,
}: LivePolicyParts): LivePolicy {
  let broken = '';
  const inOrder = (current: Policy) => {
    broken = '';
    metrics.lastLoadSuccessful.set(1);
    metrics.lastSuccessSeconds.setToCurrentTime();
    metrics.info.reset();
    metrics.info.set({ hash: current.hash }, 1);
  };
  const watch = new PolicyWatch(source, policy, {
    loaded: async (next, text) => {
      const before = watch.current().hash;
      try {
        await publish(next);
      } catch (error) {
        log.warn('new trunks not published; the PBX gets them when it connects', {
          finding: 'CB1404',
          error,
        });
      }
      inOrder(next);
      metrics.reloads.inc({ result: 'loaded' });
      changed({ file, hash: next.hash, before, text });
    },
    refused: (found) => {
      broken = inShort(found);
      metrics.lastLoadSuccessful.set(0);
      metrics.reloads.inc({ result: 'refused' });
      const { hash } = watch.current();
      const problems = found.count;
      log.error('policy refused, the last good one stays in force', {
        finding: 'CB1401',
        policy: file,
        hash,
        problems,
      });
      logOneByOne(found.problems);
    },
    restored: () => {
      inOrder(watch.current());
      log.info('policy file is in order again', { policy: file, hash: watch.current().hash });
    },
  });
  /** A hundred lines at once would keep calls waiting. */
  const logOneByOne = ([first, ...others]: readonly Problem[]) => {
    if (!first) return;
    log.error('policy problem', { problem: firstLine(first) });
    if (others.length > 0) setImmediate(() => logOneByOne(others));
  };
  inOrder(policy);
  watch.start();
  return {
    current: () => watch.current(),
    warnings: () =>
      broken === ''
        ? []
        : [
            named(
              'CB1401',
              `policy ${watch.current().hash} stays in force, its file is broken: ${broken}`,
            ),
          ],
    reload: () => watch.reload(),
    stop: () => watch.stop(),
  };
}

function inShort({ problems, count }: ProblemsOfFile): string {
  const shown = problems.slice(0, MOST_IN_REPORT);
  const lines = shown.map(firstLine);
  return (count > shown.length ? [...lines, problemCount({ problems: shown, count })] : lines).join(
    '; ',
  );
}

/** The problem without the file's line and its caret. */
function firstLine(problem: Problem): string {
  return renderProblem({ ...problem, sourceLine: '' });
}
