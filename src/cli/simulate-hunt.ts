import * as z from 'zod';
import type { Failure } from '../model/failure';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Policy } from '../policy/policy';
import { refuseNumber } from '../policy/routes/route';
import { loadPolicy, policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { isMasked, UNREPEATABLE } from '../replay/replay-call';
import { ladderText } from '../simulate/ladder';
import type { Rung } from '../simulate/play';
import { playAgain } from '../simulate/play-again';
import { EXIT } from './exit';
import { linesOfThen } from '../replay/lines-of-then';
import { print, printProblem } from './print';
import { MadeDecision } from '../replay/recorded-decision';
import { askService, type ServiceFlags } from './service-client';

/** Of `crankback simulate --hunt`. */
export interface SimulateHuntFlags extends ServiceFlags {
  readonly hunt?: string;
  readonly policy?: string;
  readonly explain?: boolean;
  /** What the record has, and no argument: refused. */
  readonly to?: string;
  readonly from?: string;
  readonly context?: string;
  readonly mailbox?: string;
  readonly at?: string;
  readonly say: readonly string[];
  readonly hold: readonly string[];
}

const Recorded = z.object({
  hunt: z.string(),
  number: z.string(),
  caller: z.string().optional(),
  legs: z.array(
    z.object({
      trunk: z.string(),
      beganAt: z.number(),
      endedAt: z.number().optional(),
      answered: z.boolean(),
      times: z.looseObject({ answeredAt: z.number().optional() }).optional(),
      failure: z
        .looseObject({ class: z.string(), evidence: z.array(z.looseObject({})) })
        .optional()
        .catch(undefined),
    }),
  ),
  decisions: z.array(z.object({ on: z.string(), detail: MadeDecision })),
  policies: z.array(
    z.object({ hash: z.string(), file: z.string(), lines: z.array(z.string()).optional() }),
  ),
});

type Recorded = z.output<typeof Recorded>;
type PolicyText = Recorded['policies'][number];

/** A recorded call that was played again. */
export interface PlayedAgain {
  readonly hunt: string;
  readonly to: string;
  readonly from?: string;
  /** Those that decided. */
  readonly policies: readonly Pick<PolicyText, 'file' | 'hash'>[];
  readonly rungs: readonly Rung[];
}

/** A recorded call that cannot be played again, and why. */
export class Unrepeatable extends Error {
  override readonly name = 'Unrepeatable';
}

/** A policy by whom all is decided, and its file. */
export interface Draft {
  readonly file: string;
  readonly policy: Policy;
}

const IN_THE_RECORD = ['to', 'from', 'context', 'mailbox', 'at'] as const;

/** `crankback simulate --hunt`: a recorded call, by the policy of then or by a draft. Codes as `simulate` and `why`. */
export async function simulateHunt(hunt: string, flags: SimulateHuntFlags): Promise<void> {
  const asked = [
    ...IN_THE_RECORD.filter((name) => flags[name] !== undefined),
    ...(['say', 'hold'] as const).filter((name) => flags[name].length > 0),
  ];
  if (asked.length > 0)
    return refuse(`--hunt: the record has it: leave out --${asked.join(', --')}`);
  let draft: Draft | undefined;
  if (flags.policy !== undefined) {
    const loaded = loadPolicy(flags.policy);
    if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
    draft = { file: flags.policy, policy: loaded.policy };
  }
  const path = `/calls/${encodeURIComponent(hunt)}`;
  await askService(flags, { method: 'GET', path }, (answer) => {
    try {
      if (flags.json) print(JSON.stringify(huntAgain(answer, draft), null, 2));
      else print(huntAgainText(answer, { explained: flags.explain ?? false, draft }));
    } catch (error) {
      if (!(error instanceof Unrepeatable)) throw error;
      refuse(`${hunt}: cannot be played again: ${error.message}`);
    }
  });
}

/**
 * What `GET /calls/<call>` answers, played again.
 * @param draft decides instead of the policies of then
 * @throws Unrepeatable; a ZodError if it is no such answer
 */
export function huntAgain(answer: unknown, draft?: Draft): PlayedAgain {
  const { hunt, number, caller, decisions, legs, policies } = Recorded.parse(answer);
  const about = { hunt, to: number, ...(caller !== undefined && { from: caller }) };
  const [first] = decisions;
  if (!first) throw new Unrepeatable(UNREPEATABLE['nothing-recorded']);
  // No policy was asked, and none would be.
  if (first.on === 'invalid-number')
    return {
      ...about,
      policies: [],
      rungs: [{ kind: 'decision', at: 0, decision: refuseNumber() }],
    };
  const steps = decisions.map(({ detail: { inputs } }) => {
    if (!inputs) throw new Unrepeatable(UNREPEATABLE['no-inputs']);
    if (isMasked(inputs.hunt.number)) throw new Unrepeatable(UNREPEATABLE.masked);
    // The journal's own: what playing reads of it was checked above.
    return inputs as unknown as DecisionInputs;
  });
  const then = policiesOf(policies);
  const rungs = playAgain({
    steps,
    legs: legs.map(({ times, endedAt, failure, ...leg }) => ({
      ...leg,
      endedAt: times?.answeredAt ?? endedAt,
      failure: failure as unknown as Failure | undefined,
    })),
    policyOf: ({ policyHash }) => draft?.policy ?? then(policyHash),
  });
  const used = new Set(steps.map(({ policyHash }) => policyHash));
  return {
    ...about,
    policies: draft
      ? [{ file: draft.file, hash: draft.policy.hash }]
      : policies.flatMap(({ file, hash }) => (used.has(hash) ? [{ file, hash }] : [])),
    rungs,
  };
}

function policiesOf(policies: readonly PolicyText[]): (hash: string) => Policy {
  const read = new Map<string, Policy>();
  return (hash) => {
    const known = read.get(hash);
    if (known) return known;
    const { file = '', lines } = policies.find((policy) => policy.hash === hash) ?? {};
    if (!lines) throw new Unrepeatable(UNREPEATABLE['no-policy-text']);
    const loaded = policyFromText(lines.join('\n'), file);
    if (!loaded.ok) throw new Unrepeatable(UNREPEATABLE['policy-unreadable']);
    read.set(hash, loaded.policy);
    return loaded.policy;
  };
}

/** The same as text. */
export function huntAgainText(
  answer: unknown,
  { explained, draft }: { readonly explained: boolean; readonly draft?: Draft | undefined },
): string {
  const { hunt, to, from, policies, rungs } = huntAgain(answer, draft);
  const by = policies.map(({ file, hash }) => `${file} (${hash})`).join(', ') || 'none';
  const caller = from === undefined ? '' : ` from ${from}`;
  // A draft's lines are those of its file.
  const lineAt = linesOfThen(draft ? [] : Recorded.parse(answer).policies);
  return [
    `call to ${to}${caller}, hunt ${hunt} again, policy ${by}`,
    ladderText(rungs, { lineAt, explained }),
  ].join('\n');
}

function refuse(problem: string): void {
  printProblem(problem);
  process.exitCode = EXIT.usage;
}
