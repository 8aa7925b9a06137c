import { defence, type Defence } from '../defence';

const FREESWITCH_STEP = 'adapters/freeswitch/handover/dialplan-step.ts';
const FREESWITCH_CONTRACT = 'adapters/freeswitch/handover/contract.ts';
const CONTRACT = 'adapters/asterisk/handover/contract.ts';
const REDIRECT = 'src/policy/treatments/redirect.ts';
const REASON = 'src/normalize/reason-header.ts';
const SDP = 'src/codecs/sdp.ts';

/** What callers, callees and carriers write into a call. */
export const CALLS: readonly Defence[] = [
  defence(
    'number-dialable',
    'src/calls/decide-on-handover.ts',
    ' || !isDialable(given.number)) {',
    ') {',
  ),
  defence(
    'freeswitch-answer-safe',
    FREESWITCH_STEP,
    '  if (SAFE.test(value)) return value;\n',
    '  if (value !== "") return value;\n',
  ),
  defence(
    'freeswitch-plan-safe',
    FREESWITCH_STEP,
    "SAFE.test(value) && !value.includes(';')",
    'SAFE.test(value)',
  ),
  defence(
    'freeswitch-phrase-encoded',
    FREESWITCH_STEP,
    'return encodeURIComponent(text).replace(',
    'return text.replace(',
  ),
  defence(
    'freeswitch-number-checked',
    FREESWITCH_CONTRACT,
    '  if (pattern.test(text)) return text;\n',
    '  if (text !== "-") return text;\n',
  ),
  defence('freeswitch-names-cut', FREESWITCH_CONTRACT, '.slice(0, LONGEST_NAME)', ''),
  defence(
    'asterisk-fields',
    CONTRACT,
    'if (rest.length > MOST_FIELDS) {',
    'if (rest.length > Infinity) {',
  ),
  defence(
    'asterisk-field-length',
    CONTRACT,
    'rest.find((field) => field.length > LONGEST_FIELD)',
    'rest.find((field) => field.length > Infinity)',
  ),
  defence(
    'asterisk-trunk-name',
    CONTRACT,
    'if (trunk !== undefined && !isTrunkName(trunk))',
    'if (trunk === "/")',
  ),
  defence('asterisk-raw-cut', CONTRACT, '.slice(0, LONGEST_RAW)', ''),
  defence(
    'state-length',
    'adapters/shared/call-state.ts',
    'if (text.length > LONGEST_STATE) {',
    'if (text.length > Infinity) {',
  ),
  defence(
    'asterisk-path',
    'adapters/asterisk/ari/rest.ts',
    "await this.http.request('DELETE', `/channels/${encodeURIComponent(channelId)}`, {",
    "await this.http.request('DELETE', `/channels/${channelId}`, {",
  ),
  defence('redirect-dialable', REDIRECT, 'isDialable(user) &&', 'true &&'),
  defence('redirect-emergency', REDIRECT, '!policy.index.emergency.has(user) &&', 'true &&'),
  defence(
    'redirect-domains',
    REDIRECT,
    '(domains === undefined || isBelow(domains, host)),',
    'true,',
  ),
  defence('redirect-hops', REDIRECT, "  if (followed >= hops) return 'redirects-spent';\n", ''),
  defence('reason-length', REASON, 'line.slice(0, LONGEST)', 'line'),
  defence('reason-values', REASON, '.slice(0, MOST_VALUES)', ''),
  defence('sdp-bounds', SDP, "text.split('\\n', MOST_LINES)", "text.split('\\n')"),
  defence(
    'headers-without-prototype',
    'adapters/freeswitch/esl/message.ts',
    `  // Without a prototype: a header may be named like one of its members.
  const headers = Object.create(null) as Record<string, string>;`,
    '  const headers = {} as Record<string, string>;',
  ),
  defence(
    'events-without-prototype',
    'adapters/freeswitch/esl/message.ts',
    `  const headers = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(read))`,
    `  const headers = {} as Record<string, string>;
  for (const [name, value] of Object.entries(read))`,
  ),
];
