import { EXIT } from '../../../src/cli/exit';
import { NoAnswer } from '../../../src/cli/service-client';
import { recordedCall, whyText } from '../../../src/cli/why';
import type { Failure } from '../../../src/model/failure';
import { momentOf } from '../../../src/cli/since';

const AT = Date.UTC(2026, 0, 31, 12);
const POLICY = `version: 1
emergency: []
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
  - { digits: "*", trunks: [a, b] }
rules:
  - { when: { sip: 486 }, do: { relay: true } }
  - { when: { sip: 503 }, do: { retry: next-trunk } }`;
const failure: Failure = {
  ...{ class: 'trunk-congested', fault: 'trunk', sip: 503, phrase: 'Full', rang: false },
  ...{ progress: false, earlyMediaMs: 0, origin: 'far', contradictions: [], evidence: [] },
};
const hunt = { number: '030', startedAt: AT, mailboxMissing: false };
const trunks = { obstacles: {}, turn: 0 };
const dialled = (trunk: string, line: number) => ({
  ...{ outcome: { kind: 'dial', trunk, number: '030' } as const, why: 'because', refused: [] },
  rule: { file: '/p.yaml', line, column: 5 },
});

interface Story {
  readonly legs: readonly object[];
  readonly decisions: readonly object[];
  readonly policies: readonly object[];
}
const SAVED: Story = {
  ...{
    hunt: 'h',
    pbx: 'asterisk',
    number: '030',
    caller: '040',
    startedAt: AT,
    endedAt: AT + 9000,
  },
  legs: [
    { trunk: 'a', beganAt: AT + 2, endedAt: AT + 31, answered: false, late: true, failure },
    { trunk: 'b', beganAt: AT + 30, endedAt: AT + 4000, answered: true, late: false },
  ],
  decisions: [
    { at: AT + 2, on: 'route', detail: { decision: dialled('a', 7) } },
    {
      ...{ at: AT + 30, on: 'failed' },
      detail: {
        decision: dialled('b', 10),
        inputs: {
          ...{ policyHash: 'p', now: AT + 30, failure, trunks },
          hunt: { ...hunt, attempts: [{ trunk: 'a', sip: 503, rang: false }] },
        },
      },
    },
  ],
  policies: [{ hash: 'p', file: '/p.yaml', lines: POLICY.split('\n') }],
};

describe('the story of a recorded call', () => {
  it('says by which line it was decided, where the policy only observes others', () => {
    const [route, failed] = SAVED.decisions;
    const inputs = { policyHash: 'p', now: AT, trunks, hunt: { ...hunt, attempts: [] } };
    const begun = { ...route, detail: { decision: dialled('a', 7), inputs } };
    const story = (lines: string) => ({
      ...SAVED,
      decisions: [begun, failed],
      policies: [{ hash: 'p', file: '/p.yaml', lines: lines.split('\n') }],
    });
    const other = 'routes:\n  - { digits: "9*", trunks: [b, a] }\n';
    const decided = POLICY.replace('a: {', 'a: { mode: decide,').replace('routes:\n', other);
    const some = `${decided}\nmode: observe`;
    expect(whyText(story(some), false).split('\n')[1]).toBe('mode: decide of trunk a (/p.yaml:4)');
    expect(whyText(story(POLICY), false)).not.toContain('mode:');
    expect(whyText({ ...story(some), number: '03****12' }, false)).not.toContain('mode:');
  });

  it('ends with links to Homer, where the service makes them', () => {
    const homer = [{ callId: 'a', url: 'https://homer.example.org/?call_id=a' }];
    const lines = whyText({ ...SAVED, homer }, false).split('\n');
    expect(lines.at(-1)).toBe('Homer: https://homer.example.org/?call_id=a');
  });

  it('names the trace, where the service makes traces', () => {
    const lines = whyText({ ...SAVED, traceId: 'ab'.repeat(16) }, false).split('\n');
    expect(lines.at(-1)).toBe(`trace: ${'ab'.repeat(16)}`);
  });

  it('tells each failure before what was decided on it, with the lines of then', () => {
    expect(whyText(SAVED, true).split('\n')).toEqual([
      'call to 030 from 040, 2026-01-31T12:00:00.000Z, asterisk, hunt h',
      '   0.002 s  -> dial a: 030',
      '               /p.yaml:7  - { digits: "*", trunks: [a, b] }  (because)',
      '   0.030 s  <- a: 503 Full',
      '               trunk-congested, fault: trunk',
      '   0.030 s  -> dial b: 030',
      '               /p.yaml:10  - { when: { sip: 503 }, do: { retry: next-trunk } }  (general rule)',
      '               passed over: a (tried by this call)',
      '               not /p.yaml:9  - { when: { sip: 486 }, do: { relay: true } }  (sip: 503)',
      expect.stringContaining('trunks: a tried, b free'),
      expect.stringContaining('left: '),
      '   4.000 s  <- b: answers',
      'a answered after it was given up',
      'ended after 9 s',
    ]);
  });

  it('has the lines of the version that decided, where the file changed during the call', () => {
    const [first, second] = SAVED.decisions as [object, { detail: { inputs: object } }];
    const { detail } = second;
    const inputs = { ...detail.inputs, policyHash: 'later' };
    const later = POLICY.replace('retry: next-trunk', 'retry: next-trunk, log: error');
    const told = (policies: readonly (readonly [string, string])[]) =>
      whyText(
        {
          ...SAVED,
          decisions: [first, { ...second, detail: { ...detail, inputs } }],
          policies: policies.map(([hash, text]) => ({
            ...{ hash, file: '/p.yaml', lines: text.split('\n') },
          })),
        },
        false,
      );
    const line = '/p.yaml:10  - { when: { sip: 503 }, do: { retry: next-trunk, log: error } }';
    expect(
      told([
        ['p', POLICY],
        ['later', later],
      ]),
    ).toContain(line);
    expect(
      told([
        ['later', later],
        ['p', POLICY],
      ]),
    ).toContain(line);
  });

  it('says what it cannot show: a policy that was not kept, a decision that was not carried out', () => {
    const [first] = SAVED.decisions;
    const told = whyText(
      {
        ...SAVED,
        policies: [{ hash: 'p', file: '/p.yaml' }],
        decisions: [{ ...first!, notCarriedOut: 'no answer in time' }],
      },
      true,
    );
    expect(told).toContain('the text of policy p was not kept: its rules are not shown');
    expect(told).toContain('not carried out, static fallback: no answer in time');
  });
});

describe('the wire of a recorded call', () => {
  const times = {
    ...{ id: 'x', callId: 'id@pbx', invitedAt: AT + 4, firstResponseAt: AT + 5, rangAt: AT + 9 },
    ...{ local: '192.0.2.1:5060', far: '192.0.2.2:5060' },
  };
  const hep = {
    ...{ source: 'hep', rang: false, progress: true, origin: 'far' },
    provisional: [
      { sip: 100, phrase: 'Trying', sdp: false, afterMs: 1 },
      { sip: 183, phrase: 'Session Progress', sdp: true, afterMs: 20 },
    ],
    subAttempts: [
      { sip: 407, phrase: 'Prove it', farEnd: '192.0.2.2:5060' },
      { farEnd: '192.0.2.3:5060' },
    ],
  } as const;
  const story = (leg: object): readonly string[] =>
    whyText({ ...SAVED, callerCallId: 'c@phone', legs: [{ ...SAVED.legs[0]!, ...leg }] }, false)
      .split('\n')
      .filter((line) => /(?:-> |<- |^the caller)/.test(line));

  it('has each INVITE and response of a failure in time, and whom they went to', () => {
    expect(story({ times, failure: { ...failure, evidence: [hep] } }).slice(0, 8)).toEqual([
      "the caller's Call-ID: c@phone",
      '   0.002 s  -> dial a: 030',
      '   0.004 s  -> a: INVITE from 192.0.2.1:5060 to 192.0.2.2:5060, Call-ID id@pbx',
      '   0.004 s  <- a: 407 Prove it, asks again',
      '   0.004 s  <- a: nothing from 192.0.2.3:5060, asks again',
      '   0.005 s  <- a: 100 Trying',
      '   0.024 s  <- a: 183 Session Progress with SDP',
      '   0.030 s  <- a: 503 Full',
    ]);
  });

  it('has of an answer when it rang, was answered and ended, and the codecs', () => {
    const answered = { ...times, answeredAt: AT + 500, endedAt: AT + 4500, codecs: ['PCMA'] };
    const leg = { ...SAVED.legs[0]!, failure: undefined };
    const told = whyText({ ...SAVED, legs: [{ ...leg, answered: true, times: answered }] }, false);
    expect(told.split('\n').filter((line) => line.includes('<- a'))).toEqual([
      '   0.005 s  <- a: first response',
      '   0.009 s  <- a: rings',
      '   0.500 s  <- a: answers',
      '   4.500 s  <- a: ended after 4 s, PCMA',
    ]);
  });
});

describe('a moment in the past', () => {
  it.each([
    ['90s', AT - 90_000],
    ['30m', AT - 1_800_000],
    ['1h', AT - 3_600_000],
    ['7d', AT - 604_800_000],
    ['2w', AT - 1_209_600_000],
    ['2026-01-30', Date.UTC(2026, 0, 30)],
    ['2026-01-30T22:00:00Z', Date.UTC(2026, 0, 30, 22)],
    ['2026-01-30T22:00:00+01:00', Date.UTC(2026, 0, 30, 21)],
    ['1y', undefined],
    ['-1h', undefined],
    ['1.5h', undefined],
    ['', undefined],
    ['2026-13-01', undefined],
    ['yesterday', undefined],
  ])('%s', (text, moment) => {
    expect(momentOf(text, AT)).toBe(moment);
  });
});

describe('a call that the journal does not have as decided', () => {
  const NONE = new NoAnswer(EXIT.usage, ['the journal has no such call'], 404);

  /** A service that answers so by path; everything else it does not have. */
  async function asked(answers: Readonly<Record<string, unknown>>, instance?: string) {
    const paths: string[] = [];
    const ask = ({ path }: { readonly path: string }): Promise<unknown> => {
      paths.push(path);
      const answer = answers[path] ?? NONE;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const ended = await recordedCall(ask, '030 1', instance).catch((error: unknown) => error);
    return { ended, paths };
  }

  it('and was only observed: the command that shows it', async () => {
    const { ended } = await asked({ '/observed/030%201': { call: '1.7@1795239432947' } });
    expect(ended).toMatchObject({ code: EXIT.usage, status: 404 });
    expect((ended as NoAnswer).lines).toEqual([
      expect.stringContaining('crankback observed 1.7@1795239432947'),
    ]);
  });

  it('nor as observed, or nobody can say: what was wrong first', async () => {
    const away = new NoAnswer(EXIT.failed, ['no answer']);
    expect((await asked({})).ended).toBe(NONE);
    expect((await asked({ '/observed/030%201': away })).ended).toBe(NONE);
    expect((await asked({ '/observed/030%201': { other: true } })).ended).toBe(NONE);
  });

  it('is not asked for where the service cannot be reached, or of another instance', async () => {
    const away = new NoAnswer(EXIT.failed, ['no answer']);
    const unreached = await asked({ '/calls/030%201': away });
    expect(unreached).toEqual({ ended: away, paths: ['/calls/030%201'] });
    const elsewhere = await asked({ '/observed/030%201': { call: '1.7@1' } }, 'b');
    expect(elsewhere).toEqual({ ended: NONE, paths: ['/calls/030%201?instance=b'] });
  });
});
