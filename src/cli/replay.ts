import { loadPolicy } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { replayPeriod } from '../replay/period';
import type { Replayed } from '../replay/tally';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { recordsBy } from './records-by';
import { replayText, type ReplayAbout } from './replay-text';
import { serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';

export interface ReplayFlags extends ServiceFlags {
  readonly policy?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

const MOST_CALLS = 10_000_000;

/**
 * `crankback replay`: which recorded calls a draft policy would have sent elsewhere. Code 0 if none, 3 if some, 2 for
 * a wrong argument or draft, 1 if there is no answer, or if there are calls and none of them can be told.
 */
export async function replay(flags: ReplayFlags): Promise<void> {
  const asked = readFlags(flags, Date.now());
  if ('problem' in asked) return refuse(asked.problem);
  const loaded = loadPolicy(asked.file);
  if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
  try {
    const service = serviceOf(flags);
    const records = recordsBy((path) => service({ method: 'GET', path }));
    const { replayed, limited } = await replayPeriod(records, asked, loaded.policy);
    const policy = { file: asked.file, hash: loaded.policy.hash };
    const about: ReplayAbout = { policy, since: asked.since, until: asked.until, limited };
    if (flags.json) print(JSON.stringify({ ...about, ...replayed }, null, 2));
    else print(replayText(about, replayed));
    process.exitCode = codeOf(replayed);
  } catch (error) {
    tellFailure(error);
  }
}

function codeOf({ calls, differing, unknown }: Replayed): number {
  if (differing > 0) return EXIT.differs;
  const left = unknown.reduce((sum, group) => sum + group.calls, 0);
  return calls > 0 && left === calls ? EXIT.failed : EXIT.ok;
}

interface Asked {
  readonly file: string;
  readonly since: number;
  readonly until: number;
  readonly limit: number;
}

function readFlags(flags: ReplayFlags, now: number): Asked | { readonly problem: string } {
  const { policy: file, since = '7d', until, limit = '50000' } = flags;
  if (file === undefined) return { problem: 'no draft: name a policy file by --policy' };
  const expected = 'Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z';
  const from = momentOf(since, now);
  if (from === undefined) return { problem: `--since: unexpected "${since}". ${expected}` };
  const to = until === undefined ? now : momentOf(until, now);
  if (to === undefined) return { problem: `--until: unexpected "${until}". ${expected}` };
  if (to <= from) return { problem: '--until: Expected a time after that of --since' };
  const most = /^\d{1,8}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > MOST_CALLS)
    return { problem: `--limit: unexpected "${limit}". Expected 1–${MOST_CALLS}` };
  return { file, since: Math.max(0, from), until: to, limit: most };
}

function refuse(problem: string): void {
  printProblem(problem);
  process.exitCode = EXIT.usage;
}
