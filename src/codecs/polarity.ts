// Own reader of a Warning's English: language libraries parse sentences, and these texts are none.

/**
 * What a text says of a thing that it names: `wanted`, `refused`, or neither (`named`). A text that is not
 * understood wishes nothing.
 */
export type Polarity = 'wanted' | 'refused' | 'named';

/** A part of a text that says one thing. */
export interface Clause {
  readonly words: readonly string[];
  readonly polarity: Polarity;
}

const LONGEST = 512;

const WISHES = new Set(
  `only use uses using require requires required requiring must need needs needed want wants wanted
  expect expects expected support supports supported accept accepts accepted allow allows allowed available
  please prefer prefers preferred try offer mandatory should licensed enabled permitted take takes`.split(
    /\s+/,
  ),
);
const NEGATIONS = new Set(
  `no not non never neither nor none nothing without except excluding instead cannot cant isnt dont doesnt
  arent wont license licenses licence licences licensing disabled disallowed denied deny denies invalid illegal
  forbidden prohibited bad exceeded exhausted expired barred restricted removed remove drop avoid stop off out
  deprecated failed failure fails error blocked limit refuse refuses refused reject rejects rejected declined
  excluded missed nicht kein keine`.split(/\s+/),
);
/** Neither side's wish is clear from these. */
const UNCLEAR = new Set(
  `incompatible incompatibility mismatch mismatched mismatches missing lacks lacking differs different`.split(
    ' ',
  ),
);
const NEUTRAL = new Set(
  `codec codecs coder coders format formats media audio video list type types payload payloads and or is are
  the a an with of to for in kbps khz`.split(/\s+/),
);
/** A new clause begins with these. */
const STARTERS = new Set(
  `but only use instead please try however while whereas except although then because`.split(' '),
);

/** The clauses of a text, in order. `isThing` says whether a word names what the caller looks for. Linear. */
export function clausesOf(text: string, isThing: (word: string) => boolean): readonly Clause[] {
  const parts = text
    .slice(0, LONGEST)
    .replace(/\b(?:nothing|none|no other|nothing else) (?:but|than|except)\b/gi, ', only')
    .split(/[,;:()[\]"|!?]|\.(?=\s|$)|\s[-\u2013\u2014]\s/)
    .flatMap((part) => splitAtStarters(part.split(/[\s/]+/).filter(Boolean), isThing));
  const clauses: { words: readonly string[]; polarity: Polarity; open: boolean }[] = [];
  for (const words of parts) {
    const before = clauses.at(-1);
    const said = polarityOf(words, isThing);
    const names = words.some(isThing);
    // `Unsupported codec(s): G729`, `Codec refused [488]: G729`.
    if (said === 'named' && !names && words.map(plain).every(isNeutral)) continue;
    if (said === 'bare') {
      const inherited = before?.polarity === 'refused' ? 'refused' : 'wanted';
      clauses.push({ words, polarity: inherited, open: true });
    } else {
      // `G.729: not licensed`; of `no match: G.729 only` the last word counts too.
      // `G.729, GSM not supported` refuses both.
      const lists = names && said === 'refused' && !STARTERS.has(plain(words[0] ?? ''));
      if (said !== 'named' && (!names || lists) && before?.open === true) closeOpen(clauses, said);
      clauses.push({ words, polarity: said, open: false });
    }
  }
  return clauses;
}

function closeOpen(clauses: { polarity: Polarity; open: boolean }[], said: Polarity): void {
  for (const clause of clauses.toReversed()) {
    if (!clause.open) return;
    clause.polarity = said;
    clause.open = false;
  }
}

function splitAtStarters(
  words: readonly string[],
  isThing: (word: string) => boolean,
): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const word of words) {
    const part = parts.at(-1) ?? [];
    const named = part.some(isThing);
    const marked = part.some((one) => isNegation(one) || WISHES.has(plain(one)));
    const begins = STARTERS.has(plain(word)) && (named || !part.some(isNegation));
    if ((begins && part.length > 0) || (plain(word) === 'and' && named && marked))
      parts.push([word]);
    else part.push(word);
  }
  return parts.filter((part) => part.length > 0);
}

function polarityOf(
  words: readonly string[],
  isThing: (word: string) => boolean,
): Polarity | 'bare' {
  if (words.some((word) => !isThing(word) && isNegation(word))) return 'refused';
  const others = words.filter((word) => !isThing(word)).map(plain);
  if (others.some((word) => UNCLEAR.has(word))) return 'named';
  if (others.some((word) => WISHES.has(word))) return 'wanted';
  const bare = words.some(isThing) && others.every(isNeutral);
  return bare ? 'bare' : 'named';
}

/** Says nothing by itself: a number, a letter, `codec`. */
function isNeutral(word: string): boolean {
  return NEUTRAL.has(word) || /^(?:\d*|[a-z])$/.test(word);
}

function isNegation(word: string): boolean {
  const letters = plain(word);
  if (NEGATIONS.has(letters)) return true;
  return /^un(?!til|der|less|it|ion|iversal|ique)[a-z]{4,}$/.test(letters);
}

/** Letters of any script stay: what is not understood must not be taken for silence. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
