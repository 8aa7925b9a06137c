import { readFileSync } from 'node:fs';
import { named } from '../findings/named';
import { modeOfCall, modeText, observedPart, type ModeOfCall } from '../policy/mode';
import type { Policy } from '../policy/policy';
import { readPolicyLine } from '../policy-file/policy-lines';
import { loadPolicy } from '../policy-file/policy-file';
import { listed, problemLines, quote } from '../policy-file/problems/problems';
import { ladderText } from '../simulate/ladder';
import { SayError } from '../simulate/say';
import {
  simulate as play,
  UnknownTrunkError,
  type SimulatedCall,
  type Simulation,
} from '../simulate/simulate';
import { ofPbx } from '../policy/of-pbx';
import { pbxAtHand, settingsAtHand, type PbxAtHand } from '../settings/pbx-at-hand';
import { freeswitchNotes, type CheckResult } from './check';
import { EXIT } from './exit';
import { print, printError, printProblem } from './print';
import { simulateHunt, type SimulateHuntFlags } from './simulate-hunt';

export interface SimulateFlags {
  /** Path of crankback.yaml. */
  readonly config?: string;
  readonly policy?: string;
  /** Required without a recorded hunt. */
  readonly to?: string;
  readonly say: readonly string[];
  readonly from?: string;
  readonly context?: string;
  readonly mailbox?: string;
  /** The PBX whose call it is; absent: one that has every trunk. */
  readonly pbx?: string;
  readonly hold: readonly string[];
  readonly at?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/**
 * `crankback simulate`: the ladder of attempts and decisions of one call, or of a recorded one; code 2 for a wrong
 * argument.
 */
export async function simulate(flags: SimulateFlags & SimulateHuntFlags): Promise<void> {
  const { hunt } = flags;
  if (hunt !== undefined) return simulateHunt(hunt, flags);
  const settings = settingsAtHand(process.env, flags.config, (path) => readFileSync(path, 'utf8'));
  for (const problem of settings.problems) printError(`warning: ${problem}`);
  const file = flags.policy ?? settings.policyFile;
  const { out, err, code } = simulated(file, flags, Date.now(), settings.pbx);
  if (out !== '') print(out);
  if (err !== '') printProblem(err);
  process.exitCode = code;
}

/** The simulation without its effects on the process. */
export function simulated(
  file: string | undefined,
  flags: SimulateFlags,
  now: number,
  pbx: PbxAtHand = pbxAtHand({}),
): CheckResult {
  const { to } = flags;
  if (to === undefined)
    return refused('no call: name a number by --to, or a recorded hunt by --hunt');
  if (!file)
    return refused(
      named('CB1403', 'no policy file: name one by --policy, or set CRANKBACK_POLICY'),
    );
  const loaded = loadPolicy(file);
  if (!loaded.ok) return refused(problemLines(loaded).join('\n'));
  const unknown = flags.pbx === undefined ? undefined : unknownPbx(flags.pbx, loaded.policy, pbx);
  if (unknown !== undefined) return refused(unknown);
  const policy = flags.pbx === undefined ? loaded.policy : ofPbx(loaded.policy, flags.pbx);
  const startedAt = flags.at === undefined ? now : Date.parse(flags.at);
  if (Number.isNaN(startedAt)) {
    return refused(`--at ${quote(flags.at ?? '')}: Expected a time such as 2026-01-31T22:00:00Z`);
  }
  let played: Simulation;
  try {
    // With several PBXes the call is played for one that can tell silence.
    const seesSilence = !pbx.onlyFreeswitch || pbx.mirrored;
    played = play(policy, { ...callOf({ ...flags, to }, startedAt), seesSilence });
  } catch (error) {
    if (error instanceof SayError || error instanceof UnknownTrunkError) {
      return refused(error.message);
    }
    throw error;
  }
  const { rungs, unreached } = played;
  const mode = modeOfCall(policy, {
    ...{ number: to, startedAt },
    ...(flags.from !== undefined && { from: flags.from }),
    ...(flags.context !== undefined && { context: flags.context }),
  });
  if (flags.json) {
    const shown = { policy: { file, hash: policy.hash }, to, mode, rungs };
    return { out: JSON.stringify(shown, undefined, 2), err: '', code: EXIT.ok };
  }
  const lineAt = readPolicyLine();
  const ladder = ladderText(rungs, { lineAt, explained: flags.explain ?? false });
  const notes = [
    ...unreached.map((name) => `note: the call never reached ${name}`),
    ...silenceNotes(rungs, policy, pbx),
  ];
  const head = `call to ${to}${flags.from === undefined ? '' : ` from ${flags.from}`}, policy ${file} (${policy.hash})`;
  return {
    out: [head, ...modeLines(policy, mode), ladder, ...notes].join('\n'),
    err: '',
    code: EXIT.ok,
  };
}

/** Names are those of the settings; without any, those of the policy. A policy that has none is the same for all. */
function unknownPbx(
  pbx: string,
  { trunks }: Pick<Policy, 'trunks'>,
  { names }: PbxAtHand,
): string | undefined {
  const ofPolicy = new Set([...trunks.values()].flatMap(({ pbxes = [] }) => pbxes));
  const known = names.length > 0 ? names : [...ofPolicy];
  if (known.length === 0 || known.includes(pbx)) return undefined;
  return `--pbx: unknown PBX ${quote(pbx)}. Expected one of ${listed(known)}`;
}

/** Nothing where the policy decides every call. */
function modeLines(policy: Policy, mode: ModeOfCall): readonly string[] {
  if (observedPart(policy) === undefined) return [];
  const left =
    mode.mode === 'observe' ? ', the call is left to your own dialplan. It would be:' : '';
  return [`${modeText(mode)}${left}`];
}

/** What a FreeSWITCH does about the trunks that were silent. */
function silenceNotes(
  rungs: Simulation['rungs'],
  { trunks }: Policy,
  pbx: PbxAtHand,
): readonly string[] {
  const silent = rungs.flatMap((rung) =>
    rung.kind === 'failed' && rung.failure.origin === 'no-response' && !rung.failure.progress
      ? [rung.trunk]
      : [],
  );
  return freeswitchNotes(
    [...new Set(silent)].flatMap((name) => trunks.get(name) ?? []),
    pbx,
  );
}

function callOf(flags: SimulateFlags & { readonly to: string }, startedAt: number): SimulatedCall {
  const { to, from, context, mailbox, say: says, hold: held } = flags;
  return {
    to,
    startedAt,
    says,
    held,
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
  };
}

function refused(err: string): CheckResult {
  return { out: '', err, code: EXIT.usage };
}
