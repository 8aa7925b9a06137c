// Own text, no library: one row of RFC 4180 is one line, and no library guards against formulas unasked.

/** RFC 4180, with the line ends of this system. */
export function csv(rows: readonly (readonly (string | number | boolean | undefined)[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\n');
}

/** A leading sign would be a formula to a spreadsheet. */
function cell(value: string | number | boolean | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && typeof value === 'string' ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
