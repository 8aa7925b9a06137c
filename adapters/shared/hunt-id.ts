/**
 * A hunt's id: leg A and the start of the hunt, because one leg A may have several hunts in turn.
 * @param startedAt Unix time in milliseconds
 */
export function huntIdOf(callerId: string, startedAt: number): string {
  return `${callerId}@${startedAt}`;
}

/** The PBX's id of leg A, from a hunt's id. */
export function callerOf(huntId: string): string {
  return huntId.slice(0, huntId.lastIndexOf('@'));
}
