/** What of a policy a PBX has before calls, as it says itself. */
export interface HasOfPolicy {
  /** Plan generations under which it goes by it. */
  readonly generations: readonly string[];
  /** It does so until then. Unix time in seconds. */
  readonly until: number | undefined;
}

/**
 * What is wrong with what a PBX has, one sentence without a full stop; undefined: it has what the service has told.
 * @param told the generation of what the service has told
 * @param now Unix time in milliseconds
 */
export function travelsWrongly(
  pbx: string,
  { generations, until }: HasOfPolicy,
  told: string,
  now: number,
): string | undefined {
  if (generations.length === 0) return `${pbx} has nothing of what travels`;
  const others = generations.filter((one) => one !== told);
  if (others.length > 0)
    return `${pbx} has what travels of generation ${others.join(', ')}; the service has told ${told}`;
  if (until === undefined || until * 1_000 <= now)
    return `what travels is over in ${pbx}, and was not told again`;
  return undefined;
}

/**
 * That a PBX still begins calls by what it was told before, where the policy wants none to begin so, one sentence without a
 * full stop; undefined: it does not.
 * @param generation that is in force in the PBX
 * @param now Unix time in milliseconds
 */
export function stillFollows(
  pbx: string,
  { generations, until }: HasOfPolicy,
  generation: string,
  now: number,
): string | undefined {
  if (until === undefined || until * 1_000 <= now || !generations.includes(generation))
    return undefined;
  return `${pbx} begins calls by the policy that it was told before, until ${new Date(until * 1_000).toISOString()}`;
}
