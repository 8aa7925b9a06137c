import { readPolicyLine } from '../policy-file/policy-lines';
import { loadPolicy } from '../policy-file/policy-file';
import { quote, renderProblem } from '../policy-file/problems/problems';
import { closest } from '../policy-file/problems/suggest';
import { NAMED_CODECS } from '../codecs/registry';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { ladderText } from '../simulate/ladder';
import { play, type Scene } from '../simulate/play';
import { readSay, SayError, type Said } from '../simulate/say';
import type { CheckResult } from './check';
import { EXIT } from './exit';

export interface SimulateFlags {
  readonly policy?: string;
  readonly to: string;
  readonly say: readonly string[];
  readonly from?: string;
  readonly context?: string;
  readonly mailbox?: string;
  readonly hold: readonly string[];
  readonly at?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `crankback simulate`: the ladder of attempts and decisions of one call; code 2 for a wrong argument. */
export function simulate(flags: SimulateFlags): void {
  const file = flags.policy ?? process.env.CRANKBACK_POLICY;
  const { out, err, code } = simulated(file, flags, Date.now());
  if (out !== '') console.log(out);
  if (err !== '') console.error(err);
  process.exitCode = code;
}

/** The simulation without its effects on the process. */
export function simulated(
  file: string | undefined,
  flags: SimulateFlags,
  now: number,
): CheckResult {
  if (!file) return refused('no policy file: name one by --policy, or set CRANKBACK_POLICY');
  const loaded = loadPolicy(file);
  if (!loaded.ok) return refused(loaded.problems.map(renderProblem).join('\n'));
  const { policy } = loaded;
  let says: readonly Said[];
  try {
    says = flags.say.map(readSay);
  } catch (error) {
    if (error instanceof SayError) return refused(error.message);
    throw error;
  }
  for (const name of [...says.map(({ trunk }) => trunk), ...flags.hold]) {
    if (!policy.trunks.has(name)) return refused(unknownTrunk(name, policy));
  }
  const startedAt = flags.at === undefined ? now : Date.parse(flags.at);
  if (Number.isNaN(startedAt)) {
    return refused(`--at ${quote(flags.at ?? '')}: Expected a time such as 2026-01-31T22:00:00Z`);
  }
  const scene: Scene = { policy, hunt: huntOf(flags, startedAt), says, held: flags.hold };
  const rungs = play(scene);
  if (flags.json) {
    const shown = { policy: { file, hash: policy.hash }, to: flags.to, rungs };
    return { out: JSON.stringify(shown, undefined, 2), err: '', code: EXIT.ok };
  }
  const lineAt = readPolicyLine();
  const ladder = ladderText(rungs, { lineAt, explained: flags.explain ?? false });
  const reached = new Set(rungs.flatMap((rung) => ('trunk' in rung ? [rung.trunk] : [])));
  const silent = [...new Set(says.map(({ trunk }) => trunk))].filter((name) => !reached.has(name));
  const notes = silent.map((name) => `note: the call never reached ${name}`);
  const head = `call to ${flags.to}${flags.from === undefined ? '' : ` from ${flags.from}`}, policy ${file} (${policy.hash})`;
  return { out: [head, ladder, ...notes].join('\n'), err: '', code: EXIT.ok };
}

function huntOf({ to, from, context, mailbox }: SimulateFlags, startedAt: number): Hunt {
  return {
    number: to,
    startedAt,
    attempts: [],
    mailboxMissing: false,
    // What the PBX has is not known here.
    codecs: NAMED_CODECS,
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
  };
}

function unknownTrunk(name: string, { trunks }: Policy): string {
  const known = [...trunks.keys()];
  const meant = closest(name, known);
  const guess = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  return `unknown trunk ${quote(name)}${guess || '.'} Known trunks: ${known.join(', ')}`;
}

function refused(err: string): CheckResult {
  return { out: '', err, code: EXIT.usage };
}
