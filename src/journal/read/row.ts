/** Of a table. */
export type Row = Readonly<Record<string, string | number | null>>;

/** The columns that have a value, by their names in answers. */
export function present(row: Row, names: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(names).flatMap(([column, name]) => {
      const value = row[column];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}
