import { defence, type Defence } from '../defence';

const SECRETS = 'src/notify/secret-files.ts';
const WEBHOOK = 'src/notify/ways/webhook.ts';
const MAIL = 'src/notify/ways/mail.ts';
const COMMAND = 'src/notify/ways/command.ts';
const SLACK = 'src/notify/templates/slack.ts';

/** What receivers of alerts are told, and what they answer. */
export const ALERTS: readonly Defence[] = [
  defence(
    'alert-secret-names',
    SECRETS,
    'const variable = SECRET_PREFIX + name;',
    "const variable = 'CRANKBACK_' + name;",
  ),
  defence(
    'alert-secret-size',
    SECRETS,
    "    if (!(await file.stat()).isFile()) throw new Error('not a plain file');\n",
    '',
  ),
  defence('alert-answer-length', WEBHOOK, '    if (size >= MOST_READ) break;\n', ''),
  defence(
    'alert-retry-after',
    WEBHOOK,
    'Math.min(seconds * 1_000, LONGEST_RETRY_AFTER)',
    'seconds * 1_000',
  ),
  defence(
    'alert-time',
    WEBHOOK,
    'const limit = AbortSignal.timeout(timeout);',
    'const limit = AbortSignal.timeout(2 ** 30);',
  ),
  defence('alert-slack-code', SLACK, 'text).replace(/`/g, "\'")', 'text)'),
  defence('alert-slack-escaped', SLACK, ".replace(/</g, '&lt;')", ''),
  defence(
    'alert-slack-empty',
    SLACK,
    "${plain.trim() === '' ? '–' : escaped(plain)}",
    '${escaped(plain)}',
  ),
  defence('alert-mail-tls', MAIL, "requireTLS: tls === 'starttls'", 'requireTLS: false'),
  defence(
    'alert-command-environment',
    COMMAND,
    "        env: { PATH: '/usr/local/bin:/usr/bin:/bin' },\n",
    '',
  ),
  defence('alert-command-time', COMMAND, '        end(child.pid);\n', ''),
  defence('alert-command-shell', COMMAND, 'shell: false', 'shell: true'),
  defence(
    'alert-open',
    'src/alerts/incidents.ts',
    'if (open.size >= MOST_OPEN) {',
    'if (open.size < 0) {',
  ),
  defence('alert-closed', 'src/alerts/incidents.ts', 'closed.slice(-MOST_CLOSED)', 'closed'),
  defence(
    'alert-occurrences',
    'src/alerts/occurrences.ts',
    '    if (this.rows.size > MOST_KEYS && oldest !== undefined) this.rows.delete(oldest);\n',
    '',
  ),
  defence(
    'alert-mail-address',
    'src/policy-file/schema/alert-schema.ts',
    '@[A-Za-z0-9.-]{1,255}$/',
    '@[A-Za-z0-9.-]{1,255}/',
  ),
  defence('alert-file-checked', 'src/notify/kept.ts', '  id: z.string().min(1).max(300),\n', ''),
];
