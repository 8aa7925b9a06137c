// Own layout: cli-table3 cuts a word that is wider than its column, and a line to paste may have one.

/** Narrower columns are unreadable; a narrower terminal wraps lines itself. */
const LEAST_WIDTH = 60;
/** Longer lines are hard to read. */
const MOST_WIDTH = 120;

/**
 * A title, then a label and a text for each row. Texts wrap between words; a longer word is never cut.
 * @param column where the texts begin; default: behind the longest label
 */
export function renderRows(
  title: string,
  rows: readonly (readonly [label: string, text: string])[],
  width: number,
  column = Math.max(0, ...rows.map(([label]) => columnsOf(label))) + 2,
): string {
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

/** A width that can be read. */
export function clamp(width: number): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
}

// Without the signs that only East Asian fonts draw wide, such as arrows and dashes.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/;

/** East Asian letters take two columns. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
}
