import { observe, type SeenAttempt, type SeenCall } from '../../../src/observe/observed-call';
import { explain } from '../../../src/policy/decision/explain';
import { failureOf, noResponse, policyOf, START } from '../../doubles/policies';

const POLICY = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
routes:
  - { digits: "5*", trunks: [carrier-a, carrier-b], mailbox: "{number}@default" }
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
`);

const FREE = { obstacles: {}, turn: 0 };

interface Short {
  /** `503`, `silent`, `mute` (known by mirrored SIP), `answered`, `cancelled`, `486-rang`. */
  readonly said: string;
  readonly trunk?: string;
  /** Seconds after the start. */
  readonly from?: number;
  readonly to?: number;
  readonly unknown?: true;
  readonly held?: string;
}

/** Attempts one after another, each of a second. */
function call(attempts: readonly Short[], more: Partial<SeenCall> = {}): SeenCall {
  return {
    hunt: { number: '200' },
    answeredHere: false,
    attempts: attempts.map((attempt, index) => seen(attempt, index)),
    ...more,
  };
}

function seen({ said, trunk = 'carrier-a', held, ...one }: Short, index: number): SeenAttempt {
  const { from = index, to = from + 1 } = one;
  const obstacle = { kind: 'held', why: 'a test' } as const;
  const failure = failureSaid(said);
  return {
    ...{ trunk, known: !one.unknown, beganAt: START + from * 1000, endedAt: START + to * 1000 },
    trunks: held === undefined ? FREE : { obstacles: { [held]: obstacle }, turn: 0 },
    ...(failure && { failure }),
  };
}

function failureSaid(said: string) {
  if (said === 'answered') return undefined;
  if (said === 'silent') return noResponse();
  if (said === 'mute') return noResponse({ source: 'hep' });
  if (said === 'cancelled') return failureOf(487, { origin: 'ours' });
  const [sip, rang] = said.split('-');
  return failureOf(Number(sip), rang ? { rang: true, progress: true } : {});
}

const B = { trunk: 'carrier-b' };
const C = { trunk: 'carrier-c' };

describe("a call of the user's own dialplan beside the policy", () => {
  it.each<[string, SeenCall, string, string]>([
    ['ends with a 503', call([{ said: '503' }]), 'would-go-on', 'dial carrier-b'],
    [
      'goes on after a 503',
      call([{ said: '503' }, { said: 'answered', ...B }]),
      'same',
      'dial carrier-b',
    ],
    [
      'goes on elsewhere',
      call([{ said: '503' }, { said: 'answered', ...C }]),
      'would-dial-other',
      'dial carrier-b',
    ],
    [
      'passes a held trunk over',
      call([
        { said: '503', held: 'carrier-b' },
        { said: 'answered', ...C },
      ]),
      'same',
      'dial carrier-c',
    ],
    [
      'rings a busy callee twice',
      call([{ said: '486' }, { said: '486', ...B }]),
      'would-stop',
      'relay 486',
    ],
    ['ends where the callee is busy', call([{ said: '486' }]), 'same', 'relay 486'],
    [
      'ends where there is a mailbox',
      call([{ said: '486' }], { hunt: { number: '500' } }),
      'would-take-message',
      'voicemail busy',
    ],
    [
      'has voicemail of its own',
      call([{ said: '486' }], { hunt: { number: '500' }, answeredHere: true }),
      'same',
      'voicemail busy',
    ],
    [
      'plays an announcement after a 503',
      call([{ said: '503' }], { answeredHere: true }),
      'would-go-on',
      'dial carrier-b',
    ],
    [
      'is the same at first, and ends too early',
      call([{ said: '503' }, { said: '503', ...B }]),
      'would-go-on',
      'dial carrier-c',
    ],
    [
      'waits long for a silent trunk',
      call([
        { said: 'silent', to: 30 },
        { said: 'answered', ...B, from: 30 },
      ]),
      'waited',
      'dial carrier-b',
    ],
    [
      'gives a silent trunk up in time',
      call([
        { said: 'mute', to: 4.9 },
        { said: 'answered', ...B, from: 5 },
      ]),
      'same',
      'dial carrier-b',
    ],
    ['is left by its caller', call([{ said: 'cancelled', to: 9 }]), 'same', 'relay 487'],
    ['rings, and fails then', call([{ said: '503-rang' }]), 'same', 'relay 503'],
  ])('that %s', (_, observed, verdict, would) => {
    const found = observe(POLICY, observed);
    expect(found?.verdict).toBe(verdict);
    const step = found?.steps[found.step];
    const outcome = step?.would?.decision.outcome;
    const words =
      outcome &&
      Object.values({ ...outcome, number: '', mailbox: '' })
        .join(' ')
        .trim();
    expect(words?.replace(/ +/g, ' ')).toBe(would);
  });

  it.each([
    ['by first_response where nothing at all came', 'mute', 26_000],
    ['by progress_timeout where a 100 may have come', 'silent', 15_000],
  ])('says how much longer its caller waited, %s', (_, said, ms) => {
    const long = call([
      { said, to: 30 },
      { said: 'answered', ...B, from: 30 },
    ]);
    expect(observe(POLICY, long)?.waitedMs).toBe(ms);
  });

  it('keeps what explains the decision', () => {
    const found = observe(POLICY, call([{ said: '503', held: 'carrier-b' }]));
    const inputs = found?.steps[0]?.would?.inputs;
    expect(inputs && explain(POLICY, inputs).passedOver).toMatchObject([
      { trunk: 'carrier-a', reason: 'tried' },
      { trunk: 'carrier-b', reason: 'held' },
    ]);
  });

  it('takes trunks that rang at once for one attempt, whose best answer counts', () => {
    const fork = [{ said: '503' }, { said: '486', ...B, from: 0.5, to: 2 }];
    const found = observe(POLICY, call(fork));
    expect(found?.steps).toMatchObject([{ trunk: 'carrier-b', did: { kind: 'ended' } }]);
    expect(found?.verdict).toBe('same');
    const answered = observe(
      POLICY,
      call([{ said: '503' }, { said: 'answered', ...B, from: 0.5 }]),
    );
    expect(answered).toBeUndefined();
  });

  it('is not compared where no trunk of the policy failed', () => {
    expect(observe(POLICY, call([{ said: 'answered' }]))).toBeUndefined();
    expect(observe(POLICY, call([]))).toBeUndefined();
    const phone = { said: '486', trunk: 'PJSIP/1001', unknown: true } as const;
    expect(observe(POLICY, call([phone]))).toBeUndefined();
    const both = observe(POLICY, call([phone, { said: '503' }]));
    expect(both).toMatchObject({ step: 1, verdict: 'would-go-on' });
    expect(both?.steps[0]).not.toHaveProperty('would');
  });
});
