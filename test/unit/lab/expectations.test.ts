import { mismatches } from '../../../lab/runner/scenario/expectations';
import type { HuntRecord } from '../../../lab/runner/hunt-records';
import type { Observation } from '../../../lab/runner/scenario/observation';
import { checkScenario, type LoadedScenario } from '../../../lab/runner/scenario/folder';
import { explainFailure, summarize } from '../../../lab/runner/summary';

const POLICY = ['version: 1', 'routes:', '  - { digits: X }', 'rules:', '  - { sip: 503 }'];

function scenario(expectation: string, more = ''): LoadedScenario {
  const text = `about: A 503\nnumber: 200\ncarriers: { carrier-a: 503, carrier-b: answer }\n${more}expect: { ${expectation} }\n`;
  const known = { behaviours: ['503', 'answer'], callers: ['call'], policies: ['lab'] };
  const checked = checkScenario({ file: 'x.yaml', text }, known);
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return {
    ...checked.scenario,
    name: 'x',
    on: 'asterisk',
    policyText: POLICY.join('\n'),
    laterPolicies: new Map(),
  };
}

const at = { file: '/etc/crankback/policy.yaml', column: 5 };
const hunt: HuntRecord = {
  id: '1',
  number: '200',
  startedAt: 1000,
  attempts: [{ trunk: 'carrier-a', sip: 503, class: 'trunk-congested' }],
  decisions: [
    {
      at: 1000,
      outcome: { kind: 'dial', trunk: 'carrier-a' },
      rule: { ...at, line: 3 },
      why: 'route',
      refused: [],
    },
    {
      at: 1010,
      outcome: { kind: 'dial', trunk: 'carrier-b' },
      rule: { ...at, line: 5 },
      why: 'rule',
      refused: [],
    },
  ],
};

const CALLER = {
  finals: [200],
  provisionals: [100, 180],
  invitedAt: 1000,
  finalAt: 1100,
  cancelled: false,
};
const SEEN: Observation = {
  caller: CALLER,
  attempts: [
    { trunk: 'carrier-a', callId: 'a', invitedAt: 1005, said: [100, 503], failedAt: 1006 },
    { trunk: 'carrier-b', callId: 'b', invitedAt: 1010, said: [100, 200] },
  ],
  handovers: [{ from: 'carrier-a', to: 'carrier-b', ms: 4, atMost: 5, since: 'answer' }],
  hunts: [hunt],
  log: [{ level: 'warn', message: 'codec mismatch', sip: 488 }],
  calls: [CALLER],
  pbxLog: ['h ran'],
  cdr: [],
  greetings: [],
  messages: 0,
  channels: [],
  traces: new Map(),
};
const INVITES = 'invites: { carrier-a: 1, carrier-b: 1 }';
const DECISIONS =
  'decisions: [{ dial: carrier-a }, { dial: carrier-b, rule: "sip: 503" }], log: [{ fields: { level: warn } }]';

test('what was expected is no mismatch', () => {
  expect(mismatches(scenario(`caller: 200, ${INVITES}, ${DECISIONS}`), SEEN)).toEqual([]);
});

test.each<[string, string, Partial<Observation>, string]>([
  ['another final status', `caller: 503, ${INVITES}`, {}, 'expected exactly 503, got 200'],
  [
    'a failure shown to the caller in between',
    `caller: 200, ${INVITES}`,
    { calls: [{ ...SEEN.caller, finals: [503, 200] }] },
    'got 503, 200',
  ],
  [
    'a caller without any answer',
    `caller: 200, ${INVITES}`,
    { calls: [{ ...SEEN.caller, finals: [] }] },
    'no final status',
  ],
  [
    'an INVITE too many',
    'caller: 200, invites: { carrier-a: 1 }',
    {},
    'carrier-b: expected 0 INVITEs, got 1',
  ],
  [
    'the right trunk by the wrong rule',
    `caller: 200, ${INVITES}, decisions: [{ dial: carrier-a }, { dial: carrier-b, rule: built-in }]`,
    {},
    'dial carrier-b (line 5: - { sip: 503 })',
  ],
  [
    'a decision too many',
    `caller: 200, ${INVITES}, decisions: [{ dial: carrier-a }]`,
    {},
    'decisions',
  ],
  ['no records', `caller: 200, ${INVITES}, decisions: []`, { hunts: undefined }, 'no records'],
  [
    'a handover that a late stamp makes look fast enough',
    `caller: 200, ${INVITES}`,
    { handovers: [{ from: 'carrier-a', to: 'carrier-b', ms: 499, atMost: 501, since: 'answer' }] },
    'expected 0 to 500 ms',
  ],
  [
    'a handover that came too early',
    `caller: 200, ${INVITES}, handover_ms: { at_least: 950, at_most: 1600 }`,
    {},
    'expected 950 to 1600 ms',
  ],
  [
    'voicemail that nobody expected',
    `caller: 200, ${INVITES}`,
    { greetings: ['busy'] },
    'expected none, got busy',
  ],
  [
    'the wrong greeting and no message',
    `caller: 200, ${INVITES}, voicemail: { greeting: busy, message: true }`,
    { greetings: ['unavailable'] },
    'expected busy, got unavailable',
  ],
  [
    'a log line too many',
    `caller: 200, ${INVITES}, log: [{ fields: { level: warn } }]`,
    { log: [...SEEN.log, ...SEEN.log] },
    'expected 1 of',
  ],
  [
    'a log line of other content',
    `caller: 200, ${INVITES}, log: [{ fields: { sip: 488 }, contains: G729 }]`,
    {},
    'got 0',
  ],
])('%s is a mismatch', (_what, expectation, seen, words) => {
  expect(mismatches(scenario(expectation), { ...SEEN, ...seen }).join('\n')).toContain(words);
});

test('a message of SIP counts once, however often it was sent', () => {
  const invite = { direction: 'received', callId: 'a', branch: 'b', method: 'INVITE' } as const;
  const traces: Observation['traces'] = new Map([
    [
      'carrier-a',
      [
        { ...invite, at: 1, text: 'm=audio 1' },
        { ...invite, at: 501, text: 'm=audio 1' },
        { ...invite, at: 502, text: 'm=audio 2' },
      ],
    ],
  ]);
  const of = (times: number) =>
    scenario(`caller: 200, ${INVITES}, sip: [{ at: carrier-a, contains: audio, times: ${times} }]`);
  expect(mismatches(of(2), { ...SEEN, traces })).toEqual([]);
  expect(mismatches(of(3), { ...SEEN, traces }).join()).toContain('expected 3 of "audio", got 2');
});

test('the table names each decision with its rule’s file and line', () => {
  const played = {
    scenario: scenario('caller: 200'),
    failures: [],
    seen: SEEN,
    begunAt: 0,
    durationMs: 1,
  };
  const table = summarize([played, { ...played, failures: ['late'], seen: undefined }]);
  expect(table).toMatch(
    /^x +│ carrier-a: 100 503 +│ 180 200 +│ dial carrier-a \(lab\.yaml:3\) +│ 4\.0–5\.0$/m,
  );
  expect(table).toMatch(/│ carrier-b: 100 200 +│ +│ dial carrier-b \(lab\.yaml:5\)/);
  expect(table).toContain('x FAILED');
});

test('a failure is explained with the messages of all sides in order', () => {
  const message = { direction: 'sent', callId: 'a', branch: 'b', method: 'INVITE' } as const;
  const traces: Observation['traces'] = new Map([
    ['caller', [{ ...message, at: 3, text: 'third' }]],
    ['carrier-a', [{ ...message, at: 1, text: 'first' }]],
  ]);
  const text = explainFailure({
    scenario: scenario('caller: 200'),
    failures: ['caller: expected 1'],
    seen: { ...SEEN, traces },
    begunAt: 0,
    durationMs: 1,
  });
  expect(text).toMatch(
    /A 503\n {2}caller: expected 1\n.*carrier-a sent\nfirst\n.*caller sent\nthird\n/s,
  );
  expect(text).toContain('crankback logged {"level":"warn"');
});
