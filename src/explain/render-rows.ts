// Own layout: cli-table3 cuts a word that is wider than its column, and a line to paste may have one.
import { clamp, columnsOf } from './render';

/** A title, then a label and a text for each row. Texts wrap between words; a longer word is never cut. */
export function renderRows(
  title: string,
  rows: readonly (readonly [label: string, text: string])[],
  width: number,
): string {
  const column = Math.max(0, ...rows.map(([label]) => columnsOf(label))) + 2;
  const lines = rows.flatMap(([label, text]) => {
    const wrapped = text.split('\n').flatMap((line) => wrap(line, clamp(width) - column));
    return wrapped.map((line, index) => {
      const head = index === 0 ? label : '';
      return `${head}${' '.repeat(column - columnsOf(head))}${line}`.trimEnd();
    });
  });
  return [title, '', ...lines].join('\n');
}

/** The line in pieces of a width; the pieces are indented like the line. */
function wrap(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const pieces: string[] = [];
  let piece = '';
  for (const word of line.slice(indent.length).split(' ')) {
    const longer = piece === '' ? `${indent}${word}` : `${piece} ${word}`;
    if (piece === '' || columnsOf(longer) <= width) piece = longer;
    else {
      pieces.push(piece);
      piece = `${indent}${word}`;
    }
  }
  return [...pieces, piece];
}
