/**
 * Only this much of a reason phrase is used. A header line may have 64 KB; no carrier's phrase is that
 * long.
 */
export const LONGEST_PHRASE = 512;

/** The words of a phrase in lower case, one blank around each: ` codec mismatch `. Linear time. */
export function wordsOf(text: string): string {
  const words = text
    .slice(0, LONGEST_PHRASE)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return words ? ` ${words.join(' ')} ` : ' ';
}
