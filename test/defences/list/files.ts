import { defence, type Defence } from '../defence';

const PLAIN = 'src/policy-file/plain-file.ts';
const TABLE = 'src/policy-file/tables/read-table.ts';
const REPAIR = 'src/doctor/repair.ts';
const READ_FILES = 'adapters/asterisk/doctor/read-files.ts';
const STATE = 'src/state-file/files.ts';
const COMPILED = 'src/cli/compiled.ts';

/** Files that crankback reads and writes: policy, state and journal. */
export const FILES: readonly Defence[] = [
  defence(
    'policy-plain-file',
    PLAIN,
    '    if (kind !== undefined) throw new NoPlainFile(`${kind}, not a plain file`);\n',
    '',
  ),
  {
    id: 'policy-size',
    removals: [
      {
        file: PLAIN,
        text: '    if (stats.size > largest) throw tooLarge(largest);\n',
        without: '',
      },
      { file: PLAIN, text: 'size <= largest;', without: 'size >= 0;' },
    ],
  },
  defence(
    'policy-aliases',
    'src/policy-file/yaml/source.ts',
    'value = document.toJS();',
    'value = document.toJS({ maxAliasCount: -1 });',
  ),
  defence('policy-problems', 'src/policy-file/policy-file.ts', '.slice(0, MOST_PROBLEMS)', ''),
  defence('table-problems', TABLE, 'if (this.problems.length >= MOST_PROBLEMS) return;', ''),
  defence(
    'table-rows',
    TABLE,
    'if (this.builder.size >= this.most) {',
    'if (this.builder.size < 0) {',
  ),
  defence(
    'table-emergency',
    'src/policy/routes/route-index.ts',
    'if (emergency && (flag & (REFUSES | IN_TABLE)) !== 0) return false;',
    '',
  ),
  defence(
    'policy-long-line',
    'src/policy-file/problems/problems.ts',
    "return line.length > LONGEST_LINE ? '' :",
    'return',
  ),
  defence(
    'policy-unchanged',
    'src/policy-file/watch/file-look.ts',
    "    if (!atOnce && state === this.read) return { kind: 'same' };\n",
    '',
  ),
  defence(
    'policy-hash-first',
    'src/policy-file/watch/file-look.ts',
    "    if (hash === known) return { kind: 'same' };\n    if (hash === inForce) return { kind: 'restored' };\n",
    '',
  ),
  defence(
    'policy-time-limit',
    'src/policy-file/watch/policy-worker.ts',
    '    this.timer = setTimeout(() => this.events.overdue(what, ms), ms);\n',
    '',
  ),
  defence(
    'policy-thread-ends',
    'src/policy-file/watch/policy-worker.ts',
    '      if (this.worker === worker) this.worker = undefined;\n',
    '',
  ),
  defence(
    'policy-pieces',
    'src/policy-file/watch/parcel.ts',
    'if (part.length > 0 && bytes + size > LARGEST_PIECE) {',
    'if (part.length > 0 && bytes < 0) {',
  ),
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
  defence(
    'journal-call-id',
    'src/journal/entries.ts',
    'callerCallId.slice(0, LONGEST_CALL_ID)',
    'callerCallId',
  ),
  defence(
    'figures-groups',
    'src/figures/count.ts',
    '  if (groups.length <= MOST_GROUPS) return groups;\n',
    '  if (groups.length > 0) return groups;\n',
  ),
  defence(
    'figures-labels',
    'src/figures/count.ts',
    'text.slice(0, LONGEST_LABEL)',
    'text.slice(0)',
  ),
  defence(
    'figures-statuses',
    'src/figures/counts.ts',
    'REGISTERED.has(sip) ? String(sip)',
    'sip > 0 ? String(sip)',
  ),
  defence(
    'figures-calls',
    'src/figures/calls-in-use.ts',
    'if (this.calls.size <= MOST_CALLS) return;',
    'if (this.calls.size > 0) return;',
  ),
  defence(
    'figures-names',
    'src/journal/read/figures.ts',
    'names.size < MOST_NAMES || names.has(group[by]) ? group[by] : OTHER',
    'names.size >= 0 ? group[by] : OTHER',
  ),
  defence(
    'figures-bytes',
    'src/journal/figures/keep.ts',
    'while (figuresBytes(database) > bytes * SHARE) {',
    'while (bytes < 0) {',
  ),
  defence('journal-plain', 'src/journal/database.ts', '  requirePlain(file);\n', ''),
  defence('journal-newer', 'src/journal/database.ts', '    requireKnown(database, file);\n', ''),
  defence(
    'journal-rolled-back',
    'src/journal/writer.ts',
    "      if (this.database.inTransaction) this.database.exec('ROLLBACK');\n",
    '',
  ),
  defence(
    'journal-waiting',
    'src/journal/thread/lasting-journal.ts',
    'this.waiting.length >= MOST_WAITING || ',
    '',
  ),
  defence(
    'journal-asked',
    'src/journal/thread/lasting-journal.ts',
    ' || this.asked.size >= MOST_ASKED',
    '',
  ),
  defence(
    'journal-looking',
    'src/journal/read/calls.ts',
    'if (performance.now() < enough) continue;',
    'if (enough > 0) continue;',
  ),
  defence(
    'journal-gap',
    'src/journal/closing.ts',
    "row?.['closed'] === 0 ? {",
    "row?.['closed'] === 2 ? {",
  ),
  defence(
    'init-links',
    'src/init/files/disk.ts',
    'constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK',
    'constants.O_RDONLY | constants.O_NONBLOCK',
  ),
  defence(
    'init-temporary',
    'src/init/files/disk.ts',
    "openSync(path, 'wx', 0o600)",
    "openSync(path, 'w', 0o600)",
  ),
  defence(
    'init-unchanged',
    'src/init/files/apply.ts',
    '  if (there?.bytes !== before) throw new Error(`${path}: changed meanwhile, so it is left alone`);\n',
    '',
  ),
  defence('init-manifest-owner', 'src/init/files/manifest.ts', '(mode & 0o022) !== 0 || ', ''),
  defence(
    'init-manifest-path',
    'src/init/files/manifest.ts',
    'z.string().regex(/^\\/(?!.*(?:^|\\/)\\.\\.(?:\\/|$)).+$/)',
    'z.string()',
  ),
  defence(
    'init-secrets',
    'src/cli/init-text.ts',
    '...written.map((change) => diffOf(change, secrets)),',
    '...written.map((change) => diffOf(change, [])),',
  ),
  defence('init-accounts', 'adapters/asterisk/init/dial-string.ts', '!NAME.test(name) || ', ''),
  defence(
    'init-one-line',
    'src/init/proposal/yaml-words.ts',
    'return printable(text).slice(0, 120);',
    'return text.slice(0, 120);',
  ),
  defence(
    'init-bounds',
    'src/init/files/config-files.ts',
    'return stat.isFile() && stat.size <= LARGEST ?',
    'return stat.size >= 0 ?',
  ),
  defence(
    'doctor-links',
    REPAIR,
    'constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK',
    'constants.O_RDONLY | constants.O_NONBLOCK',
  ),
  defence('doctor-rights', REPAIR, 'fstatSync(file).mode & mode', 'mode'),
  defence(
    'doctor-written-links',
    REPAIR,
    "import { disk } from '../init/files/disk';",
    "import { disk as plain } from '../init/files/disk';\nimport { existsSync } from 'node:fs';\nconst disk: typeof plain = {\n  ...plain,\n  read: (path) =>\n    existsSync(path) ? { bytes: readFileSync(path).toString('latin1'), mode: 0o644, uid: 0, gid: 0 } : undefined,\n};",
  ),
  defence(
    'doctor-kept',
    REPAIR,
    'if (there && !disk.read(path + KEPT)) replaceFile',
    'if (there) replaceFile',
  ),
  defence(
    'doctor-plain-files',
    READ_FILES,
    "  if (!stat.isFile()) throw new Error('no plain file');\n",
    '',
  ),
  defence(
    'doctor-size',
    READ_FILES,
    '  if (stat.size > LARGEST) throw new Error(`${stat.size} bytes are too many`);\n',
    '',
  ),
  defence(
    'doctor-command',
    'adapters/asterisk/doctor/ask-command.ts',
    '    if (!DIALLED.test(number)) continue;\n',
    '',
  ),
  defence(
    'doctor-secrets',
    'adapters/asterisk/doctor/checks/files.ts',
    "change: 'hep.conf: capture_password = …',",
    'change: `hep.conf: capture_password = ${wanted.hep.password}`,',
  ),
  defence(
    'compiled-owner',
    COMPILED,
    '    if (uid !== process.getuid?.() || (mode & OTHERS_WRITE) !== 0) return undefined;\n',
    '',
  ),
  defence('compiled-no-link', COMPILED, ' | constants.O_NOFOLLOW', ''),
  defence(
    'compiled-whole',
    COMPILED,
    'return head.equals(bytes.subarray(0, 2 * DIGEST)) ? data : undefined;',
    'return head.length > 0 ? data : undefined;',
  ),
];
