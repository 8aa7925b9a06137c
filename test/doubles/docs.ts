/** The pages of the documentation, and the policies in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { parse, stringify } from 'yaml';
import { withAnchors } from '../../lab/release/site/markdown';
import { placesIn } from '../../lab/release/site/places';

export const ROOT = join(__dirname, '../..');

/** Every page, relative to the project's folder: `docs/policy.md`. */
export const PAGES: readonly string[] = [...placesIn(ROOT).pages.keys()];

const markdown = new MarkdownIt({ html: true });
withAnchors(markdown);

/** What a page consists of, with the anchors of its headings. */
export function tokensOf(page: string): readonly Token[] {
  return markdown.parse(readFileSync(join(ROOT, page), 'utf8'), {});
}

/** A block of code in a page. */
export interface Block {
  readonly page: string;
  /** Of its first line; the first line of a page is 1. */
  readonly line: number;
  readonly text: string;
}

/** All blocks of a language. */
export function blocksOf(language: string, page: string): readonly Block[] {
  return tokensOf(page)
    .filter(({ type, info }) => type === 'fence' && info.split(' ')[0] === language)
    .map(({ content, map }) => ({ page, line: (map?.[0] ?? 0) + 2, text: content }));
}

/** Says to which file a block belongs, and whether it is the whole of it. */
const MARK = /^# (in (the rules of )?)?(?:\S*\/)?policy\.yaml$/m;
/** What only a policy has at the beginning of a line. */
const LOOKS_LIKE_ONE = /^(?:trunks|routes|phrases|emergency|mode):|^- \{? ?when:/m;

/** `unmarked`: it looks like a part of a policy and does not say so. */
export type PolicyKind = 'whole' | 'part' | 'rules' | 'unmarked' | 'other';

export function policyKind(text: string): PolicyKind {
  if (text.startsWith('version:')) return 'whole';
  const [mark, part, rules] = MARK.exec(text.split('\n')[0] ?? '') ?? [];
  if (mark === undefined) return LOOKS_LIKE_ONE.test(text) ? 'unmarked' : 'other';
  return rules !== undefined ? 'rules' : part !== undefined ? 'part' : 'whole';
}

/** The policy that docs/problems begins with. */
export function policyOfProblems(): string {
  const text = blocksOf('yaml', 'docs/problems/README.md')[0]?.text;
  if (text === undefined) throw new Error('docs/problems/README.md has no policy');
  return text;
}

type Yaml = Readonly<Record<string, unknown>>;

/** A policy with the lines of a page in it: keys go where they belong, of a list the page's entries come first. */
export function withPart(policy: string, block: string): string {
  const part = parse(block) as Yaml | readonly unknown[];
  return stringify(
    merged(parse(policy) as Yaml, Array.isArray(part) ? { rules: part } : (part as Yaml)),
  );
}

function merged(whole: Yaml, part: Yaml): Yaml {
  const both = Object.entries(part).map(([key, value]) => {
    const before = whole[key];
    if (Array.isArray(value))
      return [key, [...(value as unknown[]), ...((before ?? []) as unknown[])]];
    return [key, isMap(value) && isMap(before) ? merged(before, value) : value];
  });
  return { ...whole, ...(Object.fromEntries(both) as Yaml) };
}

function isMap(value: unknown): value is Yaml {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
