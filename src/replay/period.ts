import * as z from 'zod';
import type { Policy } from '../policy/policy';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import { policyFromText } from '../policy-file/policy-file';
import { MadeDecision } from './recorded-decision';
import type { RecordedCall, TrunkCount } from './recorded';
import { replayCall, type PolicyOfThen } from './replay-call';
import { Tally, type Replayed } from './tally';

/** What was recorded: by HTTP for the commands, from the journal's thread for the service itself. */
export interface RecordSource {
  /** A page of calls with their decisions, as `GET /decisions` has it. */
  decisions(asked: {
    readonly since: number;
    readonly until: number;
    readonly limit: number;
    readonly before?: string;
  }): Promise<unknown>;
  /** What a trunk did in a period, as `GET /decisions/outcomes` has it. */
  outcomes(asked: {
    readonly since: number;
    readonly until: number;
    readonly trunk: string;
  }): Promise<unknown>;
  /** A policy of then, as `GET /policies/<hash>` has it; undefined where there is none. */
  policy(hash: string): Promise<unknown>;
  /** As `GET /habits` has it. */
  habits(asked: { readonly since: number; readonly until: number }): Promise<unknown>;
}

/** Calls of one page; the service ends a page of large ones earlier. */
const PAGE = 200;
/** Policies of then that are kept compiled: calls come in the order of time, and so do policies. */
const MOST_POLICIES = 4;

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
 * Page by page: neither side ever has all of it.
 * @param isEnough asked after each page: what is left is not looked at
 */
export async function replayPeriod(
  source: RecordSource,
  asked: Period,
  draft: Policy,
  isEnough?: () => boolean,
): Promise<{ readonly replayed: Replayed; readonly limited: boolean }> {
  const tally = new Tally();
  const add = (call: RecordedCall, then: PolicyOfThen): void =>
    tally.add(call, replayCall(call, then, draft));
  const limited = await eachCall(source, asked, add, isEnough);
  return { replayed: tally.result(await countsOf(source, asked, tally)), limited };
}

/** Which calls are replayed. Unix time in milliseconds; `limit`: calls at most, the latest. */
export interface Period {
  readonly since: number;
  readonly until: number;
  readonly limit: number;
}

/**
 * The calls of a period, the latest first, each with the policies that decided it.
 * @param isEnough asked after each page
 * @returns whether there are more than were looked at
 */
export async function eachCall(
  source: RecordSource,
  { since, until, limit }: Period,
  take: (call: RecordedCall, then: PolicyOfThen) => void,
  isEnough: () => boolean = () => false,
): Promise<boolean> {
  const policies = new PoliciesOfThen(source);
  let left = limit;
  let before: string | undefined;
  do {
    const page = Page.parse(
      await source.decisions({
        ...{ since, until, limit: Math.min(PAGE, left) },
        ...(before !== undefined && { before }),
      }),
    );
    for (const found of page.calls) {
      const call = recorded(found);
      take(call, await policies.of(call));
    }
    left -= page.calls.length;
    before = page.next;
  } while (before !== undefined && left > 0 && !isEnough());
  return before !== undefined;
}

/** What the trunks that a draft dials did in the same time. */
export async function countsOf(
  source: RecordSource,
  { since, until }: Pick<Period, 'since' | 'until'>,
  tally: Tally,
): Promise<readonly TrunkCount[]> {
  const counts: TrunkCount[] = [];
  for (const trunk of tally.trunks()) {
    counts.push(Outcomes.parse(await source.outcomes({ since, until, trunk })));
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

  constructor(private readonly source: RecordSource) {}

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
    const answer = await this.source.policy(hash);
    if (answer === undefined) return 'no-policy-text';
    const { file, lines } = PolicyOf.parse(answer);
    if (lines === undefined) return 'no-policy-text';
    const loaded = policyFromText(lines.join('\n'), file);
    return loaded.ok ? loaded.policy : 'policy-unreadable';
  }
}
