import { renderRows, columnsOf } from './render-rows';
import type { RowName, Sheet } from './sheet';
import type { Labels } from './texts';

/** From top to bottom. */
export const ROWS: readonly RowName[] = [
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
  const rows = ROWS.flatMap((name) => {
    const text = sheet.rows.get(name);
    return text === undefined ? [] : [[labels.row[name], text] as const];
  });
  return renderRows(sheet.title, rows, width, labelWidth(labels));
}

/** Every sheet of a language has its texts in the same column. */
export function labelWidth(labels: Labels): number {
  return Math.max(...Object.values(labels.row).map(columnsOf)) + 2;
}
