import fc from 'fast-check';
import type { Hunt } from '../../../../src/policy/hunt';
import { makePlan, type Slots } from '../../../../src/policy/plan/plan';
import { travelOf, type TravelQuestion } from '../../../../src/policy/plan/travel';
import { decide } from '../../../../src/policy/decide';
import { failureOf } from '../../../../src/policy/failure-of';
import { modeOfCall } from '../../../../src/policy/mode';
import type { Trunk } from '../../../../src/policy/policy-data';
import { AS_DIALLED, inForm } from '../../../../src/policy/routes/number-forms';
import { route } from '../../../../src/policy/routes/route';
import { frozen, type TrunkSnapshot } from '../../../../src/policy/trunk-snapshot';
import {
  hunts,
  moments,
  patientPolicies,
  plainPolicies,
  trunkStates,
} from '../../../doubles/arbitraries';
import { policyOf, START } from '../../../doubles/policies';
import { firstFor, forNumber } from '../../../doubles/travelling';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);

/** Trunks as a store would show them: those with limits of their own are rationed. */
function storeOf(trunks: TrunkSnapshot) {
  const rationed = ({ limits }: Trunk) =>
    limits.concurrentCalls !== undefined || limits.callsPerSecond !== undefined;
  return { ...frozen(trunks), rationed };
}

const IDLE: TrunkSnapshot = { obstacles: {}, turn: 0 };

function travelFor(text: string, more: Partial<TravelQuestion> = {}) {
  const policy = policyOf(`version: 1
emergency: [112]
timezone: Europe/Berlin
numbering: { country_code: "49", national_prefix: "0", international_prefix: "00" }
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  few: { dial: { asterisk: "PJSIP/{number}@c" }, limits: { concurrent_calls: 2 } }
  plus: { dial: { asterisk: "PJSIP/{number}@d" }, number: { format: plus } }
  own: { dial: { asterisk: "PJSIP/{number}@e" }, caller_id: { allowed: ["1*"], else: "100" } }
  theirs: { dial: { asterisk: "PJSIP/{number}@f" }, caller_id: { allowed: ["*"], else: "2" } }
  other: { dial: { asterisk: "PJSIP/{number}@h" }, caller_id: { allowed: ["3"], else: "2" } }
  his: { dial: { asterisk: "PJSIP/{number}@g" }, caller_id: { allowed: ["3"], else: "3" } }
${text}`);
  const { entries, changesAt } = travelOf({
    policy,
    store: storeOf(IDLE),
    reasonsKnown: false,
    now: START,
    ...more,
  });
  return {
    entries,
    changesAt,
    of: (number: string, from?: string) => firstFor(entries, number, from),
  };
}

function slotsOf(slots: Slots = new Map()): string[] {
  return [...slots].map(
    ([
      sip,
      {
        decision: { outcome },
      },
    ]) => `${sip} ${outcome.kind}`,
  );
}

it('counts the routes that begin, and says in few words why the others ask', () => {
  const policy = policyOf(`version: 1
emergency: []
timezone: Europe/Berlin
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  held: { dial: { asterisk: "PJSIP/{number}@h" } }
  few: { dial: { asterisk: "PJSIP/{number}@c" }, limits: { concurrent_calls: 2 } }
  own: { dial: { asterisk: "PJSIP/{number}@e" }, caller_id: { allowed: ["1*"], else: "100" } }
routes:
  - { digits: "01*", trunks: [a, b] }
  - { digits: "02*", trunks: [b] }
  - { digits: "03*", trunks: [a], from: "1*" }
  - { digits: "04*", trunks: [a, b], strategy: round-robin }
  - { digits: "05*", trunks: [few] }
  - { digits: "06*", trunks: [own] }
  - { digits: "07*", trunks: [a], mode: observe }
  - { digits: "08*", trunks: [held] }
  - { digits: "09*", trunks: [own, a] }
`);
  const store = storeOf({ ...IDLE, obstacles: { held: { kind: 'held', why: 'held' } } });
  const counted = jest.fn();
  travelOf({ policy, store, reasonsKnown: false, now: START }, counted);
  expect(counted).toHaveBeenCalledWith(
    {
      begin: 4,
      ask: {
        'their from counts': 1,
        'a turn counts': 1,
        'limits of a trunk count': 1,
        'they are only observed': 1,
        'no trunk to dial now': 1,
      },
      more: false,
    },
    expect.any(Set),
  );
});

it('says where there are more routes than are looked at', () => {
  const routes = Array.from({ length: 200 }, (_, at) => `{ digits: "${1000 + at}", trunks: [a] }`);
  const text = `version: 1
emergency: []
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [${routes.join(', ')}]
`;
  const counted = jest.fn();
  const about = { store: storeOf(IDLE), reasonsKnown: false, now: START };
  travelOf({ ...about, policy: policyOf(text) }, counted);
  expect(counted).toHaveBeenCalledWith(
    { begin: 32, ask: {}, more: true },
    expect.objectContaining({ size: 32 }),
  );
});

describe('what travels', () => {
  it('is how the calls of a route begin, and what follows a failure', () => {
    const { of } = travelFor(
      'routes: [{ digits: "*", trunks: [a, b], mailbox: "{number}@default" }]',
    );
    const first = of('0301234567');
    expect(first?.trunk).toBe('a');
    expect(first?.mailbox).toBe('{number}@default');
    expect(slotsOf(first?.plan?.beforeProgress)).toEqual([
      '404 relay',
      '480 voicemail',
      '486 voicemail',
      '500 dial',
      '503 dial',
      '600 voicemail',
      '603 relay',
    ]);
  });

  it('asks for help', () => {
    const { of } = travelFor('routes: [{ digits: "*", trunks: [a, b] }]');
    expect(of('112')).toBeUndefined();
    expect(of('1120')).toBeDefined();
  });

  it.each([
    ['a caller', 'from: "+49*", trunks: [a, b]'],
    ['a time of day', 'time: "Mo-Fr 08:00-18:00", trunks: [a, b]'],
    ['a context', 'context: from-phones, trunks: [a, b]'],
    ['chance', 'trunks: [a, b], strategy: weighted, weights: { a: 1, b: 1 }'],
    ['its turn', 'trunks: [a, b], strategy: round-robin'],
    ['a limit', 'trunks: [a, few]'],
    ['callers in too many ways', 'trunks: [own, theirs, his]'],
    ['a refusal', 'refuse: 403'],
    ['its mode', 'mode: observe, trunks: [a, b]'],
  ])(
    'is nothing for a route that depends on %s, nor for its numbers by a later route',
    (_, rest) => {
      const { of } = travelFor(`routes:
  - { digits: "0*", ${rest} }
  - { digits: "*", trunks: [a, b] }`);
      expect(of('030')).toBeUndefined();
      expect(of('1001')?.trunk).toBe('a');
    },
  );

  it('has for each trunk what becomes of a number, by its first characters and its length', () => {
    const { entries, of } = travelFor(`routes:
  - { digits: "9*", number: { strip: "9" }, trunks: [b, plus] }
  - { digits: "*", trunks: [a, plus], mailbox: "{number}@default" }`);
    const formsOf = (number: string): unknown =>
      Object.fromEntries<unknown>(of(number)?.forms ?? [['asks', 0]]);
    expect(formsOf('0049301')).toEqual({ plus: { cut: 2, put: '+' } });
    expect(formsOf('201')).toEqual({});
    expect(formsOf('9201')).toEqual({ b: { cut: 1, put: '' }, plus: { cut: 1, put: '' } });
    expect(formsOf('90049301')).toEqual({ b: { cut: 1, put: '' }, plus: { cut: 3, put: '+' } });
    expect(formsOf('0301234567')).toEqual({ plus: { cut: 1, put: '+49' } });
    // Nothing would be left.
    expect(formsOf('9')).toEqual({ asks: 0 });
    // One plan for all numbers of a route.
    expect(new Set(entries.flatMap(({ first }) => first?.plan ?? [])).size).toBe(2);
  });

  it('has for each trunk the caller that it presents, by whom it accepts', () => {
    const { of, entries } = travelFor('routes: [{ digits: "*", trunks: [own, theirs] }]');
    const shown = (from?: string) => {
      const first = of('201', from);
      const outcome = first?.plan?.beforeProgress.get(503)?.decision.outcome;
      return [first?.callerId, outcome && 'callerId' in outcome ? outcome.callerId : undefined];
    };
    expect(shown('1')).toEqual([undefined, undefined]);
    expect(shown('2')).toEqual(['100', undefined]);
    expect(shown('anonymous')).toEqual(['100', undefined]);
    expect(shown()).toEqual(['100', '2']);
    // Nobody is accepted by the first one alone, as far as an example could be found.
    expect(entries.at(-1)).toMatchObject({ callers: { fits: [] } });
  });

  it('goes on by another identity where it is another one for every caller, and asks where it may be the same', () => {
    const { of } = travelFor(`routes:
  - { digits: "1*", trunks: [a, own] }
  - { digits: "2*", trunks: [a, other] }
  - { digits: "3*", trunks: [other, own] }
rules:
  - { when: { sip: 500 }, do: { retry: next-trunk, another_identity: true } }
  - { when: { sip: 500 }, do: { relay: true } }`);
    const after500 = (number: string, from?: string) =>
      of(number, from)?.plan?.beforeProgress.get(500)?.decision.outcome;
    expect(after500('1', '201')).toMatchObject({ trunk: 'own', callerId: '100' });
    // Accepted by both.
    expect(after500('1', '100')).toMatchObject({ kind: 'relay' });
    // The caller may be the very number.
    expect(after500('2', '9')).toBeUndefined();
    expect(after500('3', '9')).toMatchObject({ trunk: 'own', callerId: '100' });
  });

  it('has a mailbox for numbers that may have one, whatever comes first in the route', () => {
    const { of } = travelFor(`routes:
  - { digits: ["_*7X", "1XX", "_*[18]"], trunks: [a, b], mailbox: "{number}@default" }`);
    const after486 = (number: string) =>
      of(number)?.plan?.beforeProgress.get(486)?.decision.outcome.kind;
    expect([after486('*72'), after486('101'), after486('*8')]).toEqual([
      'relay',
      'voicemail',
      'relay',
    ]);
  });

  it('leaves open what a rule asks of the call', () => {
    const { of } = travelFor(`routes: [{ digits: "*", trunks: [a, b] }]
rules:
  - { when: { sip: 500, from: "1*" }, do: { relay: true } }
  - { when: { sip: 503, digits: "0*" }, do: { relay: true } }
  - { when: { sip: 603, callee_country: DE }, do: { relay: true } }
  - { when: { sip: 600, context: c }, do: { relay: true } }`);
    expect(slotsOf(of('1')?.plan?.beforeProgress)).toEqual(['404 relay', '480 relay', '486 relay']);
  });

  it('begins with the trunk that can take calls, and with none where every one is held', () => {
    const held = { kind: 'held', why: 'by hand' } as const;
    const text = 'routes: [{ digits: "*", trunks: [a, b] }]';
    const without = (...names: string[]) =>
      travelFor(text, {
        store: storeOf({ ...IDLE, obstacles: Object.fromEntries(names.map((one) => [one, held])) }),
      }).of('1')?.trunk;
    expect([without(), without('a'), without('a', 'b')]).toEqual(['a', 'b', undefined]);
  });

  it('tells when a hold ends that keeps calls away', () => {
    const held = (until: number) => ({ kind: 'held', why: 'x', until }) as const;
    const obstacles = { a: held(START + 9), b: held(START + 5), few: held(START + 1) };
    const routes = 'routes: [{ digits: "*", trunks: [a, b] }]';
    expect(travelFor(routes, { store: storeOf({ ...IDLE, obstacles }) }).changesAt).toBe(START + 5);
    expect(travelFor(routes).changesAt).toBeUndefined();
  });

  it('ends where a table of routes would be too long, and never with a later route for an earlier one', () => {
    const many = Array.from(
      { length: 40 },
      (_, at) => `  - { digits: "${10 + at}*", trunks: [b] }`,
    );
    const { entries, of } = travelFor(
      `routes:\n${many.join('\n')}\n  - { digits: "*", trunks: [a] }`,
    );
    expect(entries.length).toBeLessThan(40);
    expect(of('10')?.trunk).toBe('b');
    expect(of('69')).toBeUndefined();
    expect(of('8')).toBeUndefined();
  });
});

describe('whatever the policy, the call and the trunks', () => {
  it('the PBX begins a call as is decided, and goes on as its own plan would', () => {
    let begun = 0;
    let slots = 0;
    let formed = 0;
    let replaced = 0;
    fc.assert(
      fc.property(
        plainPolicies,
        hunts,
        trunkStates,
        moments,
        fc.boolean(),
        (policy, other, trunks, now, reasonsKnown) => {
          const { number, from, context, codecs, draw } = other;
          const hunt: Hunt = {
            ...{ number, startedAt: now, attempts: [], mailboxMissing: false },
            ...(from !== undefined && { from }),
            ...(context !== undefined && { context }),
            ...(codecs && { codecs }),
            ...(draw !== undefined && { draw }),
          };
          const store = storeOf(trunks);
          const about = { policy, store, reasonsKnown, now };
          const first = firstFor(travelOf(about).entries, number, from);
          if (!first) return;
          begun += 1;
          const { trunk, plan, forms, callerId } = first;
          if (callerId !== undefined) replaced += 1;
          expect(modeOfCall(policy, hunt).mode).toBe('decide');
          const decided = route(policy, hunt, frozen(trunks), now);
          const own = inForm(forms.get(trunk) ?? AS_DIALLED, number);
          if (own !== number) formed += 1;
          const shown = callerId === undefined ? {} : { callerId };
          expect(decided.outcome).toEqual({ kind: 'dial', trunk, number: own, ...shown });
          const ordinary = makePlan({ ...about, hunt, trunk });
          for (const when of ['beforeProgress', 'afterProgress'] as const) {
            for (const [sip, { decision, failureClass }] of plan?.[when] ?? []) {
              slots += 1;
              expect(ordinary?.[when].get(sip)).toEqual({
                decision: forNumber(decision, first, number),
                ...(failureClass !== undefined && { failureClass }),
              });
            }
          }
          // A slot more may have a pause of its own.
          if (ordinary && plan) expect(ordinary.until).toBeLessThanOrEqual(plan.until);
        },
      ),
      { numRuns: TIMES * 6 },
    );
    // Or the property would be shown of nothing.
    expect(begun).toBeGreaterThan(TIMES / 8);
    expect(slots).toBeGreaterThan(TIMES / 4);
    expect(formed).toBeGreaterThan(TIMES / 20);
    expect(replaced).toBeGreaterThan(TIMES / 50);
  });

  it('goes on without anybody to ask as is decided on status, phrase and ringing alone, at any time of its', () => {
    let steps = 0;
    let later = 0;
    let replaced = 0;
    const kinds = new Set<string>();
    fc.assert(
      fc.property(
        patientPolicies,
        hunts,
        trunkStates,
        moments,
        fc.nat(40_000_000),
        fc.context(),
        (policy, other, trunks, now, laterBy, context) => {
          const { number, from, context: dialplan, draw } = other;
          const store = storeOf(trunks);
          const first = firstFor(
            travelOf({ policy, store, reasonsKnown: true, now }).entries,
            number,
            from,
          );
          if (!first?.unattended) return;
          const { unattended } = first;
          const startedAt = now + laterBy;
          for (const step of unattended.steps) {
            const sipOf = (index: number) =>
              index === step.trunks.length - 1 ? step.said?.sip : (index + laterBy) % 2 ? 503 : 480;
            const hunt: Hunt = {
              ...{ number, startedAt, mailboxMissing: false },
              attempts: step.trunks.map((trunk, index) => {
                const sip = sipOf(index);
                const isLast = index === step.trunks.length - 1;
                return { trunk, rang: isLast && step.rang, ...(sip !== undefined && { sip }) };
              }),
              ...(from !== undefined && { from }),
              ...(dialplan !== undefined && { context: dialplan }),
              ...(draw !== undefined && { draw }),
            };
            const evidence = {
              ...{ source: 'dialplan', rang: step.rang, progress: step.rang },
              ...(step.said
                ? { ...step.said, origin: 'far' as const }
                : { origin: 'no-response' as const }),
            };
            const failure = failureOf([evidence], policy, step.trunks.at(-1) ?? '');
            const at = startedAt + Math.max(0, unattended.within - 1);
            const { outcome } = decide(
              policy,
              hunt,
              failure,
              frozen(trunks),
              unattended.within > 0 ? at : startedAt,
            );
            context.log(JSON.stringify({ step, outcome }));
            if (unattended.within <= 0) continue;
            steps += 1;
            if (step.trunks.length > 1) later += 1;
            kinds.add(outcome.kind);
            if ('callerId' in outcome) replaced += 1;
            expect(outcome).toEqual(forNumber(step.decision, first, number).outcome);
            expect(step.failureClass).toBe(failure.class);
          }
        },
      ),
      { numRuns: TIMES * 10 },
    );
    expect([...kinds]).toEqual(expect.arrayContaining(['dial', 'relay', 'voicemail']));
    expect(steps).toBeGreaterThan(TIMES);
    expect(later).toBeGreaterThan(TIMES / 40);
    expect(replaced).toBeGreaterThan(TIMES / 40);
  });
});
