import MiniSearch from 'minisearch';

/** Title of the page, heading, place in the site (`policy.html#rules`), and the words below the heading. */
export type Entry = readonly [title: string, heading: string, place: string, text: string];

export interface Found {
  readonly title: string;
  readonly heading: string;
  readonly place: string;
  /** Words around the first match, or the first ones. */
  readonly excerpt: string;
}

const MOST_FOUND = 12;
/** Letters of an excerpt before and behind the match. */
const BEFORE = 40;
const BEHIND = 120;

/** Finds sections by words: all of them must be there, the last one may be a beginning. */
export class Finder {
  private readonly index = new MiniSearch<{
    id: number;
    title: string;
    heading: string;
    text: string;
  }>({
    fields: ['heading', 'title', 'text'],
    tokenize: (text) => wordsOf(text).flatMap((word) => [word, ...partsOf(word)]),
    searchOptions: {
      tokenize: wordsOf,
      boost: { heading: 5, title: 2 },
      prefix: (_term, at, terms) => at === terms.length - 1,
      combineWith: 'AND',
    },
  });

  constructor(private readonly entries: readonly Entry[]) {
    this.index.addAll(
      entries.map(([title, heading, , text], id) => ({ id, title, heading, text })),
    );
  }

  /** The best first; none for no words. */
  find(words: string): readonly Found[] {
    return this.index
      .search(words)
      .slice(0, MOST_FOUND)
      .flatMap(({ id, terms }) => {
        const entry = this.entries[id as number];
        if (!entry) return [];
        const [title, heading, place, text] = entry;
        return [{ title, heading, place, excerpt: excerptOf(text, terms) }];
      });
  }
}

/** `concurrent_calls` and `callee-has-rung` are words, without what stands around them. */
function wordsOf(text: string): string[] {
  return text
    .split(/\s+/)
    .map((word) => word.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, ''))
    .filter((word) => word !== '');
}

/** `calls` of `concurrent_calls`; none of a word without parts. */
function partsOf(word: string): readonly string[] {
  const parts = word.split(/[\p{P}\p{S}]+/u);
  return parts.length > 1 ? parts : [];
}

function excerptOf(text: string, terms: readonly string[]): string {
  const small = text.toLowerCase();
  const at = Math.max(
    0,
    Math.min(...terms.map((term) => small.indexOf(term)).filter((one) => one >= 0)),
  );
  const first = Number.isFinite(at) && at > BEFORE ? text.lastIndexOf(' ', at - BEFORE) + 1 : 0;
  const part = text.slice(first, first + BEFORE + BEHIND);
  return `${first > 0 ? '… ' : ''}${part}${first + part.length < text.length ? ' …' : ''}`;
}
