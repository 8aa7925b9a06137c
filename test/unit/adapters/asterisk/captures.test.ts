import { q850Of } from '../../../../adapters/asterisk/legs/causes';
import type { Failure } from '../../../../src/model/failure';
import { replay as replayEvents, type Replay } from '../../../doubles/asterisk-replay';
import { recordedEvents, recordedScenarios, wire } from '../../../doubles/captures';

/** The recorded call as the adapter sees it. */
function replay(scenario: string): Replay {
  return replayEvents(recordedEvents(scenario));
}

/** What the policy must be told; `by` says who tells it. Written down from wire.json by hand. */
interface Expected {
  readonly by: 'report' | 'leg' | 'answer';
  readonly class?: Failure['class'];
  readonly fault?: Failure['fault'];
  readonly sip?: number | undefined;
  readonly phrase?: string | undefined;
  readonly q850?: number | undefined;
  readonly rang?: boolean;
  readonly progress?: boolean;
}

const noProgress = { rang: false, progress: false };
const heard = { rang: true, progress: true };
const nothing = { sip: undefined, phrase: undefined, q850: undefined };

const EXPECTED: Readonly<Record<string, Expected>> = {
  '503': {
    by: 'report',
    class: 'trunk-congested',
    fault: 'trunk',
    sip: 503,
    phrase: 'Service Unavailable',
    q850: undefined,
    ...noProgress,
  },
  '486': {
    by: 'report',
    class: 'busy',
    fault: 'callee',
    sip: 486,
    phrase: 'Busy Here',
    q850: undefined,
    ...noProgress,
  },
  '480': {
    by: 'report',
    class: 'unavailable',
    fault: 'callee',
    sip: 480,
    phrase: 'Temporarily Unavailable',
    q850: undefined,
    ...noProgress,
  },
  '488': {
    by: 'report',
    class: 'codec-mismatch',
    fault: 'media',
    sip: 488,
    phrase: 'Not Acceptable Here',
    q850: undefined,
    ...noProgress,
  },
  '404': {
    by: 'report',
    class: 'invalid-number',
    fault: 'number',
    sip: 404,
    phrase: 'Not Found',
    q850: undefined,
    ...noProgress,
  },
  '500': {
    by: 'report',
    class: 'trunk-failed',
    fault: 'trunk',
    sip: 500,
    phrase: 'Server Internal Error',
    q850: undefined,
    ...noProgress,
  },
  '603': {
    by: 'report',
    class: 'declined',
    fault: 'callee',
    sip: 603,
    phrase: 'Decline',
    q850: undefined,
    ...noProgress,
  },
  // The handover does not know of the 302; the leg's events do, without its phrase.
  '302': {
    by: 'report',
    class: 'redirected',
    fault: 'callee',
    sip: 302,
    phrase: undefined,
    q850: undefined,
    ...noProgress,
  },
  'ring-503': {
    by: 'report',
    class: 'trunk-congested',
    fault: 'trunk',
    sip: 503,
    phrase: 'Service Unavailable',
    q850: undefined,
    ...heard,
  },
  'ring-timeout': { by: 'report', class: 'no-answer', fault: 'callee', ...nothing, ...heard },
  'trying-timeout': {
    by: 'report',
    class: 'trunk-timeout',
    fault: 'trunk',
    ...nothing,
    ...noProgress,
  },
  'silent-timeout': {
    by: 'report',
    class: 'trunk-timeout',
    fault: 'trunk',
    ...nothing,
    ...noProgress,
  },
  'closed-port': {
    by: 'report',
    class: 'trunk-timeout',
    fault: 'trunk',
    ...nothing,
    ...noProgress,
  },
  'given-up': { by: 'report', class: 'trunk-timeout', fault: 'trunk', ...nothing, ...noProgress },
  unregistered: {
    by: 'report',
    class: 'local-unreachable',
    fault: 'trunk',
    ...nothing,
    ...noProgress,
  },
  // Asterisk pretends a 503 on the leg; nothing was ever sent.
  'no-dns': { by: 'report', class: 'local-unreachable', fault: 'trunk', ...nothing, ...noProgress },
  // Asterisk pretends a 500 on the leg; the carrier's 487 answers our own CANCEL.
  cancel: { by: 'leg', class: 'cancelled', fault: 'caller', ...nothing, sip: 487, ...heard },
  'observed-486': {
    by: 'leg',
    class: 'busy',
    fault: 'callee',
    sip: 486,
    phrase: undefined,
    q850: undefined,
    ...noProgress,
  },
  'observed-503': {
    by: 'leg',
    class: 'trunk-congested',
    fault: 'trunk',
    sip: 503,
    phrase: undefined,
    q850: undefined,
    ...noProgress,
  },
  answer: { by: 'answer' },
  'observed-answer': { by: 'answer' },
};

const KEYS = ['class', 'fault', 'sip', 'phrase', 'q850', 'rang', 'progress'] as const;

/** Only what the table speaks of, absent fields as undefined. */
function told(failure: Failure | undefined): Record<string, unknown> {
  return Object.fromEntries(KEYS.map((key) => [key, failure?.[key]]));
}

function failuresOf(scenario: string): readonly Failure[] {
  const { reported, legs } = replay(scenario);
  if (wire[scenario]?.entered_crankback && reported.length > 0) return reported;
  return legs.map(({ failure }) => failure);
}

describe('the recordings', () => {
  it('are all in the table, in wire.json and on disk, 21 scenarios of one attempt each', () => {
    const names = Object.keys(EXPECTED).sort();
    expect([...recordedScenarios].sort()).toEqual(names);
    expect(Object.keys(wire).sort()).toEqual(names);
    const attempts = Object.values(wire).flatMap((scenario) => scenario.attempts);
    expect([names.length, attempts.length]).toEqual([21, 21]);
  });

  it('hold 19 failed attempts, and the adapter sees each of them exactly once', () => {
    const seen = Object.keys(EXPECTED).map((scenario) => failuresOf(scenario).length);
    expect(seen.reduce((sum, count) => sum + count)).toBe(19);
  });
});

const failing = Object.entries(EXPECTED).filter(([, { by }]) => by !== 'answer');

describe.each(failing)('recording %s', (scenario, { by, ...expected }) => {
  const [attempt] = wire[scenario]?.attempts ?? [];
  const result = replay(scenario);

  it('gives the failure that the table says', () => {
    const failures = by === 'report' ? result.reported : result.legs.map(({ failure }) => failure);
    expect(failures.map(told)).toEqual([expected]);
  });

  it('gives the status that was on the wire, and none where none was', () => {
    const [failure] = failuresOf(scenario);
    const ours = failure?.class === 'cancelled' ? undefined : failure?.sip;
    expect(ours).toBe(attempt?.final?.status);
    if (failure?.phrase !== undefined) expect(failure.phrase).toBe(attempt?.final?.phrase);
  });

  it('tells ringing as the carrier sent it', () => {
    const rang = attempt?.carrier_sent.some((line) => /^18[01] /.test(line));
    expect(failuresOf(scenario)[0]?.rang).toBe(rang);
  });

  it('leaves no leg behind', () => {
    expect(result.left).toBe(0);
  });
});

describe('recordings of calls that entered crankback', () => {
  const entered = Object.keys(wire).filter((scenario) => wire[scenario]?.entered_crankback);

  it.each(entered)(
    '%s: the report names the trunk, the number and one past attempt',
    (scenario) => {
      const [attempt] = wire[scenario]?.attempts ?? [];
      const [first, ...later] = replay(scenario).reports;
      expect(first).toMatchObject({ event: 'route', state: { attempts: [] }, mailbox: '' });
      for (const report of later) {
        expect(report).toMatchObject({ event: 'failed', attempts: [{ trunk: attempt?.trunk }] });
        expect(report.number).toBe(first?.number);
        expect(report.state.startedAt).toBe(first?.state.startedAt);
        expect(report.state.attempts).toMatchObject([{ trunk: attempt?.trunk }]);
      }
    },
  );

  it.each(['answer', 'observed-answer'])('%s: one answer and no failure', (scenario) => {
    const { answered, legs, reported } = replay(scenario);
    expect({ answered, legs, reported }).toEqual({ answered: 1, legs: [], reported: [] });
    expect(wire[scenario]?.attempts[0]?.final?.status).toBe(200);
  });
});

describe('legs of calls that crankback decides, from their channel events alone', () => {
  const farEnded = Object.keys(wire).filter(
    (scenario) => (wire[scenario]?.attempts[0]?.final?.status ?? 0) >= 300,
  );

  it.each(farEnded)('%s: has the status that was on the wire', (scenario) => {
    const { legs } = replay(scenario);
    expect(legs.map(({ failure }) => failure.sip)).toEqual([
      wire[scenario]?.attempts[0]?.final?.status,
    ]);
  });

  const timedOut = ['ring-timeout', 'trying-timeout', 'silent-timeout', 'closed-port', 'given-up'];
  it.each(timedOut)('%s: has no status, though Asterisk invents one', (scenario) => {
    expect(replay(scenario).legs.map(({ failure }) => failure.sip)).toEqual([undefined]);
  });
});

describe('a cause of Asterisk', () => {
  it.each([
    [0, undefined],
    [1, 1],
    [127, 127],
    [128, undefined],
    [-1, undefined],
  ])('%i is %p as Q.850', (cause, expected) => {
    expect(q850Of(cause)).toBe(expected);
  });
});
