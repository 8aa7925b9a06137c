// Own edit distance: fifteen lines cost less than another dependency in a service beside a PBX.

/** A longer word is no slip of the finger, and comparing it would cost its length squared. Characters. */
const LONGEST_WORD = 80;
/** More are not compared: each costs up to the square of the above. */
const MOST_CANDIDATES = 1_000;

/**
 * The legal word that was probably meant; undefined if none is close enough. Case is ignored; a swap of
 * neighbours counts as one edit.
 */
export function closest(word: string, legal: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  // One edit in three letters is a typo; with more edits it is another word.
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of legal.slice(0, MOST_CANDIDATES)) {
    // Keeps the cost low for long words: the difference in length is a lower bound for the edits.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < bestDistance && edits < Math.min(word.length, candidate.length)) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
}

/** Optimal string alignment: Levenshtein with swaps of neighbours as one edit. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(replace, at(last, j) + 1, at(row, j - 1) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
