/**
 * The site's table of contents. A page that is not named here is there all the same: under its folder, or under the last
 * heading.
 */
import { posix } from 'node:path';

/** Pages in this order; what ends with `/` is all of a folder. */
const GROUPS: readonly (readonly [heading: string, members: readonly string[]])[] = [
  [
    'Begin',
    [
      'README.md',
      'docs/install.md',
      'docs/import.md',
      'docs/observing.md',
      'docs/asterisk.md',
      'docs/freeswitch.md',
      'docs/versions.md',
      'docs/comparison.md',
    ],
  ],
  ['Guides', ['docs/guides/']],
  ['By problem', ['docs/problems/']],
  [
    'When a call fails',
    [
      'docs/refusals.md',
      'docs/explain.md',
      'docs/findings.md',
      'docs/sip-statuses.md',
      'docs/carriers.md',
    ],
  ],
  ['The policy', ['docs/policy.md', 'docs/settings.md', 'docs/trunk-health.md', 'docs/hep.md']],
  [
    'The record',
    [
      'docs/dashboard.md',
      'docs/operator.md',
      'docs/journal.md',
      'docs/figures.md',
      'docs/metrics.md',
      'docs/logs.md',
      'docs/alerts.md',
      'docs/opentelemetry.md',
      'docs/cdr.md',
    ],
  ],
  [
    'How far one can trust it',
    [
      'docs/threat-model.md',
      'SECURITY.md',
      'docs/faults.md',
      'docs/bench.md',
      'docs/dependencies.md',
      'CHANGELOG.md',
    ],
  ],
];
const LAST = 'Inside';

/** A heading and what is below it. */
export interface Group<P> {
  readonly heading: string;
  readonly pages: readonly P[];
}

interface Page {
  /** `docs/policy.md` */
  readonly source: string;
  readonly title: string;
}

/** Every page once. Folders begin with their README; what nobody has ordered is in the order of titles. */
export function contentsOf<P extends Page>(pages: readonly P[]): readonly Group<P>[] {
  const left = new Map(pages.map((page) => [page.source, page]));
  const take = (sources: readonly string[]): readonly P[] =>
    sources.flatMap((source) => {
      const page = left.get(source);
      left.delete(source);
      return page ? [page] : [];
    });
  const inFolder = (folder: string): readonly string[] =>
    [...left.values()]
      .filter(({ source }) => source.startsWith(folder))
      .sort(byTitle)
      .map(({ source }) => source);
  const named = GROUPS.map(([heading, members]) => ({
    heading,
    pages: take(members.flatMap((one) => (one.endsWith('/') ? inFolder(one) : [one]))),
  }));
  const loose = take([...left.keys()].filter((source) => folderOf(source) === undefined)).toSorted(
    byTitle,
  );
  const folders = [...new Set([...left.keys()].map((source) => folderOf(source) ?? ''))].sort();
  const others = folders.map((folder) => {
    const own = take(inFolder(folder));
    const [first] = own;
    return { heading: first?.source === `${folder}README.md` ? first.title : folder, pages: own };
  });
  return [...named, { heading: LAST, pages: loose }, ...others].filter(
    (group) => group.pages.length > 0,
  );
}

/** `docs/adr/` of `docs/adr/0001-….md`; undefined for a page of docs itself or beside it. */
function folderOf(source: string): string | undefined {
  const folder = `${posix.dirname(source)}/`;
  return folder === 'docs/' || folder === './' ? undefined : folder;
}

function byTitle(one: Page, other: Page): number {
  const readme = (page: Page): number => (page.source.endsWith('/README.md') ? 0 : 1);
  return readme(one) - readme(other) || (one.title < other.title ? -1 : 1);
}
