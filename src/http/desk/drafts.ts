import { MOST_PROBLEMS, type Problem as FoundProblem } from '../../policy-file/problems/problems';
import { policyFromText } from '../../policy-file/policy-file';
import { warningsOf } from '../../policy-file/warnings/index';
import type { Position } from '../../policy/policy-data';
import type { WholePolicy } from '../../policy/policy';
import { replayPeriod, type RecordSource } from '../../replay/period';
import type { DifferenceGroup, Replayed, Step } from '../../replay/tally';
import { ASSUMPTIONS, UNREPEATABLE } from '../../replay/replay-call';
import { SayError } from '../../simulate/say';
import { simulate, UnknownTrunkError } from '../../simulate/simulate';
import { linesOf } from '../../suggest/draft';
import { evidenceText } from '../../suggest/evidence';
import { suggestionsOf, type Proved } from '../../suggest/suggested';
import type * as z from 'zod';
import type { Difference, Replay, Simulation, Suggestions } from '../v1/schemas/drafts';
import type { Check } from '../v1/schemas/policies';
import type { PolicyProblem } from '../v1/schemas/problem';
import { toldPlace, toldRung, type LineAt } from '../v1/told/ladder';
import { known, timeOf } from '../v1/told/units';
import { knownLines } from './known-lines';
import type { Desk, Job } from './job';
import { POSTED, textOf } from './policies';
import { Refused } from './refused';

/** Ways to differ that are told. */
const MOST_DIFFERENCES = 200;
const MOST_RUNGS = 1_000;

/** A posted policy as `crankback check` sees it. */
export function tellCheck(text: string): Check {
  const loaded = policyFromText(text, POSTED);
  if (!loaded.ok) {
    const { problems, count } = loaded;
    return { ok: false, problems: problems.map(toldProblem), problemCount: count, warnings: [] };
  }
  const { policy } = loaded;
  const { hash, mode, trunks, routes, rules } = policy;
  const owners = [...trunks.values(), ...routes, { rules }];
  return {
    ...{ ok: true, hash, mode, trunks: trunks.size, routes: routes.length },
    rules: owners.reduce((sum, owner) => sum + owner.rules.length, 0),
    ...{ problems: [], problemCount: 0 },
    warnings: warningsOf(policy, text).slice(0, MOST_PROBLEMS).map(toldProblem),
  };
}

export async function tellSimulation(
  { policy: asked, call }: Extract<Job, { kind: 'simulate' }>,
  desk: Desk,
): Promise<Simulation> {
  const { policy, lineAt } = await policyOf(asked, desk);
  const { to, says, held, startedAt, from, context, mailbox } = call;
  const simulated = { to, says, held, startedAt, ...known({ from, context, mailbox }) };
  try {
    const { rungs, unreached } = simulate(policy, simulated);
    return {
      policy: { hash: policy.hash },
      to,
      ladder: rungs.slice(0, MOST_RUNGS).map((rung) => toldRung(rung, startedAt, lineAt)),
      unreached: [...unreached],
    };
  } catch (error) {
    if (!(error instanceof SayError || error instanceof UnknownTrunkError)) throw error;
    const name = error instanceof SayError ? 'say' : 'say, hold';
    const errors = [{ in: 'query' as const, name, detail: error.message }];
    throw new Refused('invalid-request', { errors });
  }
}

export async function tellReplay(
  { policy: asked, period }: Extract<Job, { kind: 'replay' }>,
  desk: Desk,
): Promise<Replay> {
  const { policy, lineAt } = await policyOf(asked, desk);
  const records = recordsOf(desk);
  const { replayed, limited } = await replayPeriod(records, period, policy, desk.isEnough);
  const { differences, unknown, calls, decisions, same, differing } = replayed;
  const told = differences.slice(0, MOST_DIFFERENCES);
  const grouped = told.reduce((sum, group) => sum + group.calls, 0);
  return {
    policy: { hash: policy.hash },
    ...{ since: timeOf(period.since), until: timeOf(period.until), complete: !limited },
    ...{ calls, decisions, same, differing },
    differences: told.map((group) => toldDifference(group, lineAt)),
    ungrouped: differing - grouped,
    unknown: unknown.map(({ why, calls: count, examples }) => ({
      ...{ why: UNREPEATABLE[why], calls: count, examples: [...examples] },
    })),
  };
}

export async function tellSuggestions(
  { hash, period }: Extract<Job, { kind: 'suggestions' }>,
  desk: Desk,
): Promise<Suggestions> {
  const { policy, lineAt, file, text } = await policyOf({ hash }, desk);
  const draft = { file, text, policy };
  const found = await suggestionsOf(recordsOf(desk), period, draft, desk.isEnough);
  return {
    policy: { hash, file },
    ...{ since: timeOf(found.since), until: timeOf(found.until) },
    ...{ calls: found.calls, more: found.more },
    suggestions: found.suggestions.map((one) => toldSuggestion(one, lineAt)),
  };
}

function toldSuggestion(
  { suggestion, proof }: Proved,
  lineAt: LineAt,
): z.output<typeof Suggestions>['suggestions'][number] {
  const at = placeOfSuggestion(suggestion);
  return {
    ...{ kind: suggestion.kind, evidence: evidenceText(suggestion) },
    ...(at && { place: toldPlace(at, lineAt(at)) }),
    lines: [...linesOf(suggestion)],
    ...(proof && { replayed: toldProof(proof) }),
  };
}

function placeOfSuggestion(suggestion: Proved['suggestion']): Position | undefined {
  if ('rule' in suggestion) return suggestion.rule.at;
  if ('at' in suggestion) return suggestion.at;
  return suggestion.kind === 'timeout' ? suggestion.change.at : undefined;
}

function toldProof({ calls, differing, differences, unknown }: Replayed) {
  return {
    ...{ calls, differing },
    unknown: unknown.reduce((sum, group) => sum + group.calls, 0),
    estimatedAnswered: differences.reduce(
      (sum, { end }) => sum + (end?.estimate?.answered ?? 0),
      0,
    ),
  };
}

function toldDifference(group: DifferenceGroup, lineAt: LineAt): z.output<typeof Difference> {
  const { failed, before, now, other, calls, answered, end, assumed, examples } = group;
  const step = ({ rule, outcome }: Step) => ({
    ...(rule && { rule: toldPlace(rule, textAt(rule, lineAt)) }),
    outcome,
  });
  return {
    ...known({ failed, other: other && [...other] }),
    ...{ before: step(before), now: step(now), calls, answered },
    ...(end && {
      end: {
        ...{ trunk: end.trunk, known: { ...end.known }, unknown: end.unknown },
        ...known({ estimatedAnswered: end.estimate?.answered }),
      },
    }),
    assumed: Object.fromEntries(
      Object.entries(assumed).map(([name, count]) => [
        ASSUMPTIONS[name as keyof typeof ASSUMPTIONS],
        count,
      ]),
    ),
    examples: [...examples],
  };
}

/** Of the policy that is at hand; what decided then may be another version of the same file. */
function textAt(rule: Pick<Position, 'file' | 'line'>, lineAt: LineAt): string {
  return rule.file === POSTED ? lineAt({ ...rule, column: 1 }) : '';
}

interface Loaded {
  readonly policy: WholePolicy;
  readonly lineAt: LineAt;
  readonly file: string;
  readonly text: string;
}

/** @throws Refused with its problems */
async function policyOf(
  asked: Extract<Job, { kind: 'simulate' }>['policy'],
  desk: Desk,
): Promise<Loaded> {
  const { file, text } = await textOf(asked, desk);
  const loaded = policyFromText(text, file);
  if (!loaded.ok) {
    const { problems, count } = loaded;
    throw new Refused('invalid-policy', {
      problems: problems.map(toldProblem),
      problemCount: count,
    });
  }
  const { policy } = loaded;
  const lineAt = knownLines([{ hash: policy.hash, file, lines: text.split(/\r?\n/) }]);
  return { policy, lineAt, file, text };
}

function toldProblem(found: FoundProblem): z.output<typeof PolicyProblem> {
  const { file, line, column, path, finding, message, expected, suggestion, sourceLine } = found;
  return {
    ...toldPlace({ file, line }, sourceLine),
    ...{ column, path, finding, message },
    ...known({ expected, suggestion }),
  };
}

function recordsOf({ ask }: Desk): RecordSource {
  return {
    decisions: async ({ before, ...asked }) => {
      const at = before === undefined ? {} : { before: placeAt(before) };
      const { calls, next } = await ask('decisions', { ...asked, ...at });
      return {
        calls: calls.map(({ decisions, ...call }) => ({
          ...call,
          decisions: decisions.map(({ detail, ...one }) => ({
            ...one,
            detail: JSON.parse(detail) as unknown,
          })),
        })),
        ...(next && { next: `${next.startedAt}-${next.row}` }),
      };
    },
    outcomes: (asked) => ask('outcomes', asked),
    policy: (hash) => ask('policy', hash),
    habits: (asked) => ask('habits', asked),
  };
}

function placeAt(place: string) {
  const [startedAt = 0, row = 0] = place.split('-').map(Number);
  return { startedAt, row };
}
