// Own text, no library: those that are well kept read Markdown, and do not escape what is untrusted in it.
import { printable } from '../model/printable';
import type { Section, Sheet } from './sheet';

/** GitHub-flavoured Markdown. Nothing that a carrier says becomes markup, a link or HTML. */
export function markdown({ title, sections }: Sheet): string {
  return [`# ${escaped(title)}`, ...sections.map(sectionText)].join('\n\n') + '\n';
}

function sectionText({ heading, level, head, rows, lines, text }: Section): string {
  return [
    `${'#'.repeat(level)} ${escaped(heading)}`,
    ...(text === undefined ? [] : [escaped(text)]),
    ...(head
      ? [[row(head), row(head.map(() => '---')), ...(rows ?? []).map(escapedRow)].join('\n')]
      : []),
    // Four spaces are code, in which nothing is markup.
    ...(lines ? [lines.map((line) => `    ${printable(line)}`).join('\n')] : []),
  ].join('\n\n');
}

function escapedRow(cells: readonly string[]): string {
  return row(cells.map(escaped));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** CommonMark 2.4: a backslash makes any ASCII punctuation literal; an autolink needs its colon or dot. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]()#+!|<>&~]/g, '\\$&')
    .replace(/^[-=]|^(?=\d+[.)])/, '\\$&')
    .replace(/(https?|ftp|mailto|xmpp|www)(?=[:.])/gi, '$1\u200b')
    .replaceAll('@', '\\@');
}
