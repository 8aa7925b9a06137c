import { defence, type Defence } from '../defence';

const INPUT = 'src/cli/bounded-input.ts';
const TSHARK = 'src/cli/tshark.ts';

/** `crankback explain --sip`: a text or a capture that somebody has sent in. */
export const TRACES: readonly Defence[] = [
  defence('trace-size', INPUT, 'for (let size = 0; size <= limit;) {', 'for (let size = 0; ;) {'),
  defence(
    'trace-remarks',
    'src/explain/traces/trace.ts',
    'if (this.all.length < MOST_REMARKS) this.all.push',
    'this.all.push',
  ),
  defence(
    'trace-stories',
    'src/cli/explain-sip.ts',
    'told.calls.slice(0, MOST_STORIES)',
    'told.calls',
  ),
  defence(
    'trace-invites',
    'src/explain/story/traced-calls.ts',
    '    return;\n  }\n  if (group.invites.length >= MOST_INVITES) return;\n',
    '    return;\n  }\n',
  ),
  defence(
    'trace-value-length',
    'src/explain/story/shown.ts',
    'text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text',
    'text',
  ),
  defence('trace-tshark-secrets', TSHARK, "    env: { PATH, HOME, LC_ALL: 'C.UTF-8' },\n", ''),
  defence('trace-tshark-time', TSHARK, '    timeout: limits.timeoutMs,\n', ''),
  defence('trace-tshark-output', TSHARK, 'maxBuffer: limits.mostPrinted,', 'maxBuffer: 2 ** 28,'),
];
