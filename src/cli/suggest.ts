import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Habits } from '../journal/read/habits';
import { loadPolicy, policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import type { Replayed } from '../replay/tally';
import { draftOf, type Change } from '../suggest/draft';
import { suggestions } from '../suggest/suggestions';
import { EXIT } from './exit';
import { print, printError } from './print';
import { replayPeriod, type Ask } from './replay';
import { NoAnswer, serviceOf, tellNoAnswer, type ServiceFlags } from './service-client';
import { momentOf } from './since';
import { suggestText, type Proved } from './suggest-text';

export interface SuggestFlags extends ServiceFlags {
  readonly policy?: string;
  readonly since: string;
  readonly limit: string;
}

/** More would take minutes to replay. */
const MOST_PROVED = 5;

/** The parts of `GET /trunks` that are used: what trunks say that nothing classifies. */
const Trunks = z.object({
  trunks: z.array(
    z.object({
      trunk: z.string(),
      unclassified: z
        .object({ seen: z.array(z.object({ said: z.string(), count: z.number(), line: z.string().optional() })) })
        .optional(),
    }),
  ),
});

/** `crankback suggest`: what the record says about the policy file, each with its evidence and its proof. */
export async function suggest(flags: SuggestFlags): Promise<void> {
  const file = flags.policy ?? process.env.CRANKBACK_POLICY;
  if (!file) return refuse('no policy file: name one by --policy, or set CRANKBACK_POLICY');
  const now = Date.now();
  const since = momentOf(flags.since, now);
  if (since === undefined)
    return refuse(`--since: unexpected "${flags.since}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`);
  const limit = /^\d{1,7}$/.test(flags.limit) ? Number(flags.limit) : 0;
  if (limit < 1) return refuse(`--limit: unexpected "${flags.limit}". Expected 1–9999999`);
  const loaded = loadPolicy(file);
  if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
  try {
    const service = serviceOf(flags);
    const ask: Ask = (path) => service({ method: 'GET', path });
    const habits = (await ask(`/habits?since=${Math.max(0, since)}&until=${now}`)) as Habits;
    const told = Trunks.parse(await ask('/trunks')).trunks;
    const text = readFileSync(file, 'utf8');
    const proved: Proved[] = [];
    let proofs = 0;
    for (const suggestion of suggestions(habits, loaded.policy)) {
      const isProved = suggestion.kind === 'retry' && proofs++ < MOST_PROVED;
      const proof = isProved
        ? await proofOf(ask, { text, file, since: Math.max(0, since), until: now, limit }, suggestion)
        : undefined;
      proved.push({ suggestion, ...(proof && { proof }) });
    }
    const unclassified = told.flatMap(({ trunk, unclassified: seen }) =>
      (seen?.seen ?? []).map((one) => ({ trunk, ...one })),
    );
    const { since: from, until, more } = habits;
    const about = { file, since: from, until, more };
    if (flags.json) print(JSON.stringify({ ...about, suggestions: proved, unclassified }, null, 2));
    else print(suggestText(about, proved, unclassified));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    tellNoAnswer(error);
  }
}

interface Replaying {
  readonly text: string;
  readonly file: string;
  readonly since: number;
  readonly until: number;
  readonly limit: number;
}

/** The same calls, decided again by the file with the line in it. */
async function proofOf(
  ask: Ask,
  { text, file, ...period }: Replaying,
  change: Change,
): Promise<Replayed | undefined> {
  const draft = draftOf(text, change);
  const loaded = draft === undefined ? undefined : policyFromText(draft, file);
  if (!loaded?.ok) return undefined;
  return (await replayPeriod(ask, period, loaded.policy)).replayed;
}

function refuse(problem: string): void {
  printError(problem);
  process.exitCode = EXIT.usage;
}
