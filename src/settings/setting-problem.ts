import type { FindingCode } from '../findings/registry';
import { sentence, type Complaint } from '../policy-file/problems/problems';

/** One problem of the settings. Never contains a password. */
export interface SettingProblem extends Complaint {
  readonly finding: FindingCode;
  /** Name of the environment variable. */
  readonly variable: string;
  /** The command line option for the same setting, such as `--policy`. */
  readonly flag?: string;
}

/** `CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file` */
export function renderSettingProblem(problem: SettingProblem): string {
  const flag = problem.flag === undefined ? '' : ` (${problem.flag})`;
  return `${problem.variable}${flag}: ${sentence(problem)}`;
}
