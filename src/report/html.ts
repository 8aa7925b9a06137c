// Own text, no library: a page without attributes needs only its five characters escaped.
import { printable } from '../model/printable';
import type { Section, Sheet } from './sheet';

const STYLE =
  'body{font:14px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .6em;text-align:left}pre{overflow-x:auto}';

/** One page without scripts, links and anything from elsewhere. */
export function html({ title, sections }: Sheet): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    ...sections.map(sectionText),
    '</body></html>',
    '',
  ].join('\n');
}

function sectionText({ heading, level, head, rows = [], lines, text }: Section): string {
  return [
    `<h${level}>${escaped(heading)}</h${level}>`,
    ...(text === undefined ? [] : [`<p>${escaped(text)}</p>`]),
    ...(head
      ? [`<table>${row(head, 'th')}${rows.map((one) => row(one, 'td')).join('\n')}</table>`]
      : []),
    ...(lines ? [`<pre>${lines.map(escaped).join('\n')}</pre>`] : []),
  ].join('\n');
}

function row(cells: readonly string[], element: 'td' | 'th'): string {
  return `<tr>${cells.map((cell) => `<${element}>${escaped(cell)}</${element}>`).join('')}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;' },
  ...{ '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
