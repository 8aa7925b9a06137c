// Own matcher: what a caller dials never reaches a regular expression, and what a pattern takes is compared with
// what another one takes.

import { LONGEST_NUMBER, SYMBOLS } from '../../model/dialled';

/** Longest text of a pattern: each place may be a set. Characters. */
export const LONGEST_PATTERN = 160;

/** A place at which each of them may stand. */
export const ANY_SYMBOL = 2 ** SYMBOLS.length - 1;
/** Pattern letters and the digits they stand for. */
const LETTERS: Readonly<Record<string, number>> = {
  X: setOf('0123456789'),
  Z: setOf('123456789'),
  N: setOf('23456789'),
};

/** A pattern that was read. */
export interface Pattern {
  /** The characters that may stand at each place: bit n for the nth of `0-9 A-D * # +`. */
  readonly places: readonly number[];
  /** Anything, or nothing, may follow. */
  readonly open: boolean;
}

/** Why a text is no pattern. */
export interface NoPattern {
  /** `illegal character "x" at …`, without the text itself. */
  readonly message: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/**
 * Reads a pattern. In our notation literals stand for themselves, `X` for any digit, `Z` for 1–9, `N` for 2–9, `[2-7]`
 * or `[125]` for one character of the set, and a `*` at the end for anything or nothing; `[*]` is the star key there.
 * Behind a `_` it is the notation of dialplans (main/pbx.c): `*` is the star key everywhere, letters may be small, `-` is
 * ignored, and at the end `.` stands for one character or more, `!` for anything or nothing.
 */
export function readPattern(text: string): Pattern | NoPattern {
  if (text === '' || text === '_') return { message: 'empty digits' };
  if (text.length > LONGEST_PATTERN) return { message: `${text.length} characters of digits` };
  const dialplan = text.startsWith('_');
  const places: number[] = [];
  let open = false;
  let at = dialplan ? 1 : 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const isLast = at === text.length - 1;
    at += 1;
    if (dialplan && char === '-') continue;
    if (char === '[') {
      const end = text.indexOf(']', at);
      if (end < 0) return { message: 'a set without its end "]"' };
      const set = readSet(text.slice(at, end));
      if (typeof set !== 'number') return set;
      places.push(set);
      at = end + 1;
    } else if (isLast && isAnything(char, dialplan)) {
      if (char === '.') places.push(ANY_SYMBOL);
      open = true;
    } else {
      const set = placeOf(dialplan ? char.toUpperCase() : char, char);
      if (set === undefined) return illegal(char, text, dialplan);
      places.push(set);
    }
  }
  if (places.length > LONGEST_NUMBER) return { message: `digits for ${places.length} characters` };
  // Whoever writes *72* may mean the code that ends with the star key, or all that begins with *72.
  if (
    !dialplan &&
    open &&
    text
      .slice(0, -1)
      .replace(/\[[^\]]*\]/g, '')
      .includes('*')
  ) {
    const start = text.slice(0, -1);
    return {
      message: `the last * may be the star key or anything: ${JSON.stringify(`${start}[*]`)} is the star key, ${JSON.stringify(`_${start}!`)} is anything`,
    };
  }
  return { places, open };
}

/** Whether the text is a pattern. */
export function isPattern(read: Pattern | NoPattern): read is Pattern {
  return 'places' in read;
}

/** Whether a number fits a pattern from its first to its last character. Linear in the length of the number. */
export function fitsPattern({ places, open }: Pattern, number: string): boolean {
  const { length } = places;
  if (open ? number.length < length : number.length !== length) return false;
  for (let at = 0; at < length; at++) {
    if (((places[at] ?? 0) & bitOf(number.charCodeAt(at))) === 0) return false;
  }
  return true;
}

/** Patterns come from the policy file alone; when there are as many, all are read again. */
const MOST_READ = 1_000;
const readBefore = new Map<string, Pattern>();
const NOTHING: Pattern = { places: [0], open: false };

/** A pattern of a policy file that was read. Total: what is none fits nothing. */
export function patternOf(text: string): Pattern {
  const known = readBefore.get(text);
  if (known) return known;
  const read = readPattern(text);
  const pattern = isPattern(read) ? read : NOTHING;
  if (readBefore.size >= MOST_READ) readBefore.clear();
  readBefore.set(text, pattern);
  return pattern;
}

/** Whether a number fits a pattern as written; see `readPattern`. */
export function matchesDigits(text: string, number: string): boolean {
  return fitsPattern(patternOf(text), number);
}

/** Whether every number that fits the narrower pattern also fits the wider one. */
export function coversPattern(wider: Pattern, narrower: Pattern): boolean {
  const { length } = wider.places;
  if (wider.open ? narrower.places.length < length : narrower.open) return false;
  if (!wider.open && narrower.places.length !== length) return false;
  return wider.places.every((set, at) => ((narrower.places[at] ?? 0) & ~set) === 0);
}

/** What every number that fits the pattern begins with. */
export function literalPrefix({ places }: Pattern): string {
  let prefix = '';
  for (const set of places) {
    const symbol = onlySymbol(set);
    if (symbol === undefined) break;
    prefix += symbol;
  }
  return prefix;
}

/** A number that fits the pattern, the shortest one. */
export function exampleOf({ places }: Pattern): string {
  return places.map((set) => SYMBOLS.charAt(31 - Math.clz32(set & -set))).join('');
}

/** The set of one character, as a pattern's place; 0 for what no number has. */
export function bitOf(code: number): number {
  return BITS[code] ?? 0;
}

/** Whether a number may be put into a dial string: 1–32 of `0-9 A-D * # +`. */
export function isDialable(number: string): boolean {
  return /^[0-9A-D*#+]{1,32}$/.test(number);
}

/** By character code. */
const BITS = Uint32Array.from({ length: 128 }, (_, code) => setOf(String.fromCharCode(code)));

function setOf(characters: string): number {
  return [...characters].reduce((set, char) => {
    const at = SYMBOLS.indexOf(char);
    return at < 0 ? set : set | (1 << at);
  }, 0);
}

/** The one character of a set; undefined for a set of several. */
function onlySymbol(set: number): string | undefined {
  return set !== 0 && (set & (set - 1)) === 0 ? SYMBOLS.charAt(31 - Math.clz32(set)) : undefined;
}

function isAnything(char: string, dialplan: boolean): boolean {
  return dialplan ? char === '.' || char === '!' : char === '*';
}

/** @param letter as it is read, `literal` as it stands there */
function placeOf(letter: string, literal: string): number | undefined {
  return LETTERS[letter] ?? (setOf(literal) || undefined);
}

/** The inside of a set: characters and ranges, which go by their codes as in dialplans. */
function readSet(text: string): number | NoPattern {
  if (text === '') return { message: 'an empty set []' };
  let set = 0;
  for (let at = 0; at < text.length; at++) {
    const [first, last] =
      text[at + 1] === '-' && at + 2 < text.length
        ? [text.charAt(at), text.charAt((at += 2))]
        : [text.charAt(at), text.charAt(at)];
    const wrong = [first, last].find((char) => setOf(char) === 0);
    if (wrong !== undefined)
      return { message: `illegal character ${JSON.stringify(wrong)} in the set [${text}]` };
    if (first > last) return { message: `the range ${first}-${last} runs backwards` };
    for (const symbol of SYMBOLS) if (symbol >= first && symbol <= last) set |= setOf(symbol);
  }
  return set;
}

function illegal(char: string, text: string, dialplan: boolean): NoPattern {
  if (dialplan) {
    const hint =
      char === '/' ? ': for the caller there is from' : ': . and ! stand at the end only';
    const about = char === '/' || char === '.' || char === '!' ? hint : '';
    return {
      message: `illegal character ${JSON.stringify(char)} in the digits ${JSON.stringify(text)}${about}`,
    };
  }
  const [whole = char] = text.slice(text.indexOf(char));
  const suggestion = meant(text);
  const isBetter = suggestion !== text && isPattern(readPattern(suggestion));
  return {
    message: `illegal character ${JSON.stringify(whole)} in the digits ${JSON.stringify(text)}`,
    ...(isBetter && { suggestion }),
  };
}

/** What was probably meant: the notation of dialplans without its `_`, a set without its quotes, or fillers in between. */
function meant(text: string): string {
  // YAML takes a set without quotes for a list.
  if (/^[0-9]+-[0-9][0-9-]*$/.test(text) && isAscending(text)) return `[${text}]`;
  const plain = text.replace(/[\s()/-]/g, '').toUpperCase();
  return /[.!]$/.test(plain) ? `_${plain}` : plain;
}

function isAscending(text: string): boolean {
  const digits = text.replaceAll('-', '');
  return [...digits].every((digit, at) => at === 0 || digit > digits.charAt(at - 1));
}
