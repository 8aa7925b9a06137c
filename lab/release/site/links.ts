import { posix } from 'node:path';
import { wayTo, type Places } from './places';

/**
 * A link of a page as it is in the site.
 * @param source the page's file, `docs/policy.md`
 * @returns undefined if the link leads to a file that is not in the site: source code, say
 */
export function siteLink(source: string, href: string, places: Places): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith('#')) return href;
  const [path = '', anchor] = href.split('#');
  const file = posix.join(posix.dirname(source), path);
  const to = places.pages.get(file) ?? places.assets.get(file);
  const from = places.pages.get(source);
  if (to === undefined || from === undefined) return undefined;
  return wayTo(from, to) + (anchor === undefined ? '' : `#${anchor}`);
}
