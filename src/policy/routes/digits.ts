/** Longest number, and so longest pattern. Characters. */
export const LONGEST_NUMBER = 32;

const LITERALS = '0123456789ABCD*#+';
/** Pattern letters and the digits they stand for. */
const LETTERS: Readonly<Record<string, string>> = {
  X: '0123456789',
  Z: '123456789',
  N: '23456789',
};

/**
 * Whether a number fits a route's pattern from its first to its last character. Literals stand for
 * themselves, `X` for any digit, `Z` for 1–9, `N` for 2–9. A `*` at the end of the pattern stands for any
 * characters or none; anywhere else it is the star key. Linear in the length of the number, and total: an
 * illegal pattern matches nothing.
 */
export function matchesDigits(pattern: string, number: string): boolean {
  const open = pattern.endsWith('*');
  const fixed = open ? pattern.length - 1 : pattern.length;
  if (open ? number.length < fixed : number.length !== fixed) return false;
  for (let index = 0; index < fixed; index++) {
    if (!stands(pattern.charAt(index), number.charAt(index))) return false;
  }
  return true;
}

function stands(wanted: string, dialled: string): boolean {
  return LETTERS[wanted]?.includes(dialled) ?? (wanted === dialled && LITERALS.includes(wanted));
}

/** Whether every number that fits the narrower pattern also fits the wider one; both are legal. */
export function coversDigits(wider: string, narrower: string): boolean {
  const [open, inner] = [wider.endsWith('*'), narrower.endsWith('*')];
  const fixed = open ? wider.length - 1 : wider.length;
  const innerFixed = inner ? narrower.length - 1 : narrower.length;
  if (open ? innerFixed < fixed : inner || innerFixed !== fixed) return false;
  for (let index = 0; index < fixed; index++) {
    const char = narrower.charAt(index);
    const digits = [...(LETTERS[char] ?? char)];
    if (!digits.every((digit) => stands(wider.charAt(index), digit))) return false;
  }
  return true;
}

/** The first character that no pattern may contain; undefined for a legal pattern. */
export function illegalDigit(pattern: string): string | undefined {
  return [...pattern].find((char) => !LITERALS.includes(char) && !(char in LETTERS));
}

/** What every number that fits the pattern begins with. */
export function literalPrefix(pattern: string): string {
  const fixed = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
  const letter = [...fixed].findIndex((char) => char in LETTERS);
  return letter < 0 ? fixed : fixed.slice(0, letter);
}

/** Whether a number may be put into a dial string: 1–32 of `0-9 A-D * # +`. */
export function isDialable(number: string): boolean {
  return /^[0-9A-D*#+]{1,32}$/.test(number);
}
