import type { Habits } from '../journal/read/habits';
import type { WholePolicy } from '../policy/policy';
import { policyFromText } from '../policy-file/policy-file';
import { countsOf, eachCall, type Period, type RecordSource } from '../replay/period';
import type { Replayed } from '../replay/tally';
import { draftOf, isChange } from './draft';
import { isWithoutEffect, Proofs } from './proof';
import { suggestions, type Suggestion } from './suggestions';

/** Each is one more decision for every recorded one. */
const MOST_PROVED = 20;

/** A suggestion with the replay of the file that has it. */
export interface Proved {
  readonly suggestion: Suggestion;
  /** Absent for what decides no recorded call otherwise, and where the file cannot be changed by itself. */
  readonly proof?: Replayed;
}

/** What was found. Times are Unix time in milliseconds. */
export interface Suggested {
  readonly file: string;
  readonly since: number;
  readonly until: number;
  /** Calls that the suggestions are made of. */
  readonly calls: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
  /** Suggestions that change how calls go come first. */
  readonly suggestions: readonly Proved[];
}

/**
 * Asks for what was recorded, and tries every change on the recorded calls.
 * @param isEnough asked after each page of calls: what is left is not looked at
 */
export async function suggestionsOf(
  source: RecordSource,
  period: Period,
  {
    file,
    text,
    policy,
  }: { readonly file: string; readonly text: string; readonly policy: WholePolicy },
  isEnough?: () => boolean,
): Promise<Suggested> {
  // The journal's own; its texts are printed escaped.
  const habits = (await source.habits({ since: period.since, until: period.until })) as Habits;
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
  if (drafts.length > 0)
    await eachCall(source, period, (call, then) => proofs.add(call, then), isEnough);
  const proved = new Map<Suggestion, Proved>();
  for (const [index, { suggestion }] of drafts.entries()) {
    const tally = proofs.tallies[index];
    if (!tally) continue;
    proved.set(suggestion, {
      suggestion,
      proof: tally.result(await countsOf(source, period, tally)),
    });
  }
  const { since, until, calls, more } = habits;
  return {
    ...{ file, since, until, calls, more },
    suggestions: found
      .map((suggestion) => proved.get(suggestion) ?? { suggestion })
      .filter(({ proof }) => !proof || !isWithoutEffect(proof)),
  };
}
