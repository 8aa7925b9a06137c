/** Eleventy's configuration: every page of the project is a template with one layout. Run by build.ts, in the project's folder. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import { contentsOf } from './contents';
import { forSite } from './markdown';
import { placesIn, wayTo } from './places';
import { sectionsOf } from './sections';

/** The parts of Eleventy's UserConfig that are used here; it has no types of its own. */
interface UserConfig {
  setLibrary(name: 'md', markdown: MarkdownIt): void;
  addTemplate(path: string, text: string, data: Readonly<Record<string, unknown>>): void;
  addFilter(name: string, filter: (...values: string[]) => string): void;
}

function configure(config: UserConfig): object {
  const places = placesIn('.');
  const markdown = new MarkdownIt({ html: true });
  forSite(markdown, places);
  config.setLibrary('md', markdown);
  config.addFilter('from', (to: string, place: string) => wayTo(place, to));
  const pages = [...places.pages].map(([source, place]) => {
    const text = readFileSync(source, 'utf8');
    const sections = sectionsOf(markdown, text);
    return { source, place, text, sections, title: sections[0]?.heading ?? place };
  });
  const contents = contentsOf(pages).map(({ heading, pages: own }) => ({
    heading,
    pages: own.map(({ title, place }) => ({ title, place })),
  }));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  for (const { source, place, text, title } of pages) {
    const permalink = `/${place}`;
    config.addTemplate(source, text, {
      ...{ layout: 'page.njk', permalink, source, place, title, contents, version },
      up: '../'.repeat(posix.dirname(place) === '.' ? 0 : place.split('/').length - 1),
    });
  }
  const found = pages.flatMap(({ place, title, sections }) =>
    sections.map(({ heading, anchor, text }) => [
      title,
      heading,
      place + (anchor === '' ? '' : `#${anchor}`),
      text,
    ]),
  );
  config.addTemplate('pages.njk', '{{ script | safe }}', {
    permalink: '/assets/pages.js',
    eleventyExcludeFromCollections: true,
    script: `crankbackPages=${JSON.stringify(found)};\n`,
  });
  return {
    dir: { input: 'lab/release/site/template' },
    // Pages are text: what looks like a template in them is an example of something else.
    markdownTemplateEngine: false,
    htmlTemplateEngine: false,
  };
}

// Eleventy asks for what `require` gives.
export = configure;
