import { readFileSync } from 'node:fs';
import type { Habits } from '../journal/read/habits';
import type { WholePolicy } from '../policy/policy';
import { loadPolicy, policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { draftOf, isChange } from '../suggest/draft';
import { isWithoutEffect, Proofs } from '../suggest/proof';
import { suggestions, type Suggestion } from '../suggest/suggestions';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { countsOf, eachCall, type Ask, type Period } from './replay';
import { serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';
import { suggestText, type Proved, type Suggested } from './suggest-text';

export interface SuggestFlags extends ServiceFlags {
  readonly policy?: string;
  readonly since: string;
  readonly limit: string;
}

const MOST_CALLS = 10_000_000;
/** Each is one more decision for every recorded one. */
const MOST_PROVED = 20;

/**
 * `crankback suggest`: lines that the record suggests for the policy file, each with its evidence, and a replay of the
 * file that has them. Changes nothing.
 */
export async function suggest(flags: SuggestFlags): Promise<void> {
  const file = flags.policy ?? process.env.CRANKBACK_POLICY;
  if (!file) return refuse('no policy file: name one by --policy, or set CRANKBACK_POLICY');
  const now = Date.now();
  const since = momentOf(flags.since, now);
  const expected = 'Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z';
  if (since === undefined || since >= now)
    return refuse(`--since: unexpected "${flags.since}". ${expected}`);
  const limit = /^\d{1,8}$/.test(flags.limit) ? Number(flags.limit) : 0;
  if (limit < 1 || limit > MOST_CALLS)
    return refuse(`--limit: unexpected "${flags.limit}". Expected 1–${MOST_CALLS}`);
  const loaded = loadPolicy(file);
  if (!loaded.ok) return refuse(problemLines(loaded).join('\n'));
  const period = { since: Math.max(0, since), until: now, limit };
  try {
    const service = serviceOf(flags);
    const ask: Ask = (path) => service({ method: 'GET', path });
    const text = readFileSync(file, 'utf8');
    const found = await suggestionsOf(ask, period, { file, text, policy: loaded.policy });
    print(flags.json ? JSON.stringify(found, null, 2) : suggestText(found));
  } catch (error) {
    tellFailure(error);
  }
}

/** Asks the service for what it recorded, and tries every change on the recorded calls. */
export async function suggestionsOf(
  ask: Ask,
  period: Period,
  {
    file,
    text,
    policy,
  }: { readonly file: string; readonly text: string; readonly policy: WholePolicy },
): Promise<Suggested> {
  // The journal's own; its texts are printed escaped.
  const habits = (await ask(`/habits?since=${period.since}&until=${period.until}`)) as Habits;
  const found = suggestions(habits, policy);
  const drafts = found
    .filter(isChange)
    .slice(0, MOST_PROVED)
    .flatMap((suggestion) => {
      const draft = draftOf(text, suggestion);
      const loaded = draft === undefined ? undefined : policyFromText(draft, file);
      return loaded?.ok ? [{ suggestion, policy: loaded.policy }] : [];
    });
  const proofs = new Proofs(
    policy,
    drafts.map((draft) => draft.policy),
  );
  if (drafts.length > 0) await eachCall(ask, period, (call, then) => proofs.add(call, then));
  const proved = new Map<Suggestion, Proved>();
  for (const [index, { suggestion }] of drafts.entries()) {
    const tally = proofs.tallies[index];
    if (!tally) continue;
    proved.set(suggestion, { suggestion, proof: tally.result(await countsOf(ask, period, tally)) });
  }
  const { since, until, calls, more } = habits;
  return {
    ...{ file, since, until, calls, more },
    suggestions: found
      .map((suggestion) => proved.get(suggestion) ?? { suggestion })
      .filter(({ proof }) => !proof || !isWithoutEffect(proof)),
  };
}

function refuse(problem: string): void {
  printProblem(problem);
  process.exitCode = EXIT.usage;
}
