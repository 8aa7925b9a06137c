import { defence, type Defence } from '../defence';

const STATE = 'src/state-file/files.ts';

/** Files that crankback reads: policy and state. */
export const FILES: readonly Defence[] = [
  defence(
    'state-file-plain',
    STATE,
    "      if (!found.isFile()) throw new Error('not a plain file');\n",
    '',
  ),
  defence(
    'state-file-size',
    STATE,
    '      if (found.size > LARGEST) throw new Error(`larger than ${LARGEST} bytes`);\n',
    '',
  ),
  defence(
    'state-file-checked',
    'src/state-file/format.ts',
    "  why: z.string().regex(/^\\P{C}{0,300}$/u, 'must be at most 300 printable characters'),",
    '  why: z.string(),',
  ),
];
