import { route } from '../../../src/policy/routes/route';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { decideAndReserve } from '../../../src/trunks/reserve';
import type { Lost } from '../../../src/trunks/trunk-store';
import type { Reservation } from '../../../src/policy/trunk-port';
import { decide } from '../../../src/policy/decide';
import { failureOf, huntOf, policyOf, START } from '../../doubles/policies';

const POLICY = policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "*", trunks: [a, b] }]
limits: { retry_budget: { ratio: 0%, min_per_second: 1 } }
`);

/** A store that loses what it is told to, although it never showed it. */
class Losing extends InProcessTrunks {
  readonly asked: string[] = [];

  constructor(private readonly loses: (reservation: Reservation) => Lost | undefined) {
    super();
  }

  override commit(...args: Parameters<InProcessTrunks['commit']>): Lost | undefined {
    this.asked.push(args[0].trunk);
    return this.loses(args[0]) ?? super.commit(...args);
  }
}

const first = (store: InProcessTrunks) => {
  const hunt = huntOf([]);
  return decideAndReserve(
    (state) => route(POLICY, hunt, state, START),
    { policy: POLICY, hunt, owner: 'h' },
    store,
    START,
  );
};

describe('a decision and its reservation', () => {
  it('are one where nothing is lost', () => {
    const store = new Losing(() => undefined);
    expect(first(store).decision.outcome).toMatchObject({ trunk: 'a' });
    expect(store.inUseOn('a')).toBe(1);
  });

  it('are made again without a trunk that was lost in between', () => {
    const store = new Losing(({ trunk }) => (trunk === 'a' ? 'trunk' : undefined));
    const { decision, trunks } = first(store);
    expect(decision.outcome).toMatchObject({ trunk: 'b' });
    expect(trunks.obstacles).toMatchObject({ a: { kind: 'lost' } });
    expect([store.inUseOn('a'), store.inUseOn('b')]).toEqual([0, 1]);
  });

  it('end where every trunk is lost', () => {
    const store = new Losing(() => 'trunk');
    const { decision } = first(store);
    expect(decision).toMatchObject({
      outcome: { kind: 'relay', sip: 503 },
      refused: ['trunks-full'],
    });
    expect(store.asked).toEqual(['a', 'b']);
  });

  it('are made again without a budget that was lost', () => {
    const store = new Losing(() => 'budget');
    const hunt = huntOf(['a:503']);
    const { decision } = decideAndReserve(
      (state) => decide(POLICY, hunt, failureOf(503), state, START),
      { policy: POLICY, hunt, owner: 'h' },
      store,
      START,
    );
    expect(decision).toMatchObject({ outcome: { kind: 'relay' }, refused: ['budget-spent'] });
  });

  it('never hang on a store that refuses a call for help', () => {
    const store = new Losing(() => 'trunk');
    const hunt = huntOf([], { number: '112' });
    const { decision } = decideAndReserve(
      (state) => route(POLICY, hunt, state, START),
      { policy: POLICY, hunt, owner: 'h' },
      store,
      START,
    );
    expect(decision.outcome).toMatchObject({ kind: 'dial', trunk: 'a' });
    expect(store.asked).toEqual(['a', 'a']);
  });
});
