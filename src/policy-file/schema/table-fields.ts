import { scalar } from './fields';
import { describe } from '../problems/problems';

/** A longer path is no path. Characters. */
const LONGEST_PATH = 1_000;

/** Path of a table; relative to the folder of the policy file. */
export const tableFile = scalar<string>(
  'Expected the name of a CSV file, such as rates.csv: relative to the folder of this file, or absolute',
  (written) => {
    const value = String(written).trim();
    const isPath = value !== '' && value.length <= LONGEST_PATH && !/[\u0000-\u001f]/.test(value);
    return isPath ? { value } : { complaint: { message: `not a file: ${describe(written)}` } };
  },
);

export const columnName = scalar<string>(
  "Expected the name of a column, as it stands in the table's first line",
  (written) => {
    const value = String(written).trim();
    return value !== '' && value.length <= LONGEST_PATH
      ? { value }
      : { complaint: { message: `not a column: ${describe(written)}` } };
  },
);
