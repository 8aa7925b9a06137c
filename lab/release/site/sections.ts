import type MarkdownIt from 'markdown-it';
import { textOf } from './markdown';

/** What one heading of a page is about. */
export interface Section {
  readonly heading: string;
  /** Of the heading in its page; empty for the page itself. */
  readonly anchor: string;
  /** Words below the heading, until the next one. */
  readonly text: string;
}

/** The sections of a page; the first one is the page's own, with its title. */
export function sectionsOf(markdown: MarkdownIt, text: string): readonly Section[] {
  const sections: { heading: string; anchor: string; words: string[] }[] = [];
  const tokens = markdown.parse(text, {});
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (token.type === 'inline' && before?.type === 'heading_open') {
      const anchor = before.tag === 'h1' ? '' : (before.attrGet('id') ?? '');
      sections.push({ heading: textOf(token), anchor, words: [] });
    } else if (token.type === 'inline') sections.at(-1)?.words.push(textOf(token));
    else if (token.type === 'fence' || token.type === 'code_block')
      sections.at(-1)?.words.push(token.content);
  });
  return sections.map(({ heading, anchor, words }) => ({
    heading,
    anchor,
    text: words.join(' ').replace(/\s+/g, ' ').trim(),
  }));
}
