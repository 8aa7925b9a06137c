/** More of a reason phrase than this is not looked at. Characters. */
const LONGEST_PHRASE = 256;

/**
 * Whether a reason phrase fits a pattern from beginning to end; `*` stands for anything, also for
 * nothing. Upper and lower case count as equal. Linear in the length of the phrase: no backtracking.
 */
export function matchesPhrase(pattern: string, phrase: string): boolean {
  const text = phrase.slice(0, LONGEST_PHRASE).trim().toLowerCase();
  const pieces = pattern.toLowerCase().split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === first;
  const last = pieces[pieces.length - 1] ?? '';
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  // The leftmost place is always the best for each piece in between.
  let from = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}
