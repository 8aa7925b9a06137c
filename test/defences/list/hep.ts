import { defence, type Defence } from '../defence';

const COLLECTOR = 'adapters/hep/collector.ts';
const PACKET = 'adapters/hep/packet.ts';
const SETUPS = 'adapters/hep/sent-setups.ts';
const SENT = 'adapters/hep/sent-request.ts';
const LEG = 'adapters/hep/leg.ts';
const ACCEPT = 'src/sip/accept.ts';
const TOGETHER = 'adapters/hep/together.ts';
const MESSAGE = 'src/sip/sip-message.ts';
const BODY = 'src/sip/body.ts';
const MEMORY = 'adapters/hep/memory.ts';
const STRAYS = 'adapters/hep/strays.ts';
const PINGS = 'adapters/hep/options-pings.ts';
const TIMES = 'adapters/hep/leg-times.ts';

const WAITING = 'adapters/hep/forward/waiting-packets.ts';
const STREAM = 'adapters/hep/forward/stream-way.ts';
const UDP = 'adapters/hep/forward/udp-way.ts';
const LOOKUPS = 'adapters/hep/forward/lookups.ts';
const DECISIONS = 'src/records/decision-lines.ts';
const HOMER = 'src/records/homer-links.ts';

/** Mirrored SIP: what outsiders send to the PBX, and who reaches the HEP port. */
export const HEP: readonly Defence[] = [
  defence(
    'hep-decision-shown',
    DECISIONS,
    'const told = this.shown({',
    'const told = ((value) => value)({',
  ),
  defence(
    'hep-decision-call-id',
    DECISIONS,
    'callerCallId !== undefined && CALL_ID.test(callerCallId) &&',
    'callerCallId !== undefined &&',
  ),
  defence('hep-forward-no-route', UDP, '        if (error) {', '        if (error && !socket) {'),
  defence(
    'hep-decision-calls',
    DECISIONS,
    '    if (this.calls.size <= MOST_CALLS) return;',
    '    if (this.calls.size > 0) return;',
  ),
  defence(
    'hep-forward-password',
    COLLECTOR,
    'if (bytes && this.passwordIsRight(bytes.password))',
    'if (bytes)',
  ),
  defence(
    'hep-forward-length',
    PACKET,
    '{ packet: datagram.subarray(0, end), password }',
    '{ packet: datagram, password }',
  ),
  defence(
    'hep-read-endless',
    TOGETHER,
    'this.drain(MOST_FOR_ONE_WHO_ASKS)',
    'this.drain(2 * MOST_FOR_ONE_WHO_ASKS)',
  ),
  defence(
    'hep-read-own-memory',
    TOGETHER,
    'Buffer.allocUnsafeSlow(size)',
    'Buffer.allocUnsafe(size)',
  ),
  defence(
    'hep-read-burst',
    TOGETHER,
    'Math.min(TOGETHER_MS, bufferBytes / BURST_IN_A_MS)',
    'TOGETHER_MS',
  ),
  defence(
    'hep-forward-waiting',
    WAITING,
    '    if (this.occupied + size > this.most) return false;\n',
    '',
  ),
  defence('hep-forward-tiny', WAITING, 'const OVERHEAD = 128;', 'const OVERHEAD = 0;'),
  defence('hep-forward-trust', STREAM, 'rejectUnauthorized: true', 'rejectUnauthorized: false'),
  defence(
    'hep-forward-name',
    STREAM,
    '      rejectUnauthorized: true,\n',
    '      rejectUnauthorized: true,\n      checkServerIdentity: () => undefined,\n',
  ),
  defence(
    'hep-forward-lookups',
    LOOKUPS,
    'this.last.then(() => this.find(host))',
    'this.find(host)',
  ),
  defence('homer-call-id', HOMER, 'callId: encoded(callId)', 'callId'),
  defence('homer-half', HOMER, "callId.replaceAll(HALF, '\\uFFFD')", 'callId'),
  defence(
    'hep-request-sent',
    SETUPS,
    "    if (direction === 'received') return 'ignored';\n    return direction === 'sent' ?",
    '    return true ?',
  ),
  {
    id: 'hep-answer-from-there',
    removals: [
      {
        file: SENT,
        text: '    isFarEnd(sent.destination, packet.source) &&\n',
        without: '',
      },
      { file: SENT, text: '    isNearEnd(sent, packet.destination)\n', without: '    true\n' },
    ],
  },
  defence('hep-codecs', TIMES, '.slice(0, MOST_CODECS)', ''),
  defence('hep-codec-names', TIMES, 'name.slice(0, LONGEST_NAME)', 'name'),
  defence(
    'hep-transaction',
    SENT,
    '  if (sent.cseq !== cseq || sent.branch !== branch) return false;\n',
    '',
  ),
  defence(
    'hep-transport',
    SENT,
    'return sent.ipProtocol === ipProtocol && sent.transport === transport;',
    'return true;',
  ),
  defence(
    'hep-ping-sent',
    PINGS,
    'if (!ping || !this.hasLeft(packet, message, ping)) return false;',
    'if (!ping) return false;',
  ),
  defence(
    'hep-ping-answer',
    PINGS,
    'if (ping.sent?.callId !== callId || !isAnswerTo(ping.sent, packet, message)) continue;',
    'if (ping.sent?.callId !== callId) continue;',
  ),
  defence(
    'hep-addresses-not-learned',
    'adapters/hep/sent-setups.ts',
    '    if (at === undefined) return direction;\n',
    '    if (at === undefined) this.addresses.learn(wire);\n    if (at === undefined) return this.addresses.directionOf(wire);\n',
  ),
  defence(
    'hep-password',
    COLLECTOR,
    "    if (!this.passwordIsRight(packet.password)) return 'wrong-password';\n",
    '',
  ),
  defence(
    'hep-lengths',
    PACKET,
    "  if (end < HEADER_BYTES || end > datagram.length) return 'bad-length';\n",
    '',
  ),
  defence('hep-compressed', PACKET, "        return 'compressed';\n", '        break;\n'),
  defence('hep-in-dialog', LEG, "    if (toTag !== undefined) return 'known';\n", ''),
  defence(
    'hep-transactions',
    LEG,
    "    if (this.transactions.length >= MOST_TRANSACTIONS) return 'overflow';\n",
    '',
  ),
  defence(
    'hep-provisional',
    'src/sip/transaction.ts',
    'if (known || this.provisional.length >= MOST_PROVISIONAL) return false;',
    'if (known) return false;',
  ),
  defence('hep-multipart-depth', BODY, ' || depth >= DEEPEST) return', ') return'),
  defence(
    'hep-multipart-parts',
    BODY,
    'while (at >= 0 && parts.length < MOST_PARTS) {',
    'while (at >= 0) {',
  ),
  defence(
    'hep-body-types',
    BODY,
    'typesOf(headers, body, 0).slice(0, MOST_PARTS)',
    'typesOf(headers, body, 0)',
  ),
  defence('hep-accept-values', ACCEPT, '    .slice(0, MOST_VALUES)\n', ''),
  defence('hep-accept-characters', ACCEPT, '\n    .filter((value) => VALUE.test(value))', ''),
  defence('hep-header-lines', MESSAGE, 'if (lines.length >= MOST_LINES) break;', ''),
  defence('hep-header-length', MESSAGE, '.slice(0, LONGEST_VALUE)', ''),
  defence('hep-header-secrets', MESSAGE, ' && !NOT_ASKED.has(name)', ''),
  defence('hep-sdp-length', BODY, 'body.length > LONGEST_SDP ? undefined :', ''),
  defence('hep-memory-messages', MEMORY, 'messages > this.limits.messages * share || ', ''),
  defence('hep-memory-bytes', MEMORY, ' || bytes > this.limits.bytes * share', ''),
  defence(
    'hep-memory-age',
    MEMORY,
    'while (shelf.oldest && now - shelf.oldest.touchedAt >= this.limits.ageMs)',
    'while (shelf.oldest && now < 0)',
  ),
  defence(
    'hep-memory-under-way',
    MEMORY,
    'this.isAbove(OVER_KEEPS, over.messages, over.bytes)',
    'this.isAbove(1, over.messages, over.bytes)',
  ),
  defence(
    'hep-strays',
    STRAYS,
    'const full = this.messages > limits.messages || this.bytes > limits.bytes;',
    'const full = false;',
  ),
  defence(
    'hep-strays-of-one-call',
    STRAYS,
    'if (messages.length < this.limits.perCallId) this.put',
    'this.put',
  ),
];
