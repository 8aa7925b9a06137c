/**
 * A hunt's id: leg A and when the hunt began, since one leg A may have one hunt after another.
 * @param startedAt Unix time in milliseconds
 */
export function huntIdOf(callerId: string, startedAt: number): string {
  return `${callerId}@${startedAt}`;
}

/** The PBX's id of leg A, out of a hunt's id. */
export function callerOf(huntId: string): string {
  return huntId.slice(0, huntId.lastIndexOf('@'));
}
