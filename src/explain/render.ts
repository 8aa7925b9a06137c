import Table from 'cli-table3';
import type { RowName, Sheet } from './sheet';
import type { Labels, Texts } from './texts';

/** Narrower columns are unreadable; a narrower terminal wraps lines itself. */
const LEAST_WIDTH = 60;
/** Longer lines are hard to read. */
const MOST_WIDTH = 120;

const ORDER: readonly RowName[] = [
  'meaning',
  'closest',
  'fault',
  'class',
  'seen',
  'do',
  'default',
  'phrases',
  'retry_after',
  'asterisk',
  'freeswitch',
  'rfc3398',
  'references',
];

/** One sheet: its title, then a label and a text for each row. */
export function renderSheet(sheet: Sheet, labels: Labels, width: number): string {
  const rows = ORDER.flatMap((name) => {
    const text = sheet.rows.get(name);
    if (text === undefined) return [];
    // A line at a time: cli-table3 takes seconds for a long text of many lines.
    return text.split('\n').map((line, at) => [at === 0 ? labels.row[name] : '', line]);
  });
  return `${sheet.title}\n\n${tableOf(rows, widthsOf(labels, width, 1))}`;
}

/** Two sheets side by side, row by row, and this pair's verdict if it has one. */
export function renderPair(sheets: readonly [Sheet, Sheet], texts: Texts, width: number): string {
  const { labels } = texts;
  const rows = ORDER.flatMap((name) => {
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

/** A width that can be read. */
export function clamp(width: number): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width));
}

/** Labels get the width they need; the texts share the rest. */
function widthsOf(labels: Labels, width: number, texts: number): number[] {
  const label = Math.max(...Object.values(labels.row).map(columnsOf)) + 2;
  const each = Math.floor((clamp(width) - label) / texts);
  return [label, ...Array<number>(texts).fill(each)];
}

/** East Asian letters take two columns. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u1100-\uffdc]/.test(letter) ? 2 : 1), 0);
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
