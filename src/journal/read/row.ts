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

/** As a column of a query: who has decided the calls of this table. */
export function instanceOf(table: string): string {
  return `(SELECT nullif(name, '') FROM instances i WHERE i.row = ${table}.instance) AS instance_name`;
}
