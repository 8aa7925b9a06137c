import type { FindingCode } from '../findings/registry';
import { printableLines } from '../model/printable';
import { sentence, type Complaint } from '../policy-file/problems/problems';
import type { Position } from '../policy/policy-data';

/** One problem of the settings. Never contains a password. */
export interface SettingProblem extends Complaint {
  readonly finding: FindingCode;
  /** Name of the environment variable, or path of the key in `crankback.yaml`; empty for that file as a whole. */
  readonly variable: string;
  /** Where it stands in `crankback.yaml`, if it does. */
  readonly place?: Position;
  /** The command line option for the same setting, such as `--policy`. */
  readonly flag?: string;
}

/** `CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file`; before it the place in a file. */
export function renderSettingProblem(problem: SettingProblem): string {
  return `${nameOfSetting(problem)}: ${sentence(problem)}`;
}

/** `CRANKBACK_POLICY (--policy)`, or `crankback.yaml:3:5: pbxes.berlin.asterisk.url`. */
export function nameOfSetting({ variable, flag, place }: SettingProblem): string {
  const name = flag === undefined ? variable : `${variable} (${flag})`;
  if (!place) return name;
  const where = `${place.file}:${place.line}:${place.column}`;
  return printableLines([where, name].filter(Boolean).join(': '));
}
