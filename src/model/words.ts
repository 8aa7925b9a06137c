/** Longest reason phrase that is looked at; a header line may be 64 KB, no carrier's phrase is. */
const LONGEST = 512;

/** A phrase as its words, lower case, one blank around each: ` codec mismatch `. Linear time. */
export function wordsOf(text: string): string {
  const words = text
    .slice(0, LONGEST)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return words ? ` ${words.join(' ')} ` : ' ';
}
