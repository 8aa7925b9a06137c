/** What CHANGELOG.md says of one version. */
export interface ChangelogSection {
  /** `2026-11-28`; absent while the heading says that the version is not released. */
  readonly date?: string;
  /** Below the heading. */
  readonly notes: string;
}

/** @throws Error where the changelog has no such version, or nothing to say of it */
export function sectionOf(changelog: string, version: string): ChangelogSection {
  const parts = changelog.split(/^## /m).slice(1);
  const section = parts.find((part) => part.startsWith(`[${version}]`));
  if (section === undefined) {
    throw new Error(`CHANGELOG.md: no section "## [${version}] – <date>"`);
  }
  const [heading = '', ...lines] = section.split('\n');
  const notes = lines.join('\n').trim();
  if (notes === '') throw new Error(`CHANGELOG.md: nothing below "## ${heading}"`);
  const date = /\b\d{4}-\d{2}-\d{2}\b/.exec(heading)?.[0];
  return { notes, ...(date !== undefined && { date }) };
}
