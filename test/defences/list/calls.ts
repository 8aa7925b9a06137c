import { defence, type Defence } from '../defence';

const FREESWITCH_STEP = 'adapters/freeswitch/handover/dialplan-step.ts';
const FREESWITCH_CONTRACT = 'adapters/freeswitch/handover/contract.ts';
const CONTRACT = 'adapters/asterisk/handover/contract.ts';
const REDIRECT = 'src/policy/treatments/redirect.ts';
const REASON = 'src/normalize/reason-header.ts';
const ANALYTICS = 'src/normalize/analytics.ts';
const SDP = 'src/codecs/sdp.ts';
const SDP_STREAM = 'src/codecs/sdp-stream.ts';
const ASTERISK_DIALECT = 'adapters/asterisk/trunks/dialect.ts';

/** What callers, callees and carriers write into a call. */
export const CALLS: readonly Defence[] = [
  defence(
    'number-dialable',
    'src/calls/decide-on-handover.ts',
    ' || !isDialable(given.number)) {',
    ') {',
  ),
  defence(
    'quality-numbers',
    'src/trunks/health/quality/breach.ts',
    'return counts.numbers < distinctNumbers\n',
    'return false\n',
  ),
  defence(
    'asterisk-dialplan-number',
    'adapters/asterisk/dialplan/extensions.conf',
    ' same => n,GotoIf($[${FIELDQTY(CB_ILLEGAL,-)} > 0]?crankback-invalid,s,1)\n',
    '',
  ),
  defence(
    'asterisk-dialplan-length',
    'adapters/asterisk/dialplan/extensions.conf',
    ' same => n,GotoIf($[${LEN(${CB_RAW})} > 32]?crankback-invalid,s,1)\n',
    '',
  ),
  defence(
    'asterisk-begun-parenthesis',
    'adapters/asterisk/dialplan/extensions.conf',
    '${FIELDQTY(EXTEN,\\))} = 1 & ',
    '',
  ),
  defence(
    'asterisk-begun-number',
    'adapters/asterisk/dialplan/extensions.conf',
    '"${LEN(${FILTER(0-9A-D*#+,${EXTEN})})}" = "${LEN(${EXTEN})}" & ',
    '',
  ),
  defence(
    'asterisk-begun-length',
    'adapters/asterisk/dialplan/extensions.conf',
    '0${LEN(${EXTEN})} < 33 & ',
    '',
  ),
  defence(
    'freeswitch-dialplan-number',
    'adapters/freeswitch/dialplan/crankback.xml',
    'expression="^([0-9A-D*#+]{1,32})\\z"',
    'expression="^(.{1,32})\\z"',
  ),
  defence(
    'freeswitch-travel-number',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    'field="destination_number" expression="^[0-9A-D*#+]{1,32}\\z"',
    'field="destination_number" expression="^.{1,32}\\z"',
  ),
  defence(
    'freeswitch-name',
    FREESWITCH_CONTRACT,
    'return UNSENDABLE.test(name);',
    'return false && UNSENDABLE.test(name);',
  ),
  defence(
    'asterisk-caller-parenthesis',
    'adapters/asterisk/plan/travel-text.ts',
    '${FIELDQTY(CALLERID(num),\\\\()}${FIELDQTY(CALLERID(num),\\\\))} < 12 & ',
    '',
  ),
  defence(
    'asterisk-caller-characters',
    'adapters/asterisk/plan/travel-text.ts',
    ' & "${LEN(${FILTER(0-9A-Za-z*#+.,${CALLERID(num)})})}" = "${LEN(${CALLERID(num)})}"',
    '',
  ),
  defence(
    'freeswitch-travel-caller',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    'field="caller_id_number" expression="^([0-9A-Za-z*#+.]*)\\z"',
    'field="caller_id_number" expression="^(.*)\\z"',
  ),
  defence(
    'freeswitch-travel-caller-set',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    'expression="^([0-9A-Za-z*#+.]+)\\z"',
    'expression="^(.+)\\z"',
  ),
  defence(
    'freeswitch-alone-outside',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    '<condition field="${crankback_entry}" expression="^travel\\z"/>\n    <condition field="${crankback_next}" expression="^dial\\z"',
    '<condition field="${crankback_next}" expression="^dial\\z"',
  ),
  defence(
    'freeswitch-alone-phrase',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    ')\\z|(?:ALLOTTED|PROGRESS)_TIMEOUT/ )',
    ')|(?:ALLOTTED|PROGRESS)_TIMEOUT/ )',
  ),
  defence(
    'freeswitch-alone-name',
    'adapters/freeswitch/dialplan/crankback/travel.xml',
    'expression="^${crankback_alone:2}/',
    'expression="^\\w+/',
  ),
  defence(
    'asterisk-alone-phrase',
    'adapters/asterisk/dialplan/extensions.conf',
    ' same => n,Set(CB_TECH=${HANGUPCAUSE(${CB_LEGS},tech)})\n same => n,Gosub(crankback-phrase,s,1)\n',
    ' same => n,Set(CB_TECH=${HANGUPCAUSE(${CB_LEGS},tech)})\n',
  ),
  defence(
    'asterisk-alone-once',
    'adapters/asterisk/dialplan/extensions.conf',
    'exten => s,1,Set(CB_EVENT=alone)\n',
    'exten => s,1,NoOp()\n',
  ),
  defence(
    'freeswitch-answer-safe',
    FREESWITCH_STEP,
    '  if (SAFE.test(value)) return value;\n',
    '  return value;\n',
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
    '  return text;\n',
  ),
  defence('freeswitch-own-copy', FREESWITCH_CONTRACT, 'return ownCopy({', 'return ((it) => it)({'),
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
    '`/channels/${encodeURIComponent(channelId)}/continue`, {}',
    '`/channels/${channelId}/continue`, {}',
  ),
  defence('redirect-dialable', REDIRECT, 'isDialable(user) &&', 'true &&'),
  defence('redirect-emergency', REDIRECT, '!meansEmergency(policy, user) &&', 'true &&'),
  defence(
    'redirect-domains',
    REDIRECT,
    '(domains === undefined || isBelow(domains, host)),',
    'true,',
  ),
  defence(
    'voicemail-star',
    'src/policy/treatments/voicemail.ts',
    '(star ? CODE : EXTENSION).test(rest)',
    '/^\\*?[\\w-]*$/.test(rest)',
  ),
  defence('redirect-hops', REDIRECT, "  if (followed >= hops) return 'redirects-spent';\n", ''),
  defence(
    'fallback-checked',
    'adapters/asterisk/handover/fallback-event.ts',
    'number: /^[0-9A-D*#+]{1,32}$/.test(number) ? number',
    'number: number !== "" ? number',
  ),
  defence('reason-length', REASON, 'line.slice(0, LONGEST)', 'line'),
  defence('reason-values', REASON, '.slice(0, MOST_VALUES)', ''),
  defence(
    'redress-link',
    ANALYTICS,
    "const isWeb = protocol === 'https:' || protocol === 'http:';",
    'const isWeb = true;',
  ),
  defence('redress-length', ANALYTICS, ' || href.length > LONGEST_URL', ''),
  defence(
    'redress-phone',
    ANALYTICS,
    '/^\\+?\\d{3,15}$/.test(plain) ? plain',
    "plain !== '' ? plain",
  ),
  defence('reasons-shown', 'src/records/log-fields.ts', '.slice(0, MOST_REASONS)', ''),
  defence('reason-shown-length', 'src/records/log-fields.ts', '.slice(0, LONGEST_REASON)', ''),
  defence('other-legs-shown', 'src/records/log-fields.ts', '.slice(0, MOST_LEGS)', ''),
  defence('other-leg-length', 'src/records/log-fields.ts', '.slice(0, LONGEST_LEG)', ''),
  defence('sdp-lines', SDP, "text.split('\\n', MOST_LINES)", "text.split('\\n')"),
  defence('sdp-line-length', SDP, 'line.length <= LONGEST_LINE && ', ''),
  defence('sdp-streams', SDP, '    .slice(0, MOST_STREAMS)\n', ''),
  defence('sdp-codecs', SDP_STREAM, "split(' ', MOST_CODECS)", "split(' ')"),
  defence('sdp-parameters', SDP_STREAM, "split(';', MOST_PARAMETERS)", "split(';')"),
  defence('sdp-suites', SDP_STREAM, '.slice(0, MOST_SUITES)', ''),
  defence(
    'asterisk-advice',
    ASTERISK_DIALECT,
    "text.replace(/[^\\w.+/-]/g, '?').slice(0, 64)",
    'text',
  ),
  defence('asterisk-advice-values', ASTERISK_DIALECT, ' && /^\\d{1,6}$/.test(value)', ''),
  defence(
    'freeswitch-advice-values',
    'adapters/freeswitch/trunks/dialect.ts',
    ' || !texts.every((text) => /^[a-z0-9-]{1,32}=[a-z0-9.-]{1,32}$/.test(text))',
    '',
  ),
  defence(
    'headers-by-list',
    'adapters/freeswitch/esl/message.ts',
    'const name = headerAt(text, start, colon);',
    'const name = text.slice(start, colon) as HeaderName;',
  ),
  defence(
    'events-by-list',
    'adapters/freeswitch/esl/event-json.ts',
    'const name = headerAt(text, start + 1, nameEnd);',
    'const name = text.slice(start + 1, nameEnd) as HeaderName;',
  ),
];
