import { LONGEST_PHRASE, wordsOf } from './words';

/** A listed phrase as it is looked for. */
export interface ListedPhrase {
  /** By `wordsOf`. */
  readonly words: string;
  /** Only as a whole clause. */
  readonly alone?: true;
  /** Wherever its words occur together. */
  readonly own?: true;
  /** Only as the last word. */
  readonly code?: true;
}

/** A response's phrase, prepared for comparison. */
export interface SaidPhrase {
  readonly words: string;
  /** Between two marks of punctuation, each by `wordsOf`. */
  readonly clauses: readonly string[];
}

/** What divides clauses: any mark but those inside words and between them (`-`, `_`, `'`). */
const MARKS = /[^\p{L}\p{N}\s_'\u2019\u2018-]+/u;

export function saidIn(phrase: string): SaidPhrase {
  const clauses = phrase.slice(0, LONGEST_PHRASE).split(MARKS);
  return { words: wordsOf(phrase), clauses: clauses.map(wordsOf) };
}

/** Whether a listed phrase is what the response says. Linear in the length of the response's phrase. */
export function isSaid({ words, alone, own, code }: ListedPhrase, said: SaidPhrase): boolean {
  if (code) return said.words.endsWith(words);
  if (!said.words.includes(words)) return false;
  if (own) return true;
  if (alone) return said.clauses.some((clause) => withoutCodes(clause) === words);
  const where = said.clauses.filter((clause) => clause.includes(words));
  // A listed phrase may have punctuation of its own.
  if (where.length === 0) return true;
  return where.some((clause) => !isDenied(clause, clause.indexOf(words), words.length));
}

/** A clause without the numbers and the carriers' own codes around it: ` 404 out of order d12 `. */
function withoutCodes(clause: string): string {
  const words = clause.trim().split(' ');
  const isCode = (word: string): boolean => word === 'sip' || /\p{N}/u.test(word);
  const from = words.findIndex((word) => !isCode(word));
  const to = words.findLastIndex((word) => !isCode(word));
  return from < 0 ? clause : ` ${words.slice(from, to + 1).join(' ')} `;
}

/** `t` is what `wordsOf` leaves of "isn't". */
const DENIAL = new Set(['not', 'never', 'without', 'cannot', 'nor', 'non', 't']);
const DENIED_AFTER = /^ (?:is |was )?(?:not|no longer) (?:detected|found|present|the) /;

/** Whether the words before or after deny it: "no codec mismatch", "is not a codec mismatch". */
function isDenied(clause: string, at: number, length: number): boolean {
  const before = clause.slice(0, at).trim().split(' ').slice(-3);
  if (before.at(-1) === 'no' || before.some((word) => DENIAL.has(word))) return true;
  return DENIED_AFTER.test(clause.slice(at + length - 1));
}
