import fc from 'fast-check';
import { FAULT_OF, FAILURE_CLASSES, type FailureClass } from '../../../../src/model/classes';
import type { AttemptFailure } from '../../../../src/trunks/health/attempt-outcome';
import { PROBE_RESULT_MS } from '../../../../src/trunks/health/breaker/permits';
import { DEFAULT_HEALTH, type HealthSettings } from '../../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../../src/trunks/health/single-instance-store';
import type { HealthChange } from '../../../../src/trunks/health/health-store';

let now = 0;
let changes: HealthChange[] = [];

function storeOf(settings: Partial<HealthSettings> = {}) {
  now = 1_000_000;
  changes = [];
  const health = { ...DEFAULT_HEALTH, ...settings };
  return new SingleInstanceStore({
    trunks: new Map([
      ['a', health],
      ['b', health],
    ]),
    now: () => now,
    random: () => 0,
    instance: 'test',
    changed: (change) => changes.push(change),
  });
}

let calls = 0;
function fail(
  store: SingleInstanceStore,
  failureClass: FailureClass,
  more: Partial<AttemptFailure> & { number?: string; hunt?: string } = {},
) {
  const { number = `+49305550${calls++}`, hunt = `hunt${calls++}`, ...rest } = more;
  const failure: AttemptFailure = {
    class: failureClass,
    fault: FAULT_OF[failureClass],
    origin: failureClass === 'local-unreachable' ? 'local' : 'far',
    rang: false,
    ...rest,
  };
  store.report({ trunk: 'a', hunt, number, outcome: { kind: 'failed', failure } });
}
function answer(store: SingleInstanceStore, hunt = 'other') {
  store.report({ trunk: 'a', hunt, number: '200', outcome: { kind: 'answered' } });
}
function times(count: number, act: () => void) {
  for (let index = 0; index < count; index++) act();
}
function tripped(settings: Partial<HealthSettings> = {}) {
  const store = storeOf(settings);
  times(5, () => fail(store, 'trunk-congested'));
  return store;
}

describe('a trunk', () => {
  it('is open at first, and unknown ones always are', () => {
    const store = storeOf();
    expect(store.read('a')).toEqual({ trunk: 'a', phase: 'closed', access: 'open', trips: 0 });
    expect(store.read('x').access).toBe('open');
    expect(store.hold('x', { by: 'operator', why: '' })).toBe(false);
    expect(store.clear('x')).toBe(false);
  });

  it('is held after enough faults in a row, and no other trunk is', () => {
    const store = storeOf();
    times(4, () => fail(store, 'trunk-congested'));
    expect(store.read('a').access).toBe('open');
    fail(store, 'trunk-timeout');
    expect(store.read('a')).toMatchObject({
      phase: 'held',
      access: 'held',
      trips: 1,
      hold: {
        cause: 'faults',
        side: 'far',
        class: 'trunk-timeout',
        why: '5 faults in a row, the last one trunk-timeout',
        since: now,
        until: now + 30_000,
      },
    });
    expect(store.read('b').access).toBe('open');
  });

  it('is held by the ratio of faults where answers come between', () => {
    const store = storeOf();
    times(10, () => {
      answer(store);
      fail(store, 'trunk-failed');
    });
    expect(store.read('a').hold?.why).toBe('10 faults in 20 attempts, the last one trunk-failed');
  });

  it('is not held by faults on one number alone', () => {
    const store = storeOf();
    times(100, () => fail(store, 'trunk-congested', { number: '+49305550100' }));
    expect(store.read('a').access).toBe('open');
  });

  it('is never held by a hundred busy callees', () => {
    const store = storeOf();
    times(100, () => fail(store, 'busy', { sip: 486 }));
    expect(store.list()[0]).toMatchObject({ phase: 'closed', counts: { far: { faults: 0 } } });
  });

  it('is held by nothing but trunk faults', () => {
    const innocent = FAILURE_CLASSES.filter(
      (name) => FAULT_OF[name] !== 'trunk' || name === 'no-route',
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...innocent), { maxLength: 200 }), (classes) => {
        const store = storeOf();
        for (const name of classes) fail(store, name);
        expect(store.read('a').access).toBe('open');
      }),
    );
  });

  it('that forbids ten different numbers without one success does not know us', () => {
    const store = storeOf();
    times(9, () => fail(store, 'forbidden', { sip: 403 }));
    times(20, () => fail(store, 'forbidden', { sip: 403, number: '+4930555' }));
    expect(store.read('a')).toMatchObject({ hold: { cause: 'auth-failed', class: 'auth-failed' } });
    const known = storeOf();
    times(9, () => fail(known, 'forbidden', { sip: 403 }));
    answer(known);
    times(9, () => fail(known, 'forbidden', { sip: 403 }));
    expect(known.read('a').access).toBe('open');
  });
});

describe('Retry-After', () => {
  it('holds after the second in the window, for as long as the carrier asks', () => {
    const store = storeOf();
    fail(store, 'trunk-congested', { sip: 503, retryAfterMs: 20_000 });
    expect(store.read('a').access).toBe('open');
    now += 29_000;
    fail(store, 'trunk-congested', { sip: 503, retryAfterMs: 20_000 });
    expect(store.read('a')).toMatchObject({
      trips: 0,
      hold: { cause: 'retry-after', until: now + 20_000, absolute: false },
    });
  });

  it('is forgotten after the window', () => {
    const store = storeOf();
    times(5, () => {
      fail(store, 'trunk-congested', { sip: 503, retryAfterMs: 20_000 });
      answer(store);
      now += 30_001;
    });
    expect(store.read('a').access).toBe('open');
  });
});

describe('a local failure', () => {
  it('that is over holds no trunk any more; what the far side did still counts', () => {
    const store = storeOf();
    times(5, () => fail(store, 'local-unreachable'));
    expect(store.read('a').access).toBe('held');
    store.sendsAgain();
    expect(store.read('a').access).toBe('open');
    const sick = tripped();
    sick.sendsAgain();
    expect(sick.read('a').access).toBe('held');
  });

  it('is counted apart, whatever the number', () => {
    const store = storeOf();
    times(4, () => fail(store, 'trunk-congested'));
    times(4, () => fail(store, 'local-unreachable', { number: '1' }));
    expect(store.read('a').access).toBe('open');
    fail(store, 'local-unreachable', { number: '1' });
    expect(store.read('a').hold).toMatchObject({ side: 'local', class: 'local-unreachable' });
    expect(store.list()[0]?.counts.far).toMatchObject({ streak: 4 });
  });

  it('is over once anything came back', () => {
    const store = storeOf();
    times(4, () => fail(store, 'local-unreachable'));
    fail(store, 'invalid-number');
    times(4, () => fail(store, 'local-unreachable'));
    expect(store.read('a').access).toBe('open');
  });
});

describe('a trunk on trial', () => {
  function onTrial(settings: Partial<HealthSettings> = {}) {
    const store = tripped(settings);
    now += 30_000;
    expect(store.read('a')).toMatchObject({ phase: 'half-open', access: 'probe' });
    return store;
  }

  it('gives exactly probe_calls permits', () => {
    const store = onTrial({ probeCalls: 3 });
    const given = ['1', '2', '3', '4', '5'].map((hunt) => store.reserve('a', hunt));
    expect(given).toEqual([true, true, true, false, false]);
    expect(store.read('a').access).toBe('held');
    expect(store.reserve('a', '1')).toBe(true);
  });

  it('is closed when all of them worked', () => {
    const store = onTrial({ probeCalls: 2 });
    store.reserve('a', '1');
    store.reserve('a', '2');
    answer(store, '1');
    expect(store.read('a').phase).toBe('half-open');
    fail(store, 'busy', { hunt: '2' });
    expect(store.read('a')).toMatchObject({ phase: 'closed', access: 'open', trips: 1 });
  });

  it('is held for twice as long when one of them met a fault', () => {
    const store = onTrial();
    store.reserve('a', '1');
    fail(store, 'trunk-timeout', { hunt: '1' });
    expect(store.read('a')).toMatchObject({
      phase: 'held',
      trips: 2,
      hold: { cause: 'probe-failed', until: now + 60_000 },
    });
  });

  it('is judged by calls with a permit only', () => {
    const store = onTrial();
    answer(store, 'last resort');
    fail(store, 'trunk-failed', { hunt: 'late' });
    expect(store.read('a').phase).toBe('half-open');
  });

  it.each(['invalid-number', 'codec-mismatch', 'forbidden'] as const)(
    'lets another call try after one that said nothing about it: %s',
    (failureClass) => {
      const store = onTrial();
      store.reserve('a', '1');
      fail(store, failureClass, { hunt: '1' });
      expect(store.read('a')).toMatchObject({ phase: 'half-open', access: 'probe' });
      expect(store.reserve('a', '2')).toBe(true);
    },
  );

  it('lets another call try when the caller is gone, or nothing was ever heard', () => {
    const store = onTrial();
    store.reserve('a', '1');
    store.abandon('1');
    expect(store.reserve('a', '2')).toBe(true);
    now += PROBE_RESULT_MS - 1;
    expect(store.read('a').access).toBe('held');
    now += 1;
    expect(store.read('a').access).toBe('probe');
  });

  it('counts no attempt beyond its probe_calls until each has come back', () => {
    const arbitrary = fc.record({
      probeCalls: fc.integer({ min: 1, max: 4 }),
      acts: fc.array(fc.constantFrom('call', 'nothing', 'gone', 'wait'), { maxLength: 60 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ probeCalls, acts }) => {
        const store = onTrial({ probeCalls });
        const under: { hunt: string; at: number }[] = [];
        for (const [index, act] of acts.entries()) {
          const hunt = `h${index}`;
          if (act === 'wait') now += 1000;
          if (act === 'call' && store.reserve('a', hunt)) under.push({ hunt, at: now });
          const first = act === 'nothing' || act === 'gone' ? under.shift() : undefined;
          if (first && act === 'nothing') fail(store, 'invalid-number', { hunt: first.hunt });
          if (first && act === 'gone') store.abandon(first.hunt);
          const live = under.filter(({ at }) => now - at < PROBE_RESULT_MS);
          expect(live.length).toBeLessThanOrEqual(probeCalls);
        }
      }),
    );
  });
});

describe('an operator', () => {
  it('holds a trunk until it is cleared', () => {
    const store = storeOf();
    store.hold('a', { by: 'operator', why: 'carrier works on it' });
    now += 1e9;
    expect(store.read('a')).toMatchObject({ access: 'held', hold: { why: 'carrier works on it' } });
    expect(store.clear('a')).toBe(true);
    expect(store.read('a').access).toBe('open');
  });

  it('clears both sides, the trips and what was counted', () => {
    const store = tripped();
    times(5, () => fail(store, 'local-unreachable'));
    store.clear('a');
    expect(store.list()[0]).toMatchObject({
      access: 'open',
      trips: 0,
      counts: { far: { streak: 0 }, local: { streak: 0 } },
    });
  });

  it('sees since when, until when and why', () => {
    const store = tripped();
    now += 31_000;
    expect(store.list()).toMatchObject([
      { trunk: 'a', phase: 'half-open', since: now - 1000, hold: { until: now - 1000 } },
      { trunk: 'b', phase: 'closed' },
    ]);
    expect(changes.map(({ trunk, from, to }) => `${trunk} ${from} ${to.phase}`)).toEqual([
      'a closed held',
      'a held half-open',
    ]);
  });
});

it('a changed policy keeps what is known of a trunk, and the new order', () => {
  const store = tripped();
  store.configure(
    new Map([
      ['c', DEFAULT_HEALTH],
      ['a', DEFAULT_HEALTH],
    ]),
  );
  expect(store.list().map(({ trunk, access }) => `${trunk} ${access}`)).toEqual([
    'c open',
    'a held',
  ]);
});

describe('a sick trunk', () => {
  it('costs the first calls a retry and the rest nothing, whenever faults come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20_000 }), { minLength: 50, maxLength: 200 }), (waits) => {
        const store = storeOf();
        let sent = 0;
        let trials = 0;
        for (const [index, wait] of waits.entries()) {
          now += wait;
          const { access } = store.read('a');
          if (access === 'held') continue;
          if (access === 'probe' && !store.reserve('a', `s${index}`)) continue;
          if (access === 'probe') trials += 1;
          sent += 1;
          fail(store, 'trunk-congested', { hunt: `s${index}` });
        }
        expect(sent).toBeLessThanOrEqual(5 + trials);
        // 30 + 60 + 120 … seconds: trials grow with the logarithm of the time.
        const elapsed = now - 1_000_000;
        expect(trials).toBeLessThanOrEqual(
          Math.max(Math.log2(elapsed / 30_000 + 1) + 1, 0) + elapsed / DEFAULT_HEALTH.maxCooldown,
        );
      }),
    );
  });
});
