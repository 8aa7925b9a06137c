import { defence, type Defence } from '../defence';

/** `crankback import`: files of another system, whose texts go into the policy's comments. */
export const IMPORTS: readonly Defence[] = [
  defence(
    'import-secrets',
    'src/import/draft-text.ts',
    'plain(withoutSecrets(text))',
    'plain(text)',
  ),
  defence('import-lines', 'src/import/draft-text.ts', 'lines.map(printable).join', 'lines.join'),
  defence('import-table', 'src/cli/import.ts', "openSync(file, 'wx')", "openSync(file, 'w')"),
  defence(
    'import-policy',
    'src/cli/import.ts',
    "writeFileSync(file, text, { flag: 'wx' })",
    'writeFileSync(file, text)',
  ),
  defence(
    'import-elements',
    'adapters/freeswitch/init/document.ts',
    'if (depth > DEEPEST)',
    'if (depth < 0)',
  ),
  defence(
    'import-includes',
    'adapters/asterisk/import/contexts.ts',
    'next.length > 0 && seen.size < MOST_INCLUDED',
    'next.length > 0',
  ),
  defence('import-items', 'src/import/draft-text.ts', 'if (all <= MOST_ITEMS) return;', 'return;'),
  defence(
    'import-deep',
    'adapters/asterisk/import/walk.ts',
    'if (place.calls.length >= DEEPEST)',
    'if (place.calls.length >= 1_000)',
  ),
];
