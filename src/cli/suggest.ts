import { readFileSync } from 'node:fs';
import { loadPolicy } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { settingsAtHand } from '../settings/pbx-at-hand';
import { suggestionsOf } from '../suggest/suggested';
import { EXIT } from './exit';
import { print, printError, printProblem } from './print';
import { recordsBy } from './records-by';
import { serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';
import { suggestText } from './suggest-text';

export interface SuggestFlags extends ServiceFlags {
  /** Path of crankback.yaml. */
  readonly config?: string;
  readonly policy?: string;
  readonly since: string;
  readonly limit: string;
}

const MOST_CALLS = 10_000_000;

/**
 * `crankback suggest`: lines that the record suggests for the policy file, each with its evidence, and a replay of the
 * file that has them. Changes nothing.
 */
export async function suggest(flags: SuggestFlags): Promise<void> {
  const settings = settingsAtHand(process.env, flags.config, (path) => readFileSync(path, 'utf8'));
  for (const problem of settings.problems) printError(`warning: ${problem}`);
  const file = flags.policy ?? settings.policyFile;
  if (!file) return refuse('no policy file: name one by --policy, or set CRANKBACK_POLICY');
  const now = Date.now();
  const since = momentOf(flags.since, now);
  const expected = 'Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z';
  if (since === undefined || since >= now)
    return refuse(`--since: unexpected "${flags.since}". ${expected}`);
  const limit = /^\d{1,8}$/.test(flags.limit) ? Number(flags.limit) : 0;
  if (limit < 1 || limit > MOST_CALLS)
    return refuse(`--limit: unexpected "${flags.limit}". Expected 1–${MOST_CALLS}`);
  const loaded = loadPolicy(file);
  if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
  const period = { since: Math.max(0, since), until: now, limit };
  try {
    const service = serviceOf(flags);
    const records = recordsBy((path) => service({ method: 'GET', path }));
    const text = readFileSync(file, 'utf8');
    const found = await suggestionsOf(records, period, { file, text, policy: loaded.policy });
    print(flags.json ? JSON.stringify(found, null, 2) : suggestText(found));
  } catch (error) {
    tellFailure(error);
  }
}

function refuse(problem: string): void {
  printProblem(problem);
  process.exitCode = EXIT.usage;
}
