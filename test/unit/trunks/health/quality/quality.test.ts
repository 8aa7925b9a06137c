import fc from 'fast-check';
import { counted } from '../../../../../src/figures/count';
import { figuresOf, seizuresOf } from '../../../../../src/figures/figures';
import { FAILURE_CLASSES, FAULT_OF } from '../../../../../src/model/classes';
import { DEFAULT_HEALTH, type QualitySettings } from '../../../../../src/policy/health-settings';
import type { AttemptOutcome } from '../../../../../src/trunks/health/attempt-outcome';
import { SingleInstanceStore } from '../../../../../src/trunks/health/single-instance-store';

const MINUTE = 60_000;
let now = 0;
let calls = 0;

function storeOf(quality: QualitySettings, distinctNumbers = 3) {
  now = 1_000_000 * MINUTE;
  const health = { ...DEFAULT_HEALTH, quality };
  const trip = { ...health.trip, distinctNumbers };
  return new SingleInstanceStore({
    trunks: new Map([['a', { ...health, trip }]]),
    now: () => now,
    random: () => 0,
    instance: 'test',
  });
}

const ANSWERED: AttemptOutcome = { kind: 'answered' };
const BUSY = failed('busy');

function failed(
  failureClass: (typeof FAILURE_CLASSES)[number],
  more: { rang?: boolean; sip?: number } = {},
): Extract<AttemptOutcome, { kind: 'failed' }> {
  const origin = failureClass === 'local-unreachable' ? 'local' : 'far';
  const failure = { class: failureClass, fault: FAULT_OF[failureClass], rang: false, ...more };
  return { kind: 'failed', failure: { ...failure, origin } };
}

function tell(store: SingleInstanceStore, outcome: AttemptOutcome, number?: string) {
  const report = { trunk: 'a', hunt: `hunt${calls++}`, number: number ?? `030${calls}` };
  store.report({ ...report, outcome });
}

function times(count: number, act: () => void) {
  for (let index = 0; index < count; index++) act();
}

function rang(store: SingleInstanceStore, ms: number) {
  store.timed('a', { id: 'x', invitedAt: now, rangAt: now + ms, endedAt: now + ms + 1 });
}

function talked(store: SingleInstanceStore, ms: number) {
  const times = { id: 'x', invitedAt: now, rangAt: now + 1, answeredAt: now + 2 };
  store.timed('a', times);
  store.timed('a', { ...times, endedAt: now + 2 + ms });
}

const ASR = { asr: { share: 0.35, minimum: 50, window: 10 * MINUTE } };

describe('ASR', () => {
  it('holds a trunk below the bound, and says what was measured', () => {
    const store = storeOf(ASR);
    times(11, () => tell(store, ANSWERED));
    times(38, () => tell(store, BUSY));
    expect(store.read('a').access).toBe('open');
    tell(store, BUSY);
    expect(store.read('a')).toMatchObject({
      ...{ phase: 'held', access: 'held', trips: 1 },
      hold: {
        ...{ cause: 'quality', absolute: false, since: now, until: now + 30_000 },
        why: 'ASR 22% of 50 attempts in 10m, below 35%',
      },
    });
    expect(store.read('a').hold).not.toHaveProperty('class');
  });

  it('leaves a trunk alone that is on the bound', () => {
    const store = storeOf({ asr: { share: 0.4, minimum: 50, window: 10 * MINUTE } });
    times(20, () => tell(store, ANSWERED));
    times(30, () => tell(store, BUSY));
    expect(store.read('a').phase).toBe('closed');
  });

  it('counts no call that is older than the window', () => {
    const store = storeOf(ASR);
    times(40, () => tell(store, BUSY));
    now += 10 * MINUTE;
    times(49, () => tell(store, BUSY));
    expect(store.read('a').phase).toBe('closed');
    tell(store, BUSY);
    expect(store.read('a').hold?.why).toBe('ASR 0% of 50 attempts in 10m, below 35%');
  });

  it('counts no attempt that was not sent', () => {
    const store = storeOf({ asr: { share: 0.35, minimum: 10, window: 10 * MINUTE } });
    times(4, () => tell(store, failed('local-unreachable')));
    times(9, () => tell(store, BUSY));
    expect(store.read('a').phase).toBe('closed');
  });

  it('counts a caller who hangs up', () => {
    const store = storeOf(ASR);
    const { failure } = failed('cancelled');
    times(50, () => store.left({ trunk: 'a', number: `030${calls++}`, failure }));
    expect(store.read('a').hold?.why).toBe('ASR 0% of 50 attempts in 10m, below 35%');
  });

  it('takes no trunk from everybody because one number does not answer', () => {
    const store = storeOf(ASR);
    times(200, () => tell(store, BUSY, '0301'));
    tell(store, BUSY, '0302');
    expect(store.read('a').phase).toBe('closed');
    tell(store, BUSY, '0303');
    expect(store.read('a').hold?.why).toBe('ASR 0% of 202 attempts in 10m, below 35%');
  });

  it('lets calls try the trunk after the hold like any other, and begins anew', () => {
    const store = storeOf(ASR);
    times(50, () => tell(store, BUSY));
    now += 30_000;
    expect(store.read('a')).toMatchObject({ phase: 'half-open', access: 'probe' });
    expect(store.reserve('a', 'probe')).toBe(true);
    store.report({ trunk: 'a', hunt: 'probe', number: '1', outcome: ANSWERED });
    expect(store.read('a').phase).toBe('closed');
    // The call that tried it is the first one of fifty.
    times(48, () => tell(store, BUSY));
    expect(store.read('a').phase).toBe('closed');
    tell(store, BUSY);
    const { trips, hold } = store.read('a');
    expect([trips, (hold?.until ?? 0) - now]).toEqual([2, 60_000]);
  });

  it('is not asked where the policy has no bound any more', () => {
    const store = storeOf(ASR);
    times(49, () => tell(store, BUSY));
    store.configure(new Map([['a', DEFAULT_HEALTH]]));
    times(20, () => tell(store, BUSY));
    expect(store.read('a').phase).toBe('closed');
  });
});

describe('NER', () => {
  const NER = { ner: { share: 0.8, minimum: 20, window: 10 * MINUTE } };

  it('holds a trunk that does not deliver, and no trunk whose callees do not answer', () => {
    const store = storeOf(NER);
    times(60, () => tell(store, BUSY));
    times(15, () => tell(store, failed('no-route', { sip: 404 })));
    expect(store.read('a').phase).toBe('closed');
    tell(store, failed('no-route', { sip: 404 }));
    expect(store.read('a').hold?.why).toBe('NER 78.9% of 76 attempts in 10m, below 80%');
  });

  it('counts a caller who hangs up while it rings as delivered', () => {
    const store = storeOf(NER);
    const { failure } = failed('cancelled', { rang: true });
    times(50, () => store.left({ trunk: 'a', number: `030${calls++}`, failure }));
    expect(store.read('a').phase).toBe('closed');
  });
});

describe('post-dial delay', () => {
  const PDD = { pdd: { above: 8_000, minimum: 20, window: 5 * MINUTE } };

  it('holds a trunk whose 95th percentile is above the bound', () => {
    const store = storeOf(PDD);
    times(38, () => rang(store, 8_000));
    times(2, () => rang(store, 8_001));
    expect(store.read('a').phase).toBe('closed');
    rang(store, 9_000);
    const why = 'PDD above 8s for 7.4% of 41 attempts that rang in 5m, more than 5%';
    expect(store.read('a').hold).toMatchObject({ cause: 'quality', why });
  });

  it('judges 19 calls by nothing', () => {
    const store = storeOf(PDD);
    times(19, () => rang(store, 60_000));
    expect(store.read('a').phase).toBe('closed');
  });

  it('counts an answered call once, not at its end again', () => {
    const store = storeOf({ pdd: { above: 500, minimum: 20, window: 5 * MINUTE } });
    const at = { id: 'x', invitedAt: now, rangAt: now + 900, answeredAt: now + 1_000 };
    times(19, () => {
      store.timed('a', at);
      store.timed('a', { ...at, endedAt: now + 2_000 });
    });
    expect(store.read('a').phase).toBe('closed');
  });
});

describe('short calls', () => {
  it('hold a trunk where too many answered calls end at once', () => {
    const store = storeOf({
      shortCalls: { share: 0.4, under: 10_000, minimum: 50, window: 60 * MINUTE },
    });
    times(30, () => talked(store, 10_000));
    times(20, () => talked(store, 9_999));
    expect(store.read('a').phase).toBe('closed');
    talked(store, 3_000);
    const why = '41.2% of 51 answered calls in 1h ended within 10s, above 40%';
    expect(store.read('a').hold).toMatchObject({ cause: 'quality', why });
  });
});

const anyOutcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.constant(ANSWERED),
  fc
    .record({
      class: fc.constantFrom(...FAILURE_CLASSES),
      origin: fc.constantFrom('far' as const, 'local' as const, 'ours' as const),
      rang: fc.boolean(),
      sip: fc.option(fc.integer({ min: 300, max: 699 }), { nil: undefined }),
    })
    .map(({ sip, ...rest }) => ({
      kind: 'failed' as const,
      failure: { ...rest, fault: FAULT_OF[rest.class], ...(sip !== undefined && { sip }) },
    })),
);

describe('whatever comes', () => {
  it.each(['asr', 'ner'] as const)('%s is what the figures and alerts say', (measure) => {
    fc.assert(
      fc.property(fc.array(anyOutcome, { minLength: 1, maxLength: 80 }), (outcomes) => {
        const store = storeOf({ [measure]: { share: 0.5, minimum: 10, window: 60 * MINUTE } }, 1);
        const seen: AttemptOutcome[] = [];
        for (const outcome of outcomes) {
          if (store.read('a').phase !== 'closed') break;
          tell(store, outcome);
          seen.push(outcome);
        }
        const attempts = seen.map((outcome) => ({
          ...{ pbx: 'p', trunk: 'a', retry: false, answered: outcome.kind === 'answered' },
          ...(outcome.kind === 'failed' && { failure: outcome.failure }),
        }));
        const [group] = counted(attempts, []);
        if (!group) throw new Error('nothing counted');
        const seizures = seizuresOf(group.counts);
        const share = figuresOf(group.counts)[measure] ?? 1;
        const { hold } = store.read('a');
        if (hold && hold.cause !== 'quality') return;
        expect(hold !== undefined).toBe(seizures >= 10 && share < 0.5);
        if (hold) expect(hold.why).toContain(`of ${seizures} attempts`);
      }),
    );
  });

  it('a handful of calls holds no trunk', () => {
    const sample = fc.record({ wait: fc.nat({ max: MINUTE }), outcome: anyOutcome });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        const store = storeOf(
          {
            asr: { share: 1, minimum: 10, window: 10 * MINUTE },
            ner: { share: 1, minimum: 10, window: 10 * MINUTE },
          },
          1,
        );
        const told: number[] = [];
        for (const { wait, outcome } of samples) {
          now += wait;
          const before = store.read('a').phase;
          tell(store, outcome);
          if (before === 'closed') told.push(now);
          const { hold, phase } = store.read('a');
          if (before !== 'closed' || phase !== 'held') continue;
          if (hold?.cause === 'quality')
            expect(told.filter((at) => at > now - 10 * MINUTE).length).toBeGreaterThanOrEqual(10);
          store.clear('a');
          told.length = 0;
        }
      }),
    );
  });

  it('memory does not grow with the calls', () => {
    const size = (count: number) => {
      const store = storeOf(ASR);
      times(count, () => {
        now += 7;
        tell(store, ANSWERED);
      });
      const far = store.far('a');
      return JSON.stringify(far, (_key, value: unknown) =>
        value instanceof Set ? [...(value as Set<number>)] : value,
      ).replace(/\d+/g, '0').length;
    };
    expect(size(200_000)).toBe(size(100_000));
  });
});
