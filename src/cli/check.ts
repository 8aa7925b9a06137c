import { named } from '../findings/named';
import { readFileSync } from 'node:fs';
import { silenceOnFreeswitch } from '../explain/pbx/freeswitch-silence';
import { loadPolicy } from '../policy-file/policy-file';
import { problemCount, renderProblem, type Problem } from '../policy-file/problems/problems';
import { warningsOf } from '../policy-file/warnings/index';
import { observedPart } from '../policy/mode';
import type { WholePolicy } from '../policy/policy';
import { pbxAtHand, type PbxAtHand } from '../settings/pbx-at-hand';
import { EXIT } from './exit';
import { modeNotes } from './mode-notes';
import { print, printError } from './print';

export interface CheckFlags {
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
 * `--strict`), and what the PBX at hand does that the file does not show. Without FILE it checks the file of `CRANKBACK_POLICY`.
 */
export function check(given: string | undefined, flags: CheckFlags): void {
  const file = given ?? process.env.CRANKBACK_POLICY;
  const { out, err, code } = checked(file, flags, pbxAtHand(process.env));
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
  const warnings = loaded.ok ? warningsOf(loaded.policy, readFileSync(file, 'utf8')) : [];
  const worst = strict && warnings.length > 0 ? EXIT.failed : EXIT.ok;
  const code = loaded.ok ? worst : EXIT.usage;
  const notes = loaded.ok
    ? [...freeswitchNotes(loaded.policy.trunks.values(), pbx), ...modeNotes(loaded.policy, pbx)]
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
