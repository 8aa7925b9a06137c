import { named } from '../findings/named';
import { readFileSync } from 'node:fs';
import { silenceOnFreeswitch } from '../explain/pbx/freeswitch-silence';
import { loadPolicy } from '../policy-file/policy-file';
import {
  listed,
  problemCount,
  quote,
  renderProblem,
  type Problem,
} from '../policy-file/problems/problems';
import { closest } from '../policy-file/problems/suggest';
import { warningsOf } from '../policy-file/warnings/index';
import { observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { unknownPbxes } from '../policy/of-pbx';
import { pbxAtHand, settingsAtHand, type PbxAtHand } from '../settings/pbx-at-hand';
import { EXIT } from './exit';
import { modeNotes } from './mode-notes';
import { travelNotes } from './travel-notes';
import { print, printError } from './print';

export interface CheckFlags {
  /** Path of crankback.yaml. */
  readonly config?: string;
  /** Warnings fail as well. */
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Output and exit code of a check. */
export interface CheckResult {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/**
 * `crankback check [FILE]`: every problem of a policy file (code 2), then probable mistakes (code 1 with
 * `--strict`), and what the PBXes at hand do that the file does not show. Without FILE it
 * checks the file that the settings name.
 */
export function check(given: string | undefined, flags: CheckFlags): void {
  const settings = settingsAtHand(process.env, flags.config, (path) => readFileSync(path, 'utf8'));
  for (const problem of settings.problems) printError(`warning: ${problem}`);
  const { out, err, code } = checked(given ?? settings.policyFile, flags, settings.pbx);
  if (out !== '') print(out);
  if (err !== '') printError(err);
  process.exitCode = code;
}

/** The check without its effects on the process. */
export function checked(
  file: string | undefined,
  { strict, json }: CheckFlags,
  pbx: PbxAtHand = pbxAtHand({}),
): CheckResult {
  if (!file) {
    const err = named('CB1403', 'no policy file: name one, or set CRANKBACK_POLICY');
    return { out: '', err, code: EXIT.usage };
  }
  const loaded = loadPolicy(file);
  const { problems, count: found } = loaded.ok ? { problems: [], count: 0 } : loaded;
  const text = loaded.ok ? readFileSync(file, 'utf8') : '';
  const warnings = loaded.ok
    ? [...unknownPbxWarnings(loaded.policy, pbx.names, text), ...warningsOf(loaded.policy, text)]
    : [];
  const worst = strict && warnings.length > 0 ? EXIT.failed : EXIT.ok;
  const code = loaded.ok ? worst : EXIT.usage;
  const notes = loaded.ok
    ? [
        ...freeswitchNotes(loaded.policy.trunks.values(), pbx),
        ...modeNotes(loaded.policy, pbx),
        ...travelNotes(loaded.policy),
      ]
    : [];
  if (json) {
    const shown = { file, ok: code === EXIT.ok, problems, problemCount: found, warnings, notes };
    return { out: JSON.stringify(shown, undefined, 2), err: '', code };
  }
  const err = [...problems, ...warnings].map(renderProblem);
  if (!loaded.ok) {
    return { out: '', err: [...err, `${file}: ${problemCount(loaded)}`].join('\n'), code };
  }
  const out = [summary(file, loaded.policy, warnings), ...notes].join('\n');
  return { out, err: err.join('\n'), code };
}

/** Trunks of PBXes that the settings at hand do not have; they may be those of another machine. */
function unknownPbxWarnings(
  policy: WholePolicy,
  names: readonly string[],
  text: string,
): readonly Problem[] {
  if (names.length === 0) return [];
  const lines = text.split('\n');
  return unknownPbxes(policy, names).map(({ trunk: { name, at }, pbx }) => {
    const suggestion = closest(pbx, names);
    return {
      ...at,
      finding: 'CB1218',
      path: `trunks.${name}.pbx`,
      message: `unknown PBX ${quote(pbx)}`,
      expected: `Expected one of ${listed(names)}`,
      ...(suggestion !== undefined && { suggestion }),
      sourceLine: lines[at.line - 1] ?? '',
    };
  });
}

/** What the PBX at hand does where it cannot do what the policy says; no mistake of the policy. */
export function freeswitchNotes(
  trunks: Parameters<typeof silenceOnFreeswitch>[0],
  { freeswitch, mirrored }: PbxAtHand,
): readonly string[] {
  if (freeswitch === false) return [];
  const mirrors = freeswitch === undefined ? undefined : mirrored;
  const note = silenceOnFreeswitch(trunks, mirrors);
  return note === undefined ? [] : [`note: ${note}`];
}

function summary(file: string, policy: WholePolicy, warnings: readonly Problem[]): string {
  const { trunks, routes, rules, tables = [] } = policy;
  const shared = tables.map((table) => table.shared);
  const owners = [...trunks.values(), ...routes, ...shared, { rules }];
  const rows = tables.reduce((sum, table) => sum + (table.rows?.lines.length ?? 0), 0);
  const allRules = owners.flatMap((owner) => owner.rules);
  const parts = [
    count([...trunks.keys()], 'trunk'),
    count(routes, 'route'),
    ...(tables.length > 0 ? [`${rows} rows of ${count(tables, 'table')}`] : []),
    count(allRules, 'rule'),
    ...(warnings.length > 0 ? [count(warnings, 'warning')] : []),
  ];
  const mode = observedPart(policy);
  return `${file}: in order (${parts.join(', ')}), policy ${policy.hash}${mode === undefined ? '' : `, ${mode}`}`;
}

function count(things: readonly unknown[], noun: string): string {
  return `${things.length} ${noun}${things.length === 1 ? '' : 's'}`;
}
