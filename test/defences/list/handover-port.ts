import { defence, type Defence } from '../defence';

const SERVER = 'adapters/freeswitch/esl/outbound-server.ts';
const FRAMER = 'adapters/freeswitch/esl/framer.ts';
const LEGS = 'adapters/freeswitch/legs/legs.ts';
const SENDERS = 'adapters/freeswitch/handover/senders.ts';

/** The port on which FreeSWITCH hands calls over. */
export const HANDOVER_PORT: readonly Defence[] = [
  defence(
    'esl-peers',
    SERVER,
    "    if (!this.peers.has(plainAddress(socket.remoteAddress ?? ''))) return 'foreign-peer';\n",
    '',
  ),
  defence(
    'esl-proof',
    SENDERS,
    'return isProven(data, this.parts.secret) || this.confirm(data);',
    'return true || this.confirm(data);',
  ),
  defence(
    'esl-question-safe',
    SENDERS,
    '    if (!UUID.test(uuid) || !UUID.test(asked)) return false;\n',
    '',
  ),
  defence(
    'esl-questions',
    SENDERS,
    'if (!observer.isConnected || this.questions >= MOST_QUESTIONS) return false;',
    'if (!observer.isConnected) return false;',
  ),
  defence(
    'esl-publish-rate',
    SENDERS,
    'if (Math.abs(now() - this.publishedAt) >= PUBLISH_EVERY_MS) this.publish();',
    'this.publish();',
  ),
  defence(
    'esl-first-message',
    SERVER,
    'const first = setTimeout(() => link.close(NO_HANDOVER), MESSAGE_MS);',
    'const first = undefined;',
  ),
  defence(
    'esl-message-time',
    'adapters/freeswitch/esl/connection.ts',
    'if (messageMs === undefined || this.over',
    'if (messageMs !== undefined || this.over',
  ),
  defence(
    'esl-life',
    SERVER,
    "const life = setTimeout(() => link.close('the call has gone its own way'), LONGEST_LIFE_MS);",
    'const life = undefined;',
  ),
  defence(
    'esl-connections',
    SERVER,
    "    return this.links.size >= (this.options.connections ?? MOST_CONNECTIONS)\n      ? 'too-many-connections'\n      : undefined;\n",
    '    return undefined;\n',
  ),
  defence('esl-leg-fields', LEGS, ': ownCopy(value.slice(0, LONGEST_FIELD));', ': value;'),
  defence('esl-leg-offer', LEGS, 'value.length > LONGEST_OFFER ? undefined', 'false ? undefined'),
  defence(
    'esl-hunts',
    'adapters/freeswitch/handover/handovers.ts',
    'new BoundedMap<string, KnownHunt>(MOST_HUNTS)',
    'new Map<string, KnownHunt>()',
  ),
  defence(
    'esl-message-length',
    FRAMER,
    '    if (length > message) throw',
    '    if (length < 0) throw',
  ),
  defence(
    'esl-lengths',
    FRAMER,
    'if (text.indexOf(LENGTH, at + 1) >= 0) throw',
    'if (at < 0) throw',
  ),
  defence(
    'esl-unfinished-bytes',
    FRAMER,
    'if (this.limits.budget?.take(size - this.buffer.length) === false) {',
    'if (this.limits.budget?.take(0) === false) {',
  ),
  defence(
    'esl-linear-time',
    FRAMER,
    'Math.max(SMALLEST_BUFFER, needed, 2 * this.buffer.length)',
    'Math.max(SMALLEST_BUFFER, needed, this.buffer.length + SMALLEST_BUFFER)',
  ),
  defence(
    'esl-legs',
    'adapters/freeswitch/handover/legs-of-report.ts',
    'legsIn(data).slice(0, MOST_LEGS)',
    'legsIn(data)',
  ),
  defence(
    'trunk-labels',
    'src/records/metrics.ts',
    '(isTrunk(trunk) ? trunk : otherwise)',
    'trunk',
  ),
  defence(
    'status-labels',
    'src/records/metrics.ts',
    'statusKey(failure.sip)',
    "String(failure.sip ?? 'none')",
  ),
];
