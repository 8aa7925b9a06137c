// Own text, no library: one row of RFC 4180 is one line, and no library guards against formulas unasked.

type Cell = string | number | boolean | undefined;

/** RFC 4180, with the line ends of this system. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map(csvLine).join('\n');
}

/** One row of it. */
export function csvLine(row: readonly Cell[]): string {
  return row.map(cell).join(',');
}

/** A leading sign would be a formula to a spreadsheet. */
function cell(value: Cell): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
