import { z } from 'zod';
import type { Policy } from '../policy/policy';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import { loadPolicy, policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import type { RecordedCall, TrunkCount } from '../replay/recorded';
import { replayCall, type PolicyOfThen } from '../replay/replay-call';
import { Tally, type Replayed } from '../replay/tally';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { MadeDecision } from './recorded-decision';
import { replayText, type ReplayAbout } from './replay-text';
import { NoAnswer, serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';

export interface ReplayFlags extends ServiceFlags {
  readonly policy?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
}

/** What is asked of the service. */
export type Ask = (path: string) => Promise<unknown>;

/** Calls of one page; the service ends a page of large ones earlier. */
const PAGE = 200;
/** Policies of then that are kept compiled: calls come in the order of time, and so do policies. */
const MOST_POLICIES = 4;
const MOST_CALLS = 10_000_000;

const Page = z.object({
  calls: z.array(
    z.object({
      hunt: z.string(),
      startedAt: z.number(),
      answered: z.boolean(),
      tried: z.array(
        z.object({
          trunk: z.string(),
          beganAt: z.number(),
          endedAt: z.number().optional(),
          answered: z.boolean(),
        }),
      ),
      decisions: z.array(z.object({ at: z.number(), on: z.string(), detail: MadeDecision })),
      more: z.boolean(),
    }),
  ),
  next: z.string().optional(),
});

const Outcomes = z.object({
  trunk: z.string(),
  attempts: z.number(),
  answered: z.number(),
  more: z.boolean(),
});

const PolicyOf = z.object({ file: z.string(), lines: z.array(z.string()).optional() });

/**
 * `crankback replay`: which recorded calls a draft policy would have sent elsewhere. Code 0 if none, 3 if some, 2 for
 * a wrong argument or draft, 1 if there is no answer, or if there are calls and none of them can be told.
 */
export async function replay(flags: ReplayFlags): Promise<void> {
  const asked = readFlags(flags, Date.now());
  if ('problem' in asked) return refuse(asked.problem);
  const loaded = loadPolicy(asked.file);
  if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
  try {
    const service = serviceOf(flags);
    const ask: Ask = (path) => service({ method: 'GET', path });
    const { replayed, limited } = await replayPeriod(ask, asked, loaded.policy);
    const policy = { file: asked.file, hash: loaded.policy.hash };
    const about: ReplayAbout = { policy, since: asked.since, until: asked.until, limited };
    if (flags.json) print(JSON.stringify({ ...about, ...replayed }, null, 2));
    else print(replayText(about, replayed));
    process.exitCode = codeOf(replayed);
  } catch (error) {
    tellFailure(error);
  }
}

function codeOf({ calls, differing, unknown }: Replayed): number {
  if (differing > 0) return EXIT.differs;
  const left = unknown.reduce((sum, group) => sum + group.calls, 0);
  return calls > 0 && left === calls ? EXIT.failed : EXIT.ok;
}

interface Asked {
  readonly file: string;
  readonly since: number;
  readonly until: number;
  readonly limit: number;
}

function readFlags(flags: ReplayFlags, now: number): Asked | { readonly problem: string } {
  const { policy: file, since = '7d', until, limit = '50000' } = flags;
  if (file === undefined) return { problem: 'no draft: name a policy file by --policy' };
  const expected = 'Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z';
  const from = momentOf(since, now);
  if (from === undefined) return { problem: `--since: unexpected "${since}". ${expected}` };
  const to = until === undefined ? now : momentOf(until, now);
  if (to === undefined) return { problem: `--until: unexpected "${until}". ${expected}` };
  if (to <= from) return { problem: '--until: Expected a time after that of --since' };
  const most = /^\d{1,8}$/.test(limit) ? Number(limit) : 0;
  if (most < 1 || most > MOST_CALLS)
    return { problem: `--limit: unexpected "${limit}". Expected 1–${MOST_CALLS}` };
  return { file, since: Math.max(0, from), until: to, limit: most };
}

/** Page by page: neither side ever has all of it. */
export async function replayPeriod(
  ask: Ask,
  asked: Period,
  draft: Policy,
): Promise<{ readonly replayed: Replayed; readonly limited: boolean }> {
  const tally = new Tally();
  const limited = await eachCall(ask, asked, (call, then) => {
    tally.add(call, replayCall(call, then, draft));
  });
  return { replayed: tally.result(await countsOf(ask, asked, tally)), limited };
}

/** Which calls are replayed. Unix time in milliseconds; `limit`: calls at most, the latest. */
export type Period = Pick<Asked, 'since' | 'until' | 'limit'>;

/**
 * The calls of a period, the latest first, each with the policies that decided it.
 * @returns whether there are more than the limit
 */
export async function eachCall(
  ask: Ask,
  { since, until, limit }: Period,
  take: (call: RecordedCall, then: PolicyOfThen) => void,
): Promise<boolean> {
  const policies = new PoliciesOfThen(ask);
  const period = `since=${since}&until=${until}`;
  let left = limit;
  let before: string | undefined;
  do {
    const cursor = before === undefined ? '' : `&before=${before}`;
    const path = `/decisions?${period}&limit=${Math.min(PAGE, left)}${cursor}`;
    const page = Page.parse(await ask(path));
    for (const found of page.calls) {
      const call = recorded(found);
      take(call, await policies.of(call));
    }
    left -= page.calls.length;
    before = page.next;
  } while (before !== undefined && left > 0);
  return before !== undefined;
}

/** What the trunks that a draft dials did in the same time. */
export async function countsOf(
  ask: Ask,
  { since, until }: Pick<Period, 'since' | 'until'>,
  tally: Tally,
): Promise<readonly TrunkCount[]> {
  const counts: TrunkCount[] = [];
  for (const trunk of tally.trunks()) {
    const path = `/decisions/outcomes?since=${since}&until=${until}&trunk=${encodeURIComponent(trunk)}`;
    counts.push(Outcomes.parse(await ask(path)));
  }
  return counts;
}

type FoundCall = z.output<typeof Page>['calls'][number];

function recorded({ decisions, ...call }: FoundCall): RecordedCall {
  return {
    ...call,
    // The journal's own: what a decision reads of it was checked above.
    decisions: decisions.map(({ at, on, detail }) => ({
      at,
      on,
      decision: detail.decision as unknown as Decision,
      ...(detail.inputs && { inputs: detail.inputs as unknown as DecisionInputs }),
    })),
  };
}

type Known = ReturnType<PolicyOfThen>;

/** The policies that decided, each asked for once while its calls come. */
class PoliciesOfThen {
  private readonly known = new Map<string, Known>();

  constructor(private readonly ask: Ask) {}

  /** Those that one call needs. */
  async of({ decisions }: RecordedCall): Promise<PolicyOfThen> {
    const needed = new Map<string, Known>();
    for (const { inputs } of decisions) {
      const hash = inputs?.policyHash;
      if (hash !== undefined && !needed.has(hash)) needed.set(hash, await this.one(hash));
    }
    return (hash) => needed.get(hash) ?? 'no-policy-text';
  }

  private async one(hash: string): Promise<Known> {
    const policy = this.known.get(hash) ?? (await this.read(hash));
    // The one that was asked for last is forgotten last.
    this.known.delete(hash);
    this.known.set(hash, policy);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_POLICIES && oldest !== undefined) this.known.delete(oldest);
    return policy;
  }

  private async read(hash: string): Promise<Known> {
    let answer: unknown;
    try {
      answer = await this.ask(`/policies/${encodeURIComponent(hash)}`);
    } catch (error) {
      if (error instanceof NoAnswer && error.status === 404) return 'no-policy-text';
      throw error;
    }
    const { file, lines } = PolicyOf.parse(answer);
    if (lines === undefined) return 'no-policy-text';
    const loaded = policyFromText(lines.join('\n'), file);
    return loaded.ok ? loaded.policy : 'policy-unreadable';
  }
}

function refuse(problem: string): void {
  printProblem(problem);
  process.exitCode = EXIT.usage;
}
