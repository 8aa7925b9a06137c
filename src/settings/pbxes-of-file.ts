import { quote } from '../policy-file/problems/problems';
import { missingOfPbxes, pbxesOf, pbxSchema, type PbxSettings } from './pbx-settings';
import { readSecrets } from './secrets';
import type { SettingProblem } from './setting-problem';
import type { PbxOfFile } from './settings-file';

/** PBXes that are in order, and what is wrong with the others. */
export interface PbxesOfFile {
  readonly pbxes: readonly PbxSettings[];
  readonly problems: readonly SettingProblem[];
}

/** Reads each PBX of `crankback.yaml` as if it were the only one. `readFile` is as for `readSettings`. */
export function pbxesOfFile(
  ofFile: readonly PbxOfFile[],
  readFile: (path: string) => string,
): PbxesOfFile {
  const read = ofFile.map((one) => pbxOf(one, readFile));
  const pbxes = read.flatMap((each) => ('pbx' in each ? [each.pbx] : []));
  const problems = read.flatMap((each) => ('problems' in each ? each.problems : []));
  return { pbxes, problems };
}

type ReadPbx = { readonly pbx: PbxSettings } | { readonly problems: readonly SettingProblem[] };

function pbxOf(
  { name, kind, variables, about }: PbxOfFile,
  readFile: (path: string) => string,
): ReadPbx {
  const secrets = readSecrets(Object.fromEntries(variables), readFile);
  const values = [...OF_ITSELF[kind], ...variables, ...secrets.values];
  const given = new Map(values.filter(([variable]) => !variable.endsWith('_FILE')));
  const result = pbxSchema.safeParse(Object.fromEntries(given));
  const problems = [
    ...secrets.problems.map((problem) => ({ ...problem, ...about(problem.variable) })),
    ...(result.error?.issues ?? []).map(({ path, message: expected }): SettingProblem => {
      const variable = String(path[0]);
      const isSecret = /PASSWORD|SECRET|URL/.test(variable);
      const message = isSecret ? 'not usable' : `unexpected ${quote(given.get(variable) ?? '')}`;
      return { ...about(variable), finding: 'CB2002', message, expected };
    }),
    ...missingOfPbxes(given)
      .filter(([variable]) => !secrets.unreadable.includes(variable))
      .map(([variable, expected]): SettingProblem => {
        return { ...about(variable), finding: 'CB2001', message: 'missing', expected };
      }),
  ];
  const [described] = result.success ? pbxesOf(result.data) : [];
  if (!described || problems.length > 0) return { problems };
  return { pbx: { ...described, name } };
}

/** What makes it one of its kind, where the file does not say so. */
const OF_ITSELF = {
  asterisk: [],
  freeswitch: [['CRANKBACK_ESL_HOST', '127.0.0.1']],
} as const satisfies Record<PbxOfFile['kind'], readonly (readonly [string, string])[]>;
