/** Markdown as GitHub shows it, made fit for pages that run no style or script of their own text. */
import type MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { siteLink } from './links';
import type { Places } from './places';
import { slugOf } from './slug';

/** What a page's text is rendered with. */
interface Environment {
  /** The page's file, `docs/policy.md`. */
  readonly source?: string;
}

/** Sets a parser up for the pages of a site. */
export function forSite(markdown: MarkdownIt, places: Places): void {
  withAnchors(markdown);
  markdown.core.ruler.push('links', ({ tokens, env }) => {
    const { source = '' } = env as Environment;
    for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])])) {
      relink(token, source, places);
      alignByClass(token);
    }
  });
  const { rules } = markdown.renderer;
  // A wide table is moved by itself, not with the page.
  rules['table_open'] = () => '<div class="table"><table>\n';
  rules['table_close'] = () => '</table></div>\n';
}

/** Gives each heading its anchor as `id`; of two alike in a page the second one is `…-1`. */
export function withAnchors(markdown: MarkdownIt): void {
  markdown.core.ruler.push('anchors', ({ tokens }) => {
    const taken = new Map<string, number>();
    tokens.forEach((token, index) => {
      const heading = tokens[index + 1];
      if (token.type !== 'heading_open' || !heading) return;
      const slug = slugOf(textOf(heading));
      const before = taken.get(slug);
      taken.set(slug, (before ?? -1) + 1);
      token.attrSet('id', before === undefined ? slug : `${slug}-${before + 1}`);
    });
  });
}

/** What a reader sees of an inline token. */
export function textOf({ children }: Token): string {
  return (children ?? [])
    .map(({ type, content }) =>
      type === 'text' || type === 'code_inline' ? content : type.endsWith('break') ? ' ' : '',
    )
    .join('');
}

/** A link to what is not in the site is none: its text stays. */
function relink(token: Token, source: string, places: Places): void {
  const name = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : undefined;
  const href = name === undefined ? null : token.attrGet(name);
  if (name === undefined || href === null) return;
  const link = siteLink(source, href, places);
  if (link === undefined) token.attrs = (token.attrs ?? []).filter(([key]) => key !== name);
  else token.attrSet(name, link);
}

/** A column's alignment is a style in the text, which no page of ours may have. */
function alignByClass(token: Token): void {
  const style = token.attrGet('style');
  if (style === null) return;
  token.attrs = (token.attrs ?? []).filter(([key]) => key !== 'style');
  token.attrJoin('class', style.replace(/^text-align:/, ''));
}
