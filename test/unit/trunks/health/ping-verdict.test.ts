import fc from 'fast-check';
import { FAULT_OF } from '../../../../src/model/classes';
import { judgePing } from '../../../../src/trunks/health/ping-verdict';
import { DEFAULT_HEALTH, type HealthSettings } from '../../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../../src/trunks/health/single-instance-store';

let now = 0;

function storeOf(settings: Partial<HealthSettings> = { ping: { down: 3, up: 2 } }) {
  now = 1_000_000;
  return new SingleInstanceStore({
    trunks: new Map([['a', { ...DEFAULT_HEALTH, ...settings }]]),
    now: () => now,
    random: () => 0,
    instance: 'test',
  });
}

type Answer = number | 'silent' | 'unclear';

/** What the PBX's OPTIONS came to, a second apart. */
function ping(store: SingleInstanceStore, ...answers: Answer[]) {
  for (const answer of answers) {
    now += 1000;
    store.pinged({
      trunk: 'a',
      answered: answer !== 'silent',
      ...(typeof answer === 'number' && { sip: answer }),
    });
  }
}

function call(store: SingleInstanceStore, hunt: string) {
  store.report({ trunk: 'a', hunt, number: '200', outcome: { kind: 'answered' } });
}

function fault(store: SingleInstanceStore, number: string) {
  const failure = {
    class: 'trunk-congested',
    fault: FAULT_OF['trunk-congested'],
    origin: 'far',
    rang: false,
  } as const;
  store.report({ trunk: 'a', hunt: number, number, outcome: { kind: 'failed', failure } });
}

describe('the answer to an OPTIONS', () => {
  it.each([200, 204, 302, 401, 403, 404, 405, 407, 486, 489, 501, 603])('%i is up', (sip) => {
    expect(judgePing({ answered: true, sip })).toEqual({ kind: 'up' });
  });

  it.each([408, 430, 500, 502, 503, 504, 505, 599])('%i is down', (sip) => {
    expect(judgePing({ answered: true, sip })).toMatchObject({ kind: 'down', sip });
  });

  it('is neither where nobody knows its status', () => {
    expect(judgePing({ answered: true })).toEqual({ kind: 'unclear' });
  });

  it('is down where none came', () => {
    expect(judgePing({ answered: false })).toEqual({ kind: 'down', class: 'trunk-timeout' });
  });
});

describe('a trunk whose OPTIONS count', () => {
  it('is held without any call when enough in a row were not answered', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent');
    expect(store.read('a').access).toBe('open');
    ping(store, 'silent');
    expect(store.read('a')).toMatchObject({
      access: 'held',
      trips: 0,
      hold: {
        cause: 'ping',
        side: 'local',
        absolute: false,
        why: '3 OPTIONS in a row without an answer',
        until: now + DEFAULT_HEALTH.maxCooldown,
      },
    });
  });

  it('is held by a 503 to each of them', () => {
    const store = storeOf();
    ping(store, 503, 503, 503);
    expect(store.read('a').hold).toMatchObject({
      class: 'trunk-congested',
      why: '3 OPTIONS in a row failed, the last one by 503',
    });
  });

  it('is not held where good answers, or answers that nobody knows, come between', () => {
    const store = storeOf();
    ping(store, 'silent', 503, 200, 'silent', 503, 'unclear', 'silent', 'silent');
    expect(store.read('a').access).toBe('open');
  });

  it('is not held where a call gets through between them', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent');
    call(store, 'h');
    ping(store, 'silent', 'silent');
    expect(store.read('a').access).toBe('open');
  });

  it('may be tried when enough good answers in a row came, and is closed by a call', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent', 'silent', 200, 503, 200, 'unclear', 200);
    expect(store.read('a').access).toBe('held');
    ping(store, 404);
    expect(store.read('a')).toMatchObject({ phase: 'half-open', access: 'probe' });
    expect(store.list()[0]).toMatchObject({ since: now, hold: { until: now } });
    expect(store.reserve('a', 'h')).toBe(true);
    expect(store.reserve('a', 'other')).toBe(false);
    call(store, 'h');
    expect(store.read('a')).toMatchObject({ phase: 'closed', access: 'open' });
  });

  it('is not put back by a 503, however often', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent', 'silent');
    const { id, since } = store.read('a').hold!;
    ping(store, ...Array<Answer>(50).fill(503));
    expect(store.read('a').hold).toMatchObject({
      id,
      since,
      until: now + DEFAULT_HEALTH.maxCooldown,
    });
  });

  it('is tried by a call at last where the PBX has stopped asking', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent', 'silent');
    now += DEFAULT_HEALTH.maxCooldown;
    expect(store.read('a').access).toBe('probe');
  });

  it('stays held for what calls have met, whatever its OPTIONS say', () => {
    const store = storeOf();
    for (const number of ['1', '2', '3', '4', '5']) fault(store, number);
    ping(store, 200, 200, 200, 200);
    expect(store.read('a')).toMatchObject({ access: 'held', hold: { cause: 'faults' } });
  });

  it('is not tried after a cooldown while its OPTIONS are not answered', () => {
    const store = storeOf();
    for (const number of ['1', '2', '3', '4', '5']) fault(store, number);
    ping(store, 'silent', 'silent', 'silent');
    now += DEFAULT_HEALTH.cooldown;
    expect(store.read('a')).toMatchObject({ access: 'held', hold: { cause: 'ping' } });
    expect(store.reserve('a', 'h')).toBe(false);
    ping(store, 200, 200);
    expect(store.reserve('a', 'h')).toBe(true);
    call(store, 'h');
    expect(store.read('a').access).toBe('open');
  });

  it('is put back by an operator', () => {
    const store = storeOf();
    ping(store, 'silent', 'silent', 'silent');
    store.clear('a');
    expect(store.read('a').access).toBe('open');
  });

  it('never goes from held to trial but by good answers in a row, or by time', () => {
    const answer = fc.constantFrom<Answer>('silent', 503, 200, 404, 'unclear');
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 60 }), (answers) => {
        const store = storeOf();
        const seen: Answer[] = [];
        let before = store.read('a').phase;
        for (const next of answers) {
          ping(store, next);
          seen.push(next);
          const { phase } = store.read('a');
          const last = (count: number) => seen.slice(-count);
          const bad = (one: Answer) => one === 'silent' || one === 503;
          if (before === 'held' && phase !== 'held') {
            expect(last(2).every((one) => one === 200 || one === 404)).toBe(true);
          }
          if (before !== 'held' && phase === 'held') expect(last(3).every(bad)).toBe(true);
          before = phase;
        }
      }),
    );
  });
});

it('OPTIONS say nothing where the policy does not ask for them', () => {
  const store = storeOf({});
  ping(store, ...Array<Answer>(20).fill('silent'));
  expect(store.read('a').access).toBe('open');
  store.pinged({ trunk: 'x', answered: false });
});
