import Table from 'cli-table3';
import { labelWidth, ROWS } from './render';
import { clamp } from './render-rows';
import type { Sheet } from './sheet';
import type { Labels, Texts } from './texts';

/** Two sheets side by side, row by row, and this pair's verdict if it has one. */
export function renderPair(sheets: readonly [Sheet, Sheet], texts: Texts, width: number): string {
  const { labels } = texts;
  const rows = ROWS.flatMap((name) => {
    const cells = sheets.map((sheet) => sheet.rows.get(name) ?? '');
    return cells.some((cell) => cell !== '') ? [[labels.row[name], ...cells]] : [];
  });
  const widths = widthsOf(labels, width, 2);
  const [label = 0] = widths;
  const heads = sheets.map(({ title }) => `${title}\n${'─'.repeat(Math.min(title.length, 40))}`);
  const table = tableOf([['', ...heads], ...rows], widths, ' ');
  const verdict = verdictOf(sheets, texts);
  if (verdict === undefined) return table;
  return `${table}\n\n${tableOf([[labels.row.verdict, verdict]], [label, clamp(width) - label])}`;
}

/** When to use each of the two; undefined if they are not a known pair. */
export function verdictOf(sheets: readonly [Sheet, Sheet], { pairs }: Texts): string | undefined {
  const [one, other] = sheets.map(({ facts, title }) => /^\d{3}\b/.test(title) && facts.sip);
  return pairs.find(({ of }) => of.every((sip) => sip === one || sip === other) && one !== other)
    ?.verdict;
}

/** Labels get the width they need; the texts share the rest. */
function widthsOf(labels: Labels, width: number, texts: number): number[] {
  const label = labelWidth(labels);
  const each = Math.floor((clamp(width) - label) / texts);
  return [label, ...Array<number>(texts).fill(each)];
}

const NO_BORDER = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [side + part, '']),
  ),
);

/** @param between fills the line between two rows; absent: no line */
function tableOf(
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  between = '',
): string {
  const table = new Table({
    colWidths: [...widths],
    wordWrap: true,
    chars: {
      ...NO_BORDER,
      middle: '',
      'left-mid': '',
      'right-mid': '',
      'mid-mid': '',
      mid: between,
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: false },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
