import { one, type EslScenario } from './scenario';
import { PHONE_SCENARIOS } from './phone-scenarios';
import { WATCHDOG_SCENARIOS } from './watchdog-scenarios';

const A = 'dial carrier-a';
const B = 'dial carrier-b';

const GATEWAY_SCENARIOS: readonly EslScenario[] = [
  {
    ...one('refer-by-caller', '310', { a: 'answer' }, '200 OK', [A], [], 'refer'),
    invited: ['a 310', 'a 300'],
  },
  {
    ...one(
      'refer-by-callee',
      '311',
      { a: '503', b: 'refer' },
      '200 OK',
      [A, B],
      ['trunk-congested'],
      'ended',
    ),
    invited: ['a 311', 'a 300', 'b 311'],
  },
  {
    ...one('two-phones', '1003', { a: '486', b: 'ring-answer' }, '200 OK', ['dial phones'], []),
    invited: ['a 1003', 'b 1003'],
  },
  {
    ...one(
      'two-phones-busy',
      '1003',
      { a: '486', b: '486' },
      '486 Busy Here',
      ['dial phones', 'relay 486'],
      ['busy'],
    ),
    invited: ['a 1003', 'b 1003'],
  },
  one('503-next-trunk', '201', { a: '503', b: 'answer' }, '200 OK', [A, B], ['trunk-congested']),
  one('500-next-trunk', '202', { a: '500', b: 'answer' }, '200 OK', [A, B], ['trunk-failed']),
  one(
    '503-503',
    '203',
    { a: '503', b: '503' },
    '503 Service Unavailable',
    [A, B, 'relay 503'],
    ['trunk-congested', 'trunk-congested'],
  ),
  one(
    '503-503-third-answers',
    '301',
    { a: '503', b: '503', c: 'answer' },
    '200 OK',
    [A, B, 'dial carrier-c'],
    ['trunk-congested', 'trunk-congested'],
  ),
  one('183-503', '204', { a: '183-503', b: 'answer' }, '200 OK', [A, B], ['trunk-congested']),
  one(
    'ring-503',
    '205',
    { a: 'ring-503' },
    '503 Service Unavailable',
    [A, 'relay 503'],
    ['trunk-congested'],
  ),
  one('403', '206', { a: '403' }, '403 Forbidden', [A, 'relay 403'], ['forbidden']),
  one('404', '207', { a: '404' }, '404 Not Found', [A, 'relay 404'], ['invalid-number']),
  one('484', '208', { a: '484' }, '484 Address Incomplete', [A, 'relay 484'], ['invalid-number']),
  one('488', '209', { a: '488' }, '488 Not Acceptable Here', [A, 'relay 488'], ['codec-mismatch']),
  one('603', '210', { a: '603' }, '603 Decline', [A, 'relay 603'], ['declined']),
  one(
    '603-of-a-full-carrier',
    '401',
    { c: '603', b: 'answer' },
    '200 OK',
    ['dial carrier-c', B],
    ['declined'],
  ),
  one(
    '604',
    '211',
    { a: '604' },
    '604 Does Not Exist Anywhere',
    [A, 'relay 604'],
    ['invalid-number'],
  ),
  one('606', '212', { a: '606' }, '606 Not Acceptable', [A, 'relay 606'], ['codec-mismatch']),
  one('607', '213', { a: '607' }, '607 Unwanted', [A, 'relay 607'], ['blocked']),
  one('302', '214', { a: '302' }, '480 Temporarily Unavailable', [A, 'relay 480'], ['redirected']),
  one(
    '480-no-mailbox',
    '215',
    { a: '480' },
    '480 Temporarily Unavailable',
    [A, 'relay 480'],
    ['unavailable'],
  ),
  one('486-mailbox', '1001', { a: '486' }, '200 OK', [A, 'voicemail 1001@default busy'], ['busy']),
  one(
    '486-mailbox-missing',
    '1002',
    { a: '486' },
    '486 Busy Here',
    [A, 'voicemail 1002@default busy', 'relay 486'],
    ['busy'],
  ),
  one(
    'ring-timeout',
    '402',
    { c: 'ring' },
    '480 Temporarily Unavailable',
    ['dial carrier-c', 'relay 480'],
    ['no-answer'],
  ),
  one('closed-port', '216', { b: 'answer' }, '200 OK', [A, B], ['local-unreachable']),
  one('no-dns', '501', { b: 'answer' }, '200 OK', ['dial nodns', B], ['local-unreachable']),
  one('no-gateway', '601', { b: 'answer' }, '200 OK', ['dial nogw', B], ['local-unreachable']),
  one(
    'phrase-8bit',
    '217',
    { a: '503-phrase-8bit', b: 'answer' },
    '200 OK',
    [A, B],
    ['trunk-congested'],
  ),
  one(
    'phrase-hostile',
    '218',
    { a: 'hostile-phrase', b: 'answer' },
    '200 OK',
    [A, B],
    ['trunk-congested'],
  ),
  one(
    'name-hostile',
    '219',
    { a: '503', b: 'answer' },
    '200 OK',
    [A, B],
    ['trunk-congested'],
    'hostile-name',
  ),
  {
    ...one('name-8bit', '228', { a: '503', b: 'answer' }, '200 OK', [A, B], ['trunk-congested']),
    raw: { name: 'M\xfcller %zz %FC 100%' },
  },
  one(
    'phrase-percent',
    '229',
    { a: '503-phrase-percent', b: 'answer' },
    '200 OK',
    [A, B],
    ['trunk-congested'],
  ),
  {
    ...one('header-60k', '230', { a: 'answer' }, '200 OK', [A], []),
    raw: { headers: [`X-Long: ${'x'.repeat(60_000)}`] },
  },
  {
    ...one('header-twice', '231', { a: '486' }, '486 Busy Here', [A, 'relay 486'], ['busy']),
    raw: {
      headers: [
        'X-Twice: one %zz',
        'X-Twice: \xfctwo',
        'X-Array: ARRAY::one|:two',
        'Diversion: <sip:301@192.0.2.1>;reason=%zz',
        'Diversion: "\xfc" <sip:302@192.0.2.1>',
        'P-Asserted-Identity: <sip:303@192.0.2.1>',
        'P-Asserted-Identity: <tel:+49304>',
      ],
    },
  },
  one('number-hostile', 'abcx', {}, '484 Address Incomplete', ['relay 484'], []),
  one('answer', '220', { a: 'answer' }, '200 OK', [A], []),
  one('answer-bye', '221', { a: 'answer-bye' }, '200 OK', [A], []),
  one('cancel', '222', { a: 'ring' }, '487 Request Terminated', [A], ['cancelled'], 'cancel'),
  one(
    'cancel-trying',
    '223',
    { a: 'trying' },
    '487 Request Terminated',
    [A],
    ['cancelled'],
    'cancel-trying',
  ),
  one(
    'relay-phrase',
    '821',
    { a: '503' },
    '480 Try (later), please ~1 100%',
    [A, 'relay 480 Try (later), please ~1 100%'],
    ['trunk-congested'],
  ),
  one(
    'announce',
    '811',
    { a: '503' },
    '503 Service Unavailable',
    [A, 'announce beep, then 503'],
    ['trunk-congested'],
  ),
  one(
    'codecs',
    '831',
    { a: '488' },
    '488 Not Acceptable Here',
    [A, 'dial carrier-a after 0.3 s with codecs PCMA', 'relay 488'],
    ['codec-mismatch', 'codec-mismatch'],
  ),
  {
    ...one(
      'relay-retry-after',
      '891',
      { a: '503' },
      '503 Service Unavailable',
      [A, 'relay 503, retry after 30 s'],
      ['trunk-congested'],
    ),
    header: 'Retry-After: 30',
  },
  one(
    '499-codec-mismatch',
    '224',
    { a: '499-codec-mismatch' },
    '499 Because',
    [A, 'relay 499'],
    ['codec-mismatch'],
  ),
  one(
    '480-reason-16',
    '225',
    { a: '480-reason-16' },
    '480 Temporarily Unavailable',
    [A, 'relay 480'],
    ['unavailable'],
  ),
  one(
    '503-reason-17',
    '245',
    { a: '503-reason-17', b: 'answer' },
    '503 Service Unavailable',
    [A, 'relay 503'],
    ['busy'],
  ),
  one(
    'progress-timeout',
    '78226',
    { a: 'trying', b: 'answer' },
    '200 OK',
    [A, B],
    ['trunk-timeout'],
  ),
  one(
    'failed-only-progress-timeout',
    '79227',
    { a: 'trying', b: 'answer' },
    '200 OK',
    [B],
    ['trunk-timeout'],
  ),
  one('failed-only', '70301', { a: '503', b: 'answer' }, '200 OK', [B], ['trunk-congested']),
  one('failed-only-busy', '70224', { a: '486' }, '486 Busy Here', ['relay 486'], ['busy']),
  one(
    'fork',
    '71301',
    { a: '503', b: '503', c: 'answer' },
    '200 OK',
    ['dial carrier-c'],
    ['trunk-congested', 'trunk-congested'],
  ),
];

export const ESL_SCENARIOS = [...GATEWAY_SCENARIOS, ...PHONE_SCENARIOS, ...WATCHDOG_SCENARIOS];

export const ESL_POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: 'PJSIP/{number}@a', freeswitch: 'sofia/gateway/carrier-a/{number}' } }
  carrier-b: { dial: { asterisk: 'PJSIP/{number}@b', freeswitch: 'sofia/gateway/carrier-b/{number}' } }
  carrier-c:
    dial:
      asterisk: PJSIP/{number}@c
      freeswitch: sofia/gateway/carrier-c/{number}
    ring_timeout: 2s
    rules:
      - { when: { sip: 603 }, do: { retry: next-trunk } }
  nodns: { dial: { asterisk: 'PJSIP/{number}@d', freeswitch: 'sofia/lab/{number}@no.such.host.invalid' } }
  nogw: { dial: { asterisk: 'PJSIP/{number}@e', freeswitch: 'sofia/gateway/nogw/{number}' } }
  phones: { dial: { asterisk: 'PJSIP/{number}', freeswitch: 'user/{number}@default' } }
  desks: { dial: { freeswitch: 'user/{number}@default' }, ring_timeout: 2s }
  no-phone: { dial: { freeswitch: user/1001 } }
  sales: { dial: { freeswitch: group/sales@default }, ring_timeout: 2s }
  nobody: { dial: { freeswitch: group/nobody@default } }
  direct: { dial: { freeswitch: 'sofia/lab/{number}@127.0.0.23:15061' } }
  watched:
    dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' }
    first_response: 500ms
    progress_timeout: 1s
    ring_timeout: 2s
  patient: { dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' }, first_response: 500ms }
  loop: { dial: { freeswitch: 'loopback/9{number}/public' } }
routes:
  - { digits: '1003', trunks: [phones] }
  - { digits: '1004', trunks: [desks, carrier-b] }
  - { digits: '1006', trunks: [desks, carrier-b], mailbox: '{number}@default' }
  - { digits: '1009', trunks: [desks, carrier-b], mailbox: '{number}@default' }
  - { digits: '1100', trunks: [sales] }
  - { digits: '1101', trunks: [nobody] }
  - { digits: '1102', trunks: [no-phone] }
  - { digits: '12*', trunks: [direct] }
  - { digits: '13*', trunks: [loop] }
  - { digits: '14*', trunks: [watched, carrier-b] }
  - { digits: '15*', trunks: [patient, carrier-b] }
  - { digits: '1001', trunks: [carrier-a, carrier-b], mailbox: '{number}@default' }
  - { digits: '1002', trunks: [carrier-a, carrier-b], mailbox: '{number}@default' }
  - { digits: '3*', trunks: [carrier-a, carrier-b, carrier-c] }
  - { digits: '4*', trunks: [carrier-c, carrier-b] }
  - { digits: '5*', trunks: [nodns, carrier-b] }
  - { digits: '6*', trunks: [nogw, carrier-b] }
  - digits: '81*'
    trunks: [carrier-a]
    rules: [{ when: { sip: 503 }, do: { announce: beep } }]
  - digits: '82*'
    trunks: [carrier-a]
    rules: [{ when: { sip: 503 }, do: { relay: { as: '480 "Try (later), please ~1 100%"' } } }]
  - digits: '83*'
    trunks: [carrier-a]
    rules: [{ when: { sip: 488 }, do: { retry: same-trunk, codecs: [alaw], delay: 300ms } }]
  - digits: '89*'
    trunks: [carrier-a]
    rules: [{ when: { sip: 503 }, do: { relay: { as: 503, retry_after: 30s } } }]
  - { digits: '*', trunks: [carrier-a, carrier-b] }
rules:
  - { when: { class: codec-mismatch }, do: { relay: true } }
  - { when: { class: [trunk-congested, trunk-failed, trunk-timeout, local-unreachable] }, do: { retry: next-trunk } }
  - { when: { class: [busy, no-answer, unavailable] }, do: { voicemail: true } }
`;
