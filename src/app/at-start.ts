import { readFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { printError } from '../cli/print';
import { problemLines } from '../policy-file/problems/problems';
import { LOADER } from '../policy-file/watch/policy-thread';
import type { PolicyBytes } from '../policy-file/watch/policy-bytes';
import { PolicyWorker } from '../policy-file/watch/policy-worker';
import type { Policy } from '../policy/policy';
import { renderSettingProblem } from '../settings/setting-problem';
import { readSettings, type SettingFlags, type Settings } from '../settings/settings';
import { leave, refuse } from './ending';
import type { Factories } from './factories';

/** What the service begins with. */
export interface AtStart {
  readonly settings: Settings;
  readonly policy: Policy;
  /** The policy file as it was read. */
  readonly policyText: PolicyBytes;
  /** Goes on looking at the policy file. */
  readonly source: PolicyWorker;
  readonly factories: Factories;
}

/**
 * Reads settings and policy.
 * @param thread reads the policy, see `policyThread`
 * @returns undefined if one of them is wrong: then that is said, and the process ends with code 2
 */
export async function readAtStart(
  flags: SettingFlags,
  factoriesFor: (settings: Settings) => Promise<Factories>,
  thread: Worker,
): Promise<AtStart | undefined> {
  const read = readSettings(process.env, flags, (path) => readFileSync(path, 'utf8'));
  for (const warning of read.warnings) printError(`warning: ${renderSettingProblem(warning)}`);
  if (!read.ok) {
    refuse(read.problems.map(renderSettingProblem));
    return undefined;
  }
  const { settings } = read;
  const source = new PolicyWorker(settings.policyFile, LOADER, thread);
  // A thread reads the policy meanwhile.
  const [loaded, factories] = await Promise.all([
    source.look({ atOnce: true }),
    factoriesFor(settings),
  ]);
  if (loaded.kind === 'loaded') {
    const { policy, text: policyText } = loaded;
    return { settings, policy, policyText, source, factories };
  }
  if (loaded.kind === 'refused') refuse(problemLines(loaded));
  await leave(source.stop());
  return undefined;
}
