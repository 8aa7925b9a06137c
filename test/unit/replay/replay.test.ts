import type { Failure } from '../../../src/model/failure';
import type { Outcome } from '../../../src/policy/decision/decision';
import { failureOf } from '../../../src/policy/failure-of';
import type { Hunt, PastAttempt } from '../../../src/policy/hunt';
import type { WholePolicy } from '../../../src/policy/policy';
import type { TrunkSnapshot } from '../../../src/policy/trunk-snapshot';
import type { RecordedCall, RecordedDecision } from '../../../src/replay/recorded';
import { replayCall, type PolicyOfThen } from '../../../src/replay/replay-call';
import { Tally, type Replayed } from '../../../src/replay/tally';
import { huntOf, policyOf, START } from '../../doubles/policies';

const TRUNKS = `  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }`;

/** In force when the calls were made. Rules and routes are looked up by their lines. */
const THEN = policyOf(`version: 1
emergency: [112]
trunks:
${TRUNKS}
routes:
  - { digits: "49*", trunks: [carrier-a, carrier-b, carrier-c] } # line 8
  - { digits: "7*", trunks: [carrier-c, carrier-a] } # line 9
  - { digits: "8*", trunks: [carrier-b] } # line 10
  - { digits: "112", trunks: [carrier-b, carrier-a] } # line 11
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } } # line 13
  - { when: { sip: 480 }, do: { relay: true } } # line 14
  - { when: { sip: 603 }, do: { relay: true } } # line 15
`);

/** What is to come: carrier-c before carrier-b, a phrase, no retry after carrier-c, another trunk for 8*. */
const DRAFT = policyOf(`version: 1
emergency: [112]
trunks:
${TRUNKS}
  carrier-d: { dial: { asterisk: "PJSIP/{number}@carrier-d" } }
phrases: [{ sip: 480, phrase: no credit, class: no-credit }]
routes:
  - { digits: "49*", trunks: [carrier-a, carrier-c, carrier-b] } # line 10
  - { digits: "7*", trunks: [carrier-c, carrier-a] } # line 11
  - { digits: "8*", trunks: [carrier-d] } # line 12
  - { digits: "112", trunks: [carrier-b, carrier-a] } # line 13
rules:
  - { when: { class: no-credit }, do: { retry: next-trunk } } # line 15
  - { when: { sip: 503, trunk: carrier-c }, do: { relay: true } } # line 16
  - { when: { sip: 503 }, do: { retry: next-trunk } } # line 17
  - { when: { sip: 480 }, do: { relay: true } } # line 18
  - { when: { sip: 603 }, do: { relay: { as: 486 } } } # line 19
`);

const then: PolicyOfThen = (hash) => {
  if (hash === THEN.hash) return THEN;
  return hash === 'unreadable' ? 'policy-unreadable' : 'no-policy-text';
};

interface More {
  /** The last trunk took it. */
  readonly answered?: true;
  readonly obstacles?: TrunkSnapshot['obstacles'];
  readonly policyHash?: string;
  readonly inputs?: false;
  readonly policy?: WholePolicy;
  readonly hunt?: Partial<Hunt>;
}

/**
 * A recorded call, one line for each decision: what failed, if anything, then what was decided and the rule's line:
 * `carrier-a 503 Full -> dial carrier-b @13`. The line is missing where no rule was asked.
 */
function call(hunt: string, number: string, lines: readonly string[], more: More = {}) {
  const { answered, obstacles = {}, policyHash = THEN.hash, policy = THEN } = more;
  const attempts: PastAttempt[] = [];
  const decisions = lines.map((line, index): RecordedDecision => {
    const parts = /^(?:(\S+) (\d+) ?(.*?) )?-> (.*?)(?: @(\S+))?$/.exec(line);
    const [, trunk, status, phrase = '', outcome = '', at] = parts ?? [];
    let failure: Failure | undefined;
    if (trunk !== undefined) {
      const sip = Number(status);
      failure = failureOf(
        [
          {
            ...{ source: 'dialplan', sip, rang: false, progress: false, origin: 'far' },
            ...(phrase !== '' && { phrase }),
          },
        ],
        policy,
        trunk,
      );
      attempts.push({ trunk, sip, rang: false, class: failure.class });
    }
    const now = START + 1000 * index;
    const rule = at === undefined ? {} : { rule: place(at) };
    const state = { obstacles, turn: 0 };
    const past = { ...huntOf([]), number, attempts: [...attempts], ...more.hunt };
    return {
      at: now,
      on: failure ? 'failed' : 'route',
      decision: { outcome: outcomeOf(outcome, number), why: '', refused: [], ...rule },
      ...(more.inputs !== false && {
        inputs: { policyHash, hunt: past, now, trunks: state, ...(failure && { failure }) },
      }),
    };
  });
  const dialled = decisions.flatMap(({ at, decision: { outcome } }) =>
    outcome.kind === 'dial' ? [{ trunk: outcome.trunk, beganAt: at }] : [],
  );
  const tried = dialled.map((one, index) => ({
    ...one,
    endedAt: one.beganAt + 900,
    answered: answered === true && index === dialled.length - 1,
  }));
  return { hunt, startedAt: START, answered: answered === true, tried, decisions };
}

function place(at: string) {
  const [line = '', file = 'policy.yaml'] = at.split(':').reverse();
  return { file, line: Number(line), column: 5 };
}

function outcomeOf(text: string, number: string): Outcome {
  const [kind, what = ''] = text.split(' ');
  return kind === 'dial'
    ? { kind: 'dial', trunk: what, number }
    : { kind: 'relay', sip: Number(what) };
}

const A = '-> dial carrier-a @8';
const C = '-> dial carrier-c @9';
const HELD = { 'carrier-b': { kind: 'held', why: 'held by hand' } } as const;

/** Twenty-one calls; beside each, what the draft makes of it. */
const CALLS: readonly RecordedCall[] = [
  // To carrier-c instead of carrier-b, where it never was.
  call('1', '4930', [A, 'carrier-a 503 -> dial carrier-b @13'], { answered: true }),
  call('2', '4931', [A, 'carrier-a 503 Full -> dial carrier-b @13'], { answered: true }),
  call('3', '4932', [
    A,
    'carrier-a 503 -> dial carrier-b @13',
    'carrier-b 480 Gone -> relay 480 @14',
  ]),
  call('4', '4933', [A, 'carrier-a 503 -> dial carrier-b @13'], { answered: true }),
  // The same; carrier-c took it afterwards.
  call(
    '5',
    '4934',
    [A, 'carrier-a 503 -> dial carrier-b @13', 'carrier-b 503 -> dial carrier-c @13'],
    { answered: true },
  ),
  // carrier-b was held: to carrier-c then as well.
  call('6', '4935', [A, 'carrier-a 503 -> dial carrier-c @13'], {
    answered: true,
    obstacles: HELD,
  }),
  // The draft's phrase makes another class of it.
  call('7', '4936', [A, 'carrier-a 480 No Credit -> relay 480 @14']),
  call('8', '4937', [A, 'carrier-a 480 Nobody home -> relay 480 @14']),
  // Nothing after carrier-c any more: a call that was answered is lost.
  call('9', '70', [C, 'carrier-c 503 -> dial carrier-a @13'], { answered: true }),
  // Another status for the caller.
  call('10', '71', [C, 'carrier-c 603 Decline -> relay 603 @15']),
  // From the first attempt on to a trunk that did not exist.
  call('11', '80', ['-> dial carrier-b @10'], { answered: true }),
  // Emergency calls go their own way.
  call('12', '112', ['-> dial carrier-b', 'carrier-b 503 -> dial carrier-a']),
  // No policy decides on these.
  {
    ...call('13', 'x', ['-> relay 484'], { inputs: false }),
    decisions: [
      {
        at: START,
        on: 'invalid-number',
        decision: { outcome: { kind: 'relay', sip: 484 }, why: '', refused: [] },
      },
    ],
  },
  // Not to be told.
  call('14', '4938', [A], { inputs: false }),
  call('15', '49****39', [A]),
  call('16', '4940', [A], { policyHash: 'gone' }),
  call('17', '4941', [A], { policyHash: 'unreadable' }),
  call('18', '4942', [A, 'carrier-a 503 -> dial carrier-c @13', 'carrier-c 480 -> relay 480 @14']),
  call('19', '4943', ['-> dial carrier-a @9']),
  call('20', '4944', []),
  { ...call('21', '4945', [A]), more: true },
];

const COUNTS = [
  { trunk: 'carrier-c', attempts: 10, answered: 7, more: false },
  { trunk: 'carrier-b', attempts: 9, answered: 9, more: false },
];

function replayed(calls: readonly RecordedCall[], draft = DRAFT): Replayed {
  const tally = new Tally();
  for (const one of calls) tally.add(one, replayCall(one, then, draft));
  return tally.result(COUNTS);
}

const rule = (line: number) => ({ file: 'policy.yaml', line });

describe('a replay', () => {
  it('has exactly the differences that the table predicts', () => {
    expect(replayed(CALLS)).toEqual({
      calls: 21,
      // Two each of calls 1 to 10 and of 12, one each of 11, 18 and 21.
      decisions: 25,
      same: 4,
      differing: 9,
      ungrouped: 0,
      differences: [
        {
          failed: 'carrier-a',
          before: { rule: rule(13), outcome: 'dial carrier-b' },
          now: { rule: rule(17), outcome: 'dial carrier-c' },
          calls: 5,
          answered: 4,
          // 7 of 10 of 4.
          end: {
            trunk: 'carrier-c',
            known: { answered: 1, failed: 0 },
            unknown: 4,
            estimate: { answered: 3, basis: COUNTS[0] },
          },
          assumed: {},
          examples: ['1', '2', '3'],
        },
        {
          failed: 'carrier-a',
          before: { rule: rule(14), outcome: 'relay 480' },
          now: { rule: rule(15), outcome: 'dial carrier-c' },
          calls: 1,
          answered: 0,
          end: {
            trunk: 'carrier-c',
            known: { answered: 0, failed: 0 },
            unknown: 1,
            estimate: { answered: 1, basis: COUNTS[0] },
          },
          assumed: {},
          examples: ['7'],
        },
        {
          failed: 'carrier-c',
          before: { rule: rule(13), outcome: 'dial carrier-a' },
          now: { rule: rule(16), outcome: 'relay 503' },
          calls: 1,
          answered: 1,
          assumed: {},
          examples: ['9'],
        },
        {
          failed: 'carrier-c',
          before: { rule: rule(15), outcome: 'relay 603' },
          now: { rule: rule(19), outcome: 'relay 486' },
          calls: 1,
          answered: 0,
          assumed: {},
          examples: ['10'],
        },
        {
          before: { rule: rule(10), outcome: 'dial carrier-b' },
          now: { rule: rule(12), outcome: 'dial carrier-d' },
          calls: 1,
          answered: 1,
          end: { trunk: 'carrier-d', known: { answered: 0, failed: 0 }, unknown: 1 },
          assumed: { 'trunk-free': 1 },
          examples: ['11'],
        },
      ],
      unknown: [
        { why: 'not-as-recorded', calls: 2, examples: ['18', '19'] },
        { why: 'no-inputs', calls: 1, examples: ['14'] },
        { why: 'masked', calls: 1, examples: ['15'] },
        { why: 'no-policy-text', calls: 1, examples: ['16'] },
        { why: 'policy-unreadable', calls: 1, examples: ['17'] },
        { why: 'nothing-recorded', calls: 1, examples: ['20'] },
        { why: 'too-long', calls: 1, examples: ['21'] },
      ],
    });
  });

  it('by the policy that was in force changes nothing', () => {
    const { differing, same, unknown } = replayed(CALLS, THEN);
    expect({ differing, same }).toEqual({ differing: 0, same: 13 });
    expect(unknown).toHaveLength(7);
  });

  it('needs the figures of the trunks that the draft dials, and of no other', () => {
    const tally = new Tally();
    for (const one of CALLS) tally.add(one, replayCall(one, then, DRAFT));
    expect(tally.trunks()).toEqual(['carrier-c', 'carrier-d']);
  });
});

describe('what was not recorded then', () => {
  const failed = call('x', '4930', [A, 'carrier-a 503 -> dial carrier-b @13']);
  const changed = (more: string, rules: string, trunks = 'carrier-a, carrier-c') =>
    policyOf(`version: 1
emergency: []
trunks:
${TRUNKS}
routes: [{ digits: "*", trunks: [${trunks}]${more.startsWith('strategy') ? `, ${more}` : ''} }]
${more.startsWith('limits') ? more : ''}
rules: [${rules}]
`);
  const NEXT = '{ when: { sip: 503 }, do: { retry: next-trunk } }';

  it.each([
    [
      'budget-left',
      failed,
      changed('limits: { retry_budget: { ratio: 10%, min_per_second: 2 } }', NEXT),
    ],
    ['first-turn', failed, changed('strategy: round-robin', NEXT, 'carrier-b, carrier-c')],
    [
      'no-codecs',
      failed,
      changed('', `{ when: { sip: 488 }, do: { retry: same-trunk, codecs: [alaw] } }, ${NEXT}`),
    ],
  ])('%s is assumed, and said', (assumed, one, draft) => {
    const result = replayCall(one, then, draft);
    expect(result).toMatchObject({ kind: 'differs', assumed: [assumed] });
  });
});

describe('a failure', () => {
  const by = (phrases: string) =>
    policyOf(`version: 1
emergency: []
trunks:
${TRUNKS}
routes: [{ digits: "49*", trunks: [carrier-a, carrier-b] }]
rules: [{ when: { sip: [500, 503] }, do: { retry: next-trunk } }]
phrases: [${phrases}]
`);

  it('of an earlier attempt counts for the final status as the draft classifies it', () => {
    const plain = by('');
    const asThen: PolicyOfThen = () => plain;
    const recorded = call(
      'x',
      '4930',
      [
        '-> dial carrier-a @7',
        'carrier-a 500 Number wrong -> dial carrier-b @8',
        // All were the trunks' fault: the best of both, which is the first.
        'carrier-b 503 -> relay 500 @8',
      ],
      { policy: plain },
    );
    expect(replayCall(recorded, asThen, plain)).toEqual({ kind: 'same', decisions: 3 });
    // The callee's number is wrong, so the last status counts.
    const draft = by('{ sip: 500, phrase: number wrong, class: invalid-number }');
    expect(replayCall(recorded, asThen, draft)).toMatchObject({
      kind: 'differs',
      failed: 'carrier-b',
      now: { outcome: { kind: 'relay', sip: 503 } },
    });
  });

  it('of a fork rang if any leg did, whatever the evidence of the one that decided', () => {
    const [first, second] = call('x', '4930', [A, 'carrier-a 480 -> relay 480 @14']).decisions;
    const failure = second?.inputs?.failure && { ...second.inputs.failure, rang: true };
    const inputs = second?.inputs && failure && { ...second.inputs, failure };
    const decisions = [first, { ...second, inputs }] as RecordedDecision[];
    const draft = policyOf(`version: 1
emergency: []
trunks:
${TRUNKS}
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules: [{ when: { rang: true }, do: { relay: { as: 486 } } }]
`);
    const forked = { ...call('x', '4930', []), decisions };
    expect(replayCall(forked, then, draft)).toMatchObject({
      now: { outcome: { kind: 'relay', sip: 486 } },
    });
  });

  it('without evidence stays what it was', () => {
    const recorded = call('x', '4930', [A, 'carrier-a 503 -> dial carrier-b @13']);
    const decisions = recorded.decisions.map((one) => ({
      ...one,
      ...(one.inputs?.failure && {
        inputs: { ...one.inputs, failure: { ...one.inputs.failure, evidence: [] } },
      }),
    }));
    expect(replayCall({ ...recorded, decisions }, then, THEN).kind).toBe('same');
  });
});

describe('groups', () => {
  it('are of a bounded number; the rest is counted', () => {
    const tally = new Tally();
    const decision = (sip: number) => ({
      outcome: { kind: 'relay', sip } as const,
      why: '',
      refused: [],
    });
    for (let index = 0; index < 1_200; index++)
      tally.add(
        { hunt: `h${index}`, answered: false },
        {
          kind: 'differs',
          failed: `trunk-${index}`,
          before: decision(500),
          now: decision(503),
          assumed: [],
          decisions: 1,
        },
      );
    const { differences, ungrouped, differing } = tally.result([]);
    expect([differences.length, ungrouped, differing]).toEqual([1_000, 200, 1_200]);
  });

  it('have no numbers, mailboxes or phrases of single calls, and say what else differs', () => {
    const tally = new Tally();
    for (const number of ['1', '2'])
      tally.add(
        { hunt: number, answered: false },
        {
          kind: 'differs',
          before: {
            outcome: { kind: 'dial', trunk: 'carrier-a', number },
            why: '',
            refused: [],
          },
          now: {
            outcome: { kind: 'dial', trunk: 'carrier-a', number: `0${number}`, callerId: '9' },
            why: '',
            refused: [],
          },
          assumed: [],
          decisions: 1,
        },
      );
    expect(tally.result([]).differences).toMatchObject([
      {
        before: { outcome: 'dial carrier-a' },
        now: { outcome: 'dial carrier-a' },
        other: ['number', 'caller'],
        calls: 2,
        examples: ['1', '2'],
      },
    ]);
  });
});
