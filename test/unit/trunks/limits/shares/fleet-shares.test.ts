import fc from 'fast-check';
import type { Trunk, TrunkLimits } from '../../../../../src/policy/policy-data';
import { DEFAULT_HEALTH } from '../../../../../src/policy/health-settings';
import { FleetShares } from '../../../../../src/trunks/limits/shares/fleet-shares';
import type { ShareAsked } from '../../../../../src/trunks/limits/shares/limit-share';
import { InProcessTrunks } from '../../../../../src/trunks/limits/trunk-limits';
import { ShareBook } from '../../../../doubles/share-book';
import { START } from '../../../../doubles/policies';

const TIMES = { lease: 60_000, settle: 3_000, gap: 10_000 };
const PULSE_MS = 1_000;
const ASKED_AT_ONCE = 1_000;

function trunk(limits: TrunkLimits, name = 'a'): Trunk {
  const at = { file: 'p', line: 1, column: 1 };
  const times = { firstResponse: 1, ringTimeout: 1 };
  const dial = { asterisk: 'PJSIP/{number}@a' };
  return { name, at, dial, ...times, limits, health: DEFAULT_HEALTH, rules: [] };
}

/** An instance as it runs, but for the way to Redis and the clock. */
class Instance {
  readonly shares: FleetShares;
  readonly trunks: InProcessTrunks;
  calls: string[] = [];
  /** By the book's clock. */
  begun: number[] = [];
  private seen: number | undefined;
  private requests = 0;
  private hunts = 0;
  /** What did not reach the book in time, or its answer this instance. */
  late: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly book: ShareBook,
    private its: Trunk,
    /** Its own clock is so many milliseconds from the book's. */
    private readonly off = 0,
  ) {
    this.shares = new FleetShares(name);
    this.trunks = new InProcessTrunks(undefined, this.shares);
    this.shares.configure([its]);
  }

  get now(): number {
    return START + this.book.now + this.off;
  }

  private get kind() {
    return this.its.limits.concurrentCalls === undefined ? 'starts' : 'calls';
  }

  get mine(): number | undefined {
    return this.shares.of('a', this.kind)?.mine;
  }

  get inUse(): number {
    return this.trunks.inUseOn('a');
  }

  configure(limits: TrunkLimits): void {
    this.its = trunk(limits);
    this.shares.configure([this.its]);
  }

  /** @returns undefined if the call has begun */
  call(): string | undefined {
    const obstacle = this.trunks.obstacle(this.its, this.now);
    if (obstacle) return obstacle.why;
    const hunt = `${this.name}-${this.hunts++}`;
    const about = { trunk: this.its, budget: undefined };
    const lost = this.trunks.commit({ trunk: 'a', retry: false }, about, hunt, this.now);
    if (lost !== undefined) return lost;
    this.calls.push(hunt);
    this.begun.push(this.book.now);
    return undefined;
  }

  hangUp(): void {
    const hunt = this.calls.shift();
    if (hunt !== undefined) this.trunks.release(hunt);
  }

  /**
   * @param way what becomes of what is sent
   * @param wayOfGiven and of what is given back in the same pulse
   */
  pulse(
    way: 'there' | 'unanswered' | 'late' | 'cut' = 'there',
    wayOfGiven: 'there' | 'unanswered' | 'late' = way === 'cut' ? 'there' : way,
  ): void {
    if (way === 'cut') return this.shares.alone();
    this.hear();
    this.tell(this.shares.asks(this.trunks, this.now, ASKED_AT_ONCE), way, (answered) =>
      this.tell(this.shares.gives(answered, this.trunks, this.now), wayOfGiven),
    );
  }

  stop(): void {
    this.hear();
    this.tell(this.shares.leave(this.trunks, this.now), 'there');
  }

  private hear(): void {
    const told = this.shares.toldEpoch;
    const { version, instances, place, list, epoch, changed } = this.book.pulse(
      this.name,
      this.seen,
      told,
    );
    this.seen = version;
    this.shares.seen({
      instances,
      place,
      list,
      epoch,
      changed,
      turn: Math.floor(this.book.now / 10_000),
    });
  }

  private tell(
    asked: readonly ShareAsked[],
    way: 'there' | 'unanswered' | 'late',
    then: (answered: readonly ShareAsked[]) => void = () => undefined,
  ): void {
    for (const one of asked) {
      const request = ++this.requests;
      const send = () => this.book.ask(this.name, request, one);
      if (way === 'there') this.shares.take(one, send());
      else {
        if (way === 'late') this.late.push(send);
        else send();
        this.shares.take(one, undefined);
      }
    }
    then(asked);
  }
}

function fleet(count: number, limits: TrunkLimits, sample?: number) {
  const book = new ShareBook(TIMES, sample);
  const all = Array.from(
    { length: count },
    (_, index) => new Instance(`i${index}`, book, trunk(limits), 60_000 * index),
  );
  const pulses = (times: number, of: readonly Instance[] = all) => {
    for (let index = 0; index < times; index++) {
      book.now += PULSE_MS;
      for (const one of of) one.pulse();
    }
  };
  return { book, all, pulses };
}

const shares = (all: readonly Instance[]) => all.map(({ mine }) => mine);
const sum = (all: readonly (number | undefined)[]) =>
  all.reduce<number>((total, one) => total + (one ?? 0), 0);

describe('shares of a limit', () => {
  it('are nothing until Redis has answered, and a part for each after four seconds in a new Redis', () => {
    const { all, pulses } = fleet(3, { concurrentCalls: 10 });
    expect(all[0]!.call()).toBe('its share of 10 calls at once is not known yet');
    pulses(2);
    expect(shares(all)).toEqual([undefined, undefined, undefined]);
    pulses(4);
    expect(shares(all)).toEqual([4, 3, 3]);
  });

  it('are named by what a decision says', () => {
    const { all, pulses } = fleet(3, { concurrentCalls: 10 });
    pulses(6);
    for (let index = 0; index < 4; index++) expect(all[0]!.call()).toBeUndefined();
    expect(all[0]!.call()).toBe('4 of its 4 calls at once (share of 10 over 3 instances)');
  });

  it('go where the calls are, within three pulses, and never below calls that run', () => {
    const { all, pulses } = fleet(2, { concurrentCalls: 10 });
    pulses(6);
    const [a, b] = all as [Instance, Instance];
    for (let index = 0; index < 20; index++) a.call();
    expect(a.inUse).toBe(5);
    for (let index = 0; index < 3; index++) {
      pulses(1);
      while (a.call() === undefined);
    }
    expect(a.inUse).toBe(10);
    b.call();
    pulses(3);
    expect([a.inUse, a.mine, b.mine]).toEqual([10, 9, 0]);
    // A call that ends makes room for the other's.
    a.hangUp();
    expect(a.call()).toBeDefined();
    pulses(2);
    expect(b.call()).toBeUndefined();
    expect(a.inUse + b.inUse).toBe(10);
  });

  it('go there too where each sees a few of many others', () => {
    const { all, pulses } = fleet(100, { concurrentCalls: 200 }, 12);
    pulses(30);
    expect(sum(shares(all))).toBeGreaterThanOrEqual(174);
    expect(Math.max(...shares(all).map(Number))).toBeLessThanOrEqual(4);
    const busy = all.slice(0, 5);
    for (let pulse = 0; pulse < 60; pulse++) {
      for (const one of busy)
        for (let index = 0; index < 20; index++) if (one.inUse < 20) one.call();
      pulses(1);
      expect(all.reduce((total, one) => total + one.inUse, 0)).toBeLessThanOrEqual(200);
    }
    // Nearly all that they need, where all that nobody needs would be 190 of 200.
    expect(Math.min(...busy.map(({ inUse }) => inUse))).toBeGreaterThanOrEqual(18);
  });

  it('of an instance that is cut off stay its own, and go to the others after a minute', () => {
    const { all, pulses } = fleet(2, { concurrentCalls: 10 });
    pulses(6);
    const [a, b] = all as [Instance, Instance];
    b.pulse('cut');
    for (let index = 0; index < 59; index++) {
      while (a.call() === undefined);
      pulses(1, [a]);
      expect([a.mine, b.mine]).toEqual([5, 5]);
    }
    for (let index = 0; index < 15; index++) {
      pulses(1, [a]);
      while (a.call() === undefined);
    }
    expect([a.mine, b.mine]).toEqual([10, 5]);
    // Back: what is left for it, and its part as calls end.
    while (b.call() === undefined);
    pulses(1);
    expect(b.mine).toBe(0);
    for (let index = 0; index < 5; index++) a.hangUp();
    pulses(3);
    expect(a.mine! + b.mine!).toBe(10);
  });

  it('of an instance that ends are free at once, but for the calls that go on', () => {
    const { all, pulses } = fleet(2, { concurrentCalls: 10 });
    pulses(6);
    const [a, b] = all as [Instance, Instance];
    b.call();
    b.stop();
    while (a.call() === undefined);
    for (let index = 0; index < 5; index++) {
      pulses(1, [a]);
      while (a.call() === undefined);
    }
    expect(a.inUse).toBe(9);
  });

  it('come to a new instance within two pulses', () => {
    const { book, all, pulses } = fleet(1, { concurrentCalls: 10 });
    pulses(6);
    expect(shares(all)).toEqual([10]);
    const late = new Instance('late', book, trunk({ concurrentCalls: 10 }));
    pulses(2, [late, ...all]);
    expect([all[0]!.mine, late.mine]).toEqual([5, 5]);
  });

  it('are kept by an instance that began without Redis only until it has seen it', () => {
    const { book, all, pulses } = fleet(1, { concurrentCalls: 10 });
    pulses(6);
    while (all[0]!.call() === undefined);
    const late = new Instance('late', book, trunk({ concurrentCalls: 10 }));
    late.pulse('cut');
    expect(late.call()).toBeUndefined();
    pulses(1, [late]);
    expect(late.call()).toBe('1 of its 0 calls at once (share of 10 over 2 instances)');
  });

  it('follow the smallest limit of all policies, and lower at once', () => {
    const { all, pulses } = fleet(2, { concurrentCalls: 10 });
    pulses(6);
    all[0]!.configure({ concurrentCalls: 4 });
    expect(all[0]!.mine).toBe(2);
    pulses(3);
    expect(shares(all)).toEqual([2, 2]);
    for (const one of all) one.configure({ concurrentCalls: 8 });
    pulses(14);
    expect(shares(all)).toEqual([4, 4]);
    all[1]!.configure({});
    pulses(14);
    expect(shares(all)).toEqual([8, undefined]);
  });

  it('where there are fewer calls than instances, each has its turn', () => {
    const { all, pulses } = fleet(3, { concurrentCalls: 1 });
    pulses(6);
    const served = new Set<string>();
    for (let second = 0; second < 90; second++) {
      for (const one of all) {
        if (one.call() === undefined) served.add(one.name);
      }
      expect(sum(all.map(({ inUse }) => inUse))).toBeLessThanOrEqual(1);
      if (second % 2) for (const one of all) one.hangUp();
      pulses(1);
    }
    expect(served.size).toBe(3);
  });

  it('nobody asks for anything while nothing changes', () => {
    const { book, all, pulses } = fleet(3, { concurrentCalls: 10 });
    pulses(30);
    const ask = jest.spyOn(book, 'ask');
    pulses(100);
    expect(ask.mock.calls.length).toBeLessThan(3);
    expect(shares(all)).toEqual([4, 3, 3]);
  });
});

describe('shares of more limits than are asked for in a pulse', () => {
  const USE = { use: () => 0 };
  const NOW = START;
  const names = Array.from({ length: 100 }, (_, index) => `t${index}`);
  const asked = (fleetShares: FleetShares, most: number) =>
    fleetShares.asks(USE, NOW, most).map((one) => one.trunk);

  it('are asked for first where a call was refused', () => {
    const own = new FleetShares('i');
    own.configure(names.map((name) => trunk({ concurrentCalls: 10 }, name)));
    own.refused('t70', 'calls');
    expect(asked(own, 10)).toContain('t70');
    expect(asked(own, 10)).not.toContain('t70');
  });

  it('of one that changed are looked at by a hundred of a thousand instances in each pulse', () => {
    const asked: number[] = [];
    const all = Array.from({ length: 1_000 }, (_, place) => {
      const shares = new FleetShares(`i${place}`);
      shares.configure([trunk({ concurrentCalls: 10_000 })]);
      return { place, shares };
    });
    for (let pulse = 0; pulse < 40; pulse++) {
      let asks = 0;
      for (const { place, shares } of all) {
        // Settled before: everything is looked at once in the first ten pulses.
        const changed = pulse === 20 ? ['calls:a'] : [];
        shares.seen({ instances: 1_000, place, list: 1, turn: 0, epoch: '1', changed });
        for (const one of shares.asks(USE, NOW, 20)) {
          shares.take(one, { share: 10, limit: 10_000, others: [], among: 0, young: false });
          asks += 1;
        }
      }
      asked.push(asks);
    }
    expect(asked.slice(11, 20)).toEqual(Array(9).fill(0));
    expect(asked.slice(20, 30)).toEqual(Array(10).fill(100));
    expect(asked.slice(30)).toEqual(Array(10).fill(0));
  });

  it.each([
    ['', [], 12],
    [', though others are new and refuse calls', names.map((name) => `new-${name}`), 25],
  ])('are all told to a Redis that has lost its memory%s', (_, added, most) => {
    const book = new ShareBook(TIMES);
    const own = new FleetShares('i');
    const configure = (all: readonly string[]) =>
      own.configure(all.map((name) => trunk({ concurrentCalls: 10 }, name)));
    configure(names);
    let requests = 0;
    let seen: number | undefined;
    const pulse = () => {
      const { version, changed, ...stands } = book.pulse('i', seen, own.toldEpoch);
      seen = version;
      own.seen({ ...stands, changed, turn: 0 });
      for (const name of added) own.refused(name, 'calls');
      for (const one of own.asks(USE, NOW, 20)) own.take(one, book.ask('i', ++requests, one));
      book.now += PULSE_MS;
      return own.toldEpoch;
    };
    for (let index = 0; index < 30; index++) pulse();
    book.loseAll();
    configure([...names, ...added]);
    let pulses = 1;
    while (pulse() === '' && pulses < 100) pulses += 1;
    // Each fifth of them is a new book, and then all is told once.
    expect(pulses).toBeLessThan(most);
  });
});

describe('what goes wrong on the way to the book', () => {
  const usable = (all: readonly Instance[]) =>
    sum(all.map((one) => Math.max(one.mine ?? 0, one.inUse)));

  /** Two that have five of ten each; the second needs more, and the first has not heard of it yet. */
  function needy() {
    const { book, all, pulses } = fleet(2, { concurrentCalls: 10 });
    pulses(6);
    const [a, b] = all as [Instance, Instance];
    while (b.call() === undefined);
    pulses(1, [b]);
    return { book, pulses, a, b };
  }

  it('a request that comes later than the next one changes nothing', () => {
    const { pulses, a, b } = needy();
    a.pulse('there', 'late');
    expect(a.mine).toBeLessThan(5);
    while (b.inUse > 0) b.hangUp();
    pulses(12, [b]);
    pulses(3, [a]);
    expect(a.mine).toBe(5);
    for (const send of a.late.splice(0)) send();
    for (let index = 0; index < 3; index++) {
      while (b.call() === undefined);
      pulses(1, [b]);
    }
    expect(usable([a, b])).toBe(10);
  });

  it('what was given back without an answer is not claimed in a Redis that has lost its memory', () => {
    const { book, pulses, a, b } = needy();
    a.pulse('there', 'unanswered');
    for (let index = 0; index < 3; index++) {
      pulses(1, [b]);
      while (b.call() === undefined);
    }
    expect(b.inUse).toBeGreaterThan(5);
    book.loseAll();
    pulses(8, [a, b]);
    expect(usable([a, b])).toBeLessThanOrEqual(10);
    expect(sum([a.mine, b.mine])).toBe(10);
  });

  it('nobody gets more from a Redis that has lost its memory before everybody has said what it has', () => {
    const { book, pulses, a, b } = needy();
    a.pulse();
    a.pulse();
    book.loseAll();
    for (let index = 0; index < 5; index++) {
      a.pulse('late');
      pulses(1, [b]);
      while (b.call() === undefined);
      expect(usable([a, b])).toBeLessThanOrEqual(10);
    }
    a.late = [];
    pulses(3, [a, b]);
    expect(sum([a.mine, b.mine])).toBe(10);
  });
});

describe('whatever comes in whatever order', () => {
  const who = fc.nat(3);
  const act = (weight: number, ...does: readonly string[]) => ({
    weight,
    arbitrary: fc.record({ does: fc.constantFrom(...does), who, ms: fc.nat(900) }),
  });
  const steps = fc.array(
    fc.oneof(
      act(8, 'pulse', 'calls'),
      act(4, 'hangs up', 'time'),
      act(2, 'unanswered', 'late', 'arrives'),
      act(1, 'all pulse', 'cut off', 'starts anew', 'Redis frozen', 'memory lost', 'older copy'),
    ),
    { minLength: 40, maxLength: 160 },
  );

  /** Plays the steps, and says after each what is so. */
  function play(
    limits: TrunkLimits,
    todo: readonly { does: string; who: number; ms: number }[],
    check: (all: readonly Instance[], book: ShareBook, gone: number) => void,
  ): void {
    const { book, all, pulses } = fleet(4, limits);
    const heard = new Map<Instance, number>();
    /** By then all have been heard of by the new server. */
    let due = Infinity;
    const pulse = (one: Instance, way?: 'there' | 'unanswered' | 'late') => {
      one.pulse(way);
      heard.set(one, book.now);
    };
    const lost = (how: () => void) => {
      how();
      // Whoever starts anew while Redis is away is not told of here.
      gone = [];
      for (const one of all) heard.set(one, -Infinity);
      due = book.now + TIMES.settle - 1_000;
    };
    pulses(6);
    for (const one of all) pulse(one);
    /** Calls that go on though nobody counts them any more. */
    let gone: { until: number; calls: number }[] = [];
    for (const [index, { does, who: which, ms }] of todo.entries()) {
      const one = all[which]!;
      if (does === 'pulse') pulse(one);
      if (does === 'all pulse') for (const other of all) pulse(other);
      if (does === 'unanswered' || does === 'late') pulse(one, does);
      if (does === 'arrives') one.late.splice(0).forEach((send) => send());
      // One that has never had a share goes on as if it were alone.
      if (does === 'cut off' && one.mine) one.pulse('cut');
      if (does === 'calls') while (one.call() === undefined);
      if (does === 'hangs up') one.hangUp();
      if (does === 'time') book.now += ms;
      if (does === 'starts anew' && due === Infinity) {
        gone.push({ until: (heard.get(one) ?? 0) + TIMES.lease, calls: one.inUse });
        all[which] = new Instance(`n${index}`, book, trunk(limits));
        pulse(all[which]);
      }
      if (does === 'Redis frozen') lost(() => (book.now += 70_000));
      if (does === 'memory lost') lost(() => book.loseAll());
      if (does === 'older copy') {
        const copy = book.copy();
        for (const other of all) if (other !== one) pulse(other);
        lost(copy);
      }
      for (const other of all) {
        const at = heard.get(other) ?? -Infinity;
        // As long as anybody may be away without losing its share.
        if (
          book.now <
          Math.min(at === -Infinity ? due : Infinity, Math.max(at, 0) + TIMES.lease - 2_000)
        )
          continue;
        if (at === -Infinity && book.now < due) continue;
        pulse(other);
      }
      if ([...all].every((other) => (heard.get(other) ?? 0) > 0)) due = Infinity;
      gone = gone.filter(({ until }) => until > book.now);
      check(all, book, sum(gone.map(({ calls }) => calls)));
    }
  }

  it('calls of all together never exceed the limit, until an instance was away for longer than its lease', () => {
    let most = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (concurrentCalls, todo) => {
        play({ concurrentCalls }, todo, (all, _book, gone) => {
          const running = gone + sum(all.map(({ inUse }) => inUse));
          const usable = sum(all.map((one) => Math.max(one.mine ?? 0, one.inUse)));
          expect([running <= concurrentCalls, usable <= concurrentCalls]).toEqual([true, true]);
          most = Math.max(most, running);
        });
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(most).toBeGreaterThan(4);
  });

  it('calls that all together begin never exceed the limit within any second', () => {
    let most = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (callsPerSecond, todo) => {
        const limits = { callsPerSecond };
        const begun: number[] = [];
        play(limits, todo, (all, book) => {
          for (const one of all) {
            begun.push(...one.begun.splice(0));
            // There are no calls that go on.
            one.hangUp();
          }
          const last = begun.filter((at) => at > book.now - 1_000).length;
          expect(last).toBeLessThanOrEqual(callsPerSecond);
          most = Math.max(most, last);
        });
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(most).toBeGreaterThan(4);
  });
});
