import { sentence, type Complaint } from '../policy-file/problems/problems';

/** One thing wrong with the settings. Never contains a password. */
export interface SettingProblem extends Complaint {
  /** Name of the environment variable. */
  readonly variable: string;
  /** The command line option that sets the same, such as `--policy`. */
  readonly flag?: string;
}

/** `CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file` */
export function renderSettingProblem(problem: SettingProblem): string {
  const flag = problem.flag === undefined ? '' : ` (${problem.flag})`;
  return `${problem.variable}${flag}: ${sentence(problem)}`;
}
