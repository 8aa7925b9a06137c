import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { PAGES, ROOT, tokensOf } from '../../doubles/docs';

/** Of a page, by its name relative to the project's folder. */
const anchors = new Map(
  PAGES.map((page) => [
    page,
    new Set(tokensOf(page).flatMap((token) => token.attrGet('id') ?? [])),
  ]),
);

function linksOf(page: string): readonly string[] {
  return tokensOf(page)
    .flatMap(({ children }) => children ?? [])
    .flatMap((token) =>
      token.type === 'link_open'
        ? [token.attrGet('href') ?? '']
        : token.type === 'image'
          ? [token.attrGet('src') ?? '']
          : [],
    )
    .filter((href) => !/^[a-z]+:/i.test(href));
}

/** What is wrong with a link; undefined if it leads somewhere. */
function problem(page: string, href: string): string | undefined {
  const [path = '', anchor] = href.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), decodeURI(path)));
  if (!existsSync(join(ROOT, file))) return `${href}: there is no ${file}`;
  if (anchor === undefined || !anchors.has(file)) return undefined;
  return anchors.get(file)?.has(anchor) ? undefined : `${href}: ${file} has no such heading`;
}

it.each(PAGES)('every link of %s leads to a file, and to a heading of it', (page) => {
  expect(linksOf(page).flatMap((href) => problem(page, href) ?? [])).toEqual([]);
});

it('finds links and headings at all', () => {
  expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(200);
  expect(problem('README.md', 'docs/policy.md#nowhere')).toMatch(/no such heading/);
  expect(problem('README.md', 'docs/nowhere.md')).toMatch(/there is no docs\/nowhere\.md/);
});
