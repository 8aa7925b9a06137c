// Own padding: cells with several lines take thirty lines of code.

/**
 * A plain text table. Cells may have several lines; columns are as wide as their widest line.
 * @param rows each with one cell per heading
 */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) =>
    Math.max(...all.flatMap((row) => linesOf(row[column]).map((line) => [...line].length))),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  const lines = (row: readonly string[]): string[] => {
    const height = Math.max(...widths.map((_, column) => linesOf(row[column]).length));
    return Array.from({ length: height }, (_, index) =>
      widths
        .map((width, column) => pad(linesOf(row[column])[index] ?? '', width))
        .join(' │ ')
        .trimEnd(),
    );
  };
  return [...lines(headings), rule, ...rows.flatMap(lines)].join('\n');
}

function linesOf(cell: string | undefined): string[] {
  return (cell ?? '').split('\n');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
