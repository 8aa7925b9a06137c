import { defence, type Defence } from '../defence';

const SHOWN = 'src/records/shown.ts';
const JOURNAL = 'src/records/journal.ts';
const OUTPUT = 'src/records/log-output.ts';

/** What leaves the process: log, journal, metrics. */
export const RECORDS: readonly Defence[] = [
  defence(
    'log-escaped',
    SHOWN,
    'return printable(maskNumbers ? masked(cut, field) : cut);',
    'return maskNumbers ? masked(cut, field) : cut;',
  ),
  defence('log-keys', SHOWN, "text(name, ''),", 'name,'),
  defence(
    'masked-numbers',
    SHOWN,
    'printable(maskNumbers ? masked(cut, field) : cut)',
    'printable(cut)',
  ),
  defence(
    'hunts-without-inputs',
    'src/records/kept-hunt.ts',
    "Object.defineProperty(decision, 'inputs', {",
    "Object.defineProperty(decision, 'inputs', { enumerable: true,",
  ),
  defence('log-text-length', SHOWN, 'value.length > LONGEST ?', 'value.length > Infinity ?'),
  defence(
    'report-html',
    'src/report/html.ts',
    `.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)`,
    '',
  ),
  defence(
    'report-markdown',
    'src/report/markdown.ts',
    String.raw`    .replace(/[\\@@*_{}[\]()#+!|<>&~]/g, '\\$&')`.replace('@@', '`'),
    '',
  ),
  defence('csv-formula', 'src/cli/csv.ts', String.raw`/^[=+\-@\t\r]/.test(text) && `, 'false && '),
  defence('log-depth', SHOWN, "    if (depth === 0) return '…';\n", ''),
  defence(
    'log-waiting',
    OUTPUT,
    '    if (this.waitingBytes + length > MOST_WAITING) return false;\n',
    '',
  ),
  defence('log-broken', OUTPUT, 'if (error) return this.pause(error);', 'if (error) throw error;'),
  defence(
    'log-not-blocking',
    OUTPUT,
    '  if (!isatty(fd)) return fd;\n',
    '  if (fd > 0) return fd;\n',
  ),
  defence(
    'log-pending',
    'src/records/logger.ts',
    'if (this.pending.length < MOST_PENDING) this.pending.push(info);',
    'if (true) this.pending.push(info);',
  ),
  defence('journal-bytes', JOURNAL, ' || this.occupied > this.limits.bytes)', ')'),
  defence('journal-hunts', JOURNAL, 'while (this.hunts.size > this.limits.hunts || ', 'while ('),
  defence(
    'journal-hunt-bytes',
    JOURNAL,
    'if (!kept || kept.bytes + bytes > this.limits.bytesOfHunt) return false;',
    'if (!kept) return false;',
  ),
  defence(
    'journal-cut',
    'src/records/keeping.ts',
    'if (json.length <= CUT_FROM) return',
    'if (true) return',
  ),
  defence(
    'scenario-phrase',
    'src/scenario/far-side.ts',
    ".replaceAll('[', '(').replaceAll(']', ')')",
    '',
  ),
  defence(
    'unclassified-of-trunk',
    'src/records/unclassified.ts',
    '    if (!before && entries.size >= MOST_OF_TRUNK) this.dropRarest(kept);\n',
    '',
  ),
  defence(
    'unclassified-of-all',
    'src/records/unclassified.ts',
    'if (!before && this.size >= MOST) {',
    'if (false) {',
  ),
  defence(
    'unclassified-known-trunk',
    'src/records/unclassified.ts',
    '    if (!this.policy().trunks.has(trunk)) return;\n',
    '',
  ),
  defence('unclassified-cut', 'src/records/unclassified.ts', 'text.slice(0, LONGEST)', 'text'),
  defence('phrase-line-plain', 'src/records/phrase-line.ts', ".replace(UNFIT, ' ')", ''),
  defence(
    'hunts-in-progress',
    'src/calls/hunts-in-progress.ts',
    'if (this.hunts.size > MOST_HUNTS) {',
    'if (false) {',
  ),
];
