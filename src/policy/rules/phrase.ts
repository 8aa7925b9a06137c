/** Only this much of a reason phrase is compared. Characters. */
const LONGEST_PHRASE = 256;

/** Whether a phrase, as `plainPhrase` gives it, fits. */
export type PhraseTest = (plain: string) => boolean;

/**
 * Whether a reason phrase fits a pattern from beginning to end; `*` stands for any text or none. Case is
 * ignored. Linear in the length of the phrase: no backtracking.
 */
export function matchesPhrase(pattern: string, phrase: string): boolean {
  return phraseTest(pattern)(plainPhrase(phrase));
}

/** A phrase prepared for tests: cut, trimmed, in lower case. */
export function plainPhrase(phrase: string): string {
  // Fifty rules of one policy test the same phrase one after the other.
  if (phrase !== latest.phrase) {
    latest = { phrase, plain: phrase.slice(0, LONGEST_PHRASE).trim().toLowerCase() };
  }
  return latest.plain;
}

let latest = { phrase: '', plain: '' };

/** Compiles the pattern once for all phrases. */
export function phraseTest(pattern: string): PhraseTest {
  const pieces = pattern.toLowerCase().split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return (text) => text === first;
  const last = pieces[pieces.length - 1] ?? '';
  const between = pieces.slice(1, -1);
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    // For each piece in between, the leftmost place is always the best.
    let from = first.length;
    const end = text.length - last.length;
    for (const piece of between) {
      const found = text.indexOf(piece, from);
      if (found < 0 || found + piece.length > end) return false;
      from = found + piece.length;
    }
    return true;
  };
}
