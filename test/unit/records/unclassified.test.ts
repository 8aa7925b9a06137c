import type { AttemptFailed, CallEvent } from '../../../src/events/call-event';
import type { Evidence, Failure } from '../../../src/model/failure';
import { failureOf } from '../../../src/policy/failure-of';
import type { WholePolicy } from '../../../src/policy/policy';
import { UnclassifiedResponses } from '../../../src/records/unclassified';
import { unclassifiedField, unclassifiedIn } from '../../../src/records/unclassified-in';
import { policyOf } from '../../doubles/policies';

function policyWith(
  phrases: string,
  trunks = '{ a: { carrier: zapappi, dial: *d }, b: { dial: *d } }',
) {
  const dial = '{ asterisk: "PJSIP/{number}@x" }';
  return policyOf(`version: 1
emergency: []
trunks: ${trunks.replaceAll('*d', dial)}
routes: [{ digits: "*", trunks: [b] }]
phrases: [${phrases}]
`);
}

const POLICY = policyWith('{ sip: 403, phrase: Lines full, class: trunk-congested }');
const said: Evidence = { source: 'dialplan', rang: false, progress: false, origin: 'far' };

function failure(more: Partial<Evidence>, trunk = 'b', policy: WholePolicy = POLICY): Failure {
  return failureOf([{ ...said, ...more }], policy, trunk);
}

function failed(more: Partial<Evidence>, about: Partial<AttemptFailed> = {}): AttemptFailed {
  const trunk = about.trunk ?? 'b';
  const base = {
    pbx: 'asterisk',
    hunt: 'h',
    number: '1',
    observed: false,
    complete: true,
  } as const;
  return { kind: 'attempt-failed', at: 1, ...base, trunk, failure: failure(more, trunk), ...about };
}

function told(events: readonly CallEvent[], policy: () => WholePolicy = () => POLICY) {
  const unclassified = new UnclassifiedResponses(policy);
  for (const event of events) unclassified.record(event);
  return unclassified;
}

describe('what nothing classifies in an attempt', () => {
  it.each<[string, Partial<Evidence>, readonly string[] | undefined]>([
    ['a phrase of its own', { sip: 403, phrase: 'Ask Bob' }, ['403 Ask Bob']],
    ['the standard phrase', { sip: 403, phrase: 'FORBIDDEN!' }, undefined],
    ["RFC 2543's phrase", { sip: 480, phrase: 'Temporarily not available' }, undefined],
    ['another usual one', { sip: 500, phrase: 'Internal Server Error' }, undefined],
    ['no phrase', { sip: 403, phrase: '' }, undefined],
    ['a shipped phrase', { sip: 403, phrase: 'No Money Left' }, undefined],
    ["a carrier's code", { sip: 403, phrase: 'Forbidden D36' }, undefined],
    ["the operator's phrase", { sip: 403, phrase: 'All lines full' }, undefined],
    ['a listed phrase on another status', { sip: 486, phrase: 'Lines full' }, ['486 Lines full']],
    ['a status of nobody', { sip: 499, phrase: 'Odd' }, ['499 Odd']],
    ['what this side ended', { sip: 487, phrase: 'Odd', origin: 'ours' }, undefined],
    ['a known cause', { sip: 480, reasons: [{ protocol: 'Q.850', cause: 31 }] }, undefined],
    [
      'a cause that Q.850 does not have',
      { sip: 480, reasons: [{ protocol: 'Q.850', cause: 120 }] },
      ['Q.850;cause=120'],
    ],
    [
      'no cause at all',
      { sip: 480, reasons: [{ protocol: 'Q.850', text: 'x' }] },
      ['Q.850;text="x"'],
    ],
    ['a SIP status', { sip: 480, reasons: [{ protocol: 'SIP', cause: 503 }] }, undefined],
    [
      'a SIP status of nobody',
      { sip: 480, reasons: [{ protocol: 'SIP', cause: 499 }] },
      ['SIP;cause=499'],
    ],
    ['a STIR code', { sip: 403, reasons: [{ protocol: 'STIR', cause: 436 }] }, undefined],
    [
      'a protocol of its own, told twice',
      {
        sip: 480,
        reasons: [{ protocol: 'X.25', cause: 5 }],
        provisional: [
          {
            sip: 183,
            phrase: 'Session Progress',
            sdp: false,
            reasons: [{ protocol: 'X.25', cause: 5 }],
          },
        ],
      },
      ['X.25;cause=5'],
    ],
    [
      'a phrase and a Reason',
      { sip: 603, phrase: 'Nope', reasons: [{ protocol: 'RELEASE_CAUSE', cause: 4 }] },
      ['603 Nope', 'RELEASE_CAUSE;cause=4'],
    ],
    [
      '603+ in the text',
      { sip: 603, reasons: [{ protocol: 'SIP', cause: 603, text: 'v=analytics1' }] },
      undefined,
    ],
  ])('%s', (_, more, expected) => {
    expect(unclassifiedField(failure(more)).unclassified).toEqual(expected);
  });

  it("a phrase of the trunk's own carrier is known there alone", () => {
    const more = { sip: 404, phrase: 'No Route Found' };
    expect(unclassifiedIn(failure(more, 'a')).phrase).toBeUndefined();
    expect(unclassifiedIn(failure(more, 'b')).phrase).toEqual(more);
  });
});

describe('each trunk', () => {
  it('has its own, the most frequent first, with the line that would classify it', () => {
    const unclassified = told([
      failed({ sip: 403, phrase: 'Ask Bob' }, { at: 10 }),
      failed({ sip: 603, phrase: 'Nope' }, { at: 20 }),
      failed({ sip: 603, phrase: 'Nope' }, { at: 30 }),
      failed({ sip: 503, phrase: 'Elsewhere' }, { trunk: 'a' }),
      failed({ sip: 480, reasons: [{ protocol: 'X.25', cause: 5 }] }, { at: 40 }),
    ]);
    expect(unclassified.of('b')).toEqual({
      leftOut: 0,
      seen: [
        {
          said: '603 Nope',
          kind: 'phrase',
          count: 2,
          lastAt: 30,
          class: 'declined',
          line: '- { sip: 603, phrase: "Nope", class: declined }',
        },
        expect.objectContaining({ said: '403 Ask Bob', count: 1 }),
        { said: 'X.25;cause=5', kind: 'reason', count: 1, lastAt: 40, class: 'unavailable' },
      ],
    });
    expect(unclassified.of('a')?.seen.map(({ said: text }) => text)).toEqual(['503 Elsewhere']);
    expect(told([failed({ sip: 486, phrase: 'Busy Here' })]).of('b')).toBeUndefined();
  });

  it('is one of the policy: a name that a dialplan makes up takes no room', () => {
    expect(told([failed({ sip: 403, phrase: 'x y' }, { trunk: 'made-up' })]).of('made-up')).toBe(
      undefined,
    );
  });

  it('counts a phrase with a number once, whatever the number is', () => {
    const numbers = ['491711234567', '+36 30 123 45 67', '030-5550100'];
    const unclassified = told(
      numbers.map((number) => failed({ sip: 403, phrase: `Number ${number} is barred` })),
    );
    expect(unclassified.of('b')?.seen).toMatchObject([
      {
        said: '403 Number … is barred',
        count: 3,
        line: '- { sip: 403, phrase: "is barred", class: forbidden }',
      },
    ]);
  });

  it('counts an attempt once, though its evidence comes in two parts', () => {
    const phrase = { sip: 480, phrase: 'Ask Bob' };
    const reported = failure(phrase);
    const whole = failure({ ...phrase, reasons: [{ protocol: 'X.25', cause: 5 }] });
    const unclassified = told([
      failed(phrase, { complete: false }),
      {
        kind: 'evidence-completed',
        at: 2,
        pbx: 'asterisk',
        hunt: 'h',
        number: '1',
        trunk: 'b',
        reported,
        failure: whole,
      },
    ]);
    expect(unclassified.of('b')?.seen.map(({ said: text, count }) => [text, count])).toEqual([
      ['480 Ask Bob', 1],
      ['X.25;cause=5', 1],
    ]);
  });

  it('counts an attempt once that was observed before it was handed over', () => {
    const more = { sip: 480, phrase: 'Ask Bob' };
    const observed: CallEvent = {
      kind: 'attempt-observed',
      at: 1,
      pbx: 'freeswitch',
      leg: 'l',
      number: '1',
      trunk: 'b',
      known: true,
      failure: failure(more),
      ms: 1,
    };
    const handed = failed(more, { observed: true });
    expect(told([observed, handed]).of('b')?.seen[0]?.count).toBe(1);
    expect(told([observed, handed, observed, handed]).of('b')?.seen[0]?.count).toBe(2);
    // Asterisk's events have no phrase: then the handover tells it first.
    expect(told([handed, handed]).of('b')?.seen[0]?.count).toBe(2);
    expect(told([{ ...observed, known: false }]).of('b')).toBeUndefined();
  });
});

describe('another policy', () => {
  const changed: CallEvent = {
    ...{ kind: 'policy-changed', at: 9, file: 'f', hash: 'h', before: 'b' },
    text: Buffer.from('version: 1'),
  };

  it('that has the phrase takes it off the list', () => {
    let policy = POLICY;
    const unclassified = new UnclassifiedResponses(() => policy);
    unclassified.record(failed({ sip: 403, phrase: 'Ask Bob for 4917112345678' }));
    unclassified.record(failed({ sip: 403, phrase: 'Ask Alice' }));
    policy = policyWith('{ sip: 403, phrase: Ask Bob, class: no-credit }');
    const expected = ['403 Ask Alice'];
    expect(unclassified.of('b')?.seen.map(({ said: text }) => text)).toEqual(expected);
    unclassified.record(changed);
    policy = POLICY;
    expect(unclassified.of('b')?.seen.map(({ said: text }) => text)).toEqual(expected);
  });

  it('that names the carrier does so too, and one without the trunk forgets it', () => {
    let policy = POLICY;
    const unclassified = new UnclassifiedResponses(() => policy);
    unclassified.record(failed({ sip: 404, phrase: 'No Route Found' }));
    policy = policyWith('', '{ a: { dial: *d }, b: { carrier: zapappi, dial: *d } }');
    expect(unclassified.of('b')).toBeUndefined();
    policy = policyOf(`version: 1
emergency: []
trunks: { c: { dial: { asterisk: "PJSIP/{number}@c" } } }
routes: [{ digits: "*", trunks: [c] }]
`);
    unclassified.record(changed);
    policy = POLICY;
    expect(unclassified.of('b')).toBeUndefined();
  });
});

describe('however much a carrier sends', () => {
  const flood = (trunk: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      failed(
        {
          sip: 403,
          phrase: `odd ${String(index).replace(/\d/g, (it) => 'abcdefghij'[+it] ?? '')}`,
        },
        { trunk, at: index },
      ),
    );

  it('a trunk keeps 32, those that came most and last, and says how many it left out', () => {
    const often = failed({ sip: 603, phrase: 'Nope' });
    const { seen, leftOut } = told([often, often, ...flood('b', 100)]).of('b') ?? {
      seen: [],
      leftOut: 0,
    };
    expect(seen).toHaveLength(32);
    expect(leftOut).toBe(69);
    expect(seen[0]).toMatchObject({ said: '603 Nope', count: 2 });
    expect(seen.map(({ said: text }) => text)).toContain('403 odd jj');
  });

  it('all trunks together keep 2000', () => {
    const names = Array.from({ length: 80 }, (_, index) => `t${index}`);
    const policy = policyWith(
      '',
      `{ b: { dial: *d }, ${names.map((name) => `${name}: { dial: *d }`).join(', ')} }`,
    );
    const unclassified = told(
      names.flatMap((name) => flood(name, 32)),
      () => policy,
    );
    const kept = names.map((name) => unclassified.of(name));
    expect(kept.reduce((sum, one) => sum + (one?.seen.length ?? 0), 0)).toBe(2000);
    expect(kept.reduce((sum, one) => sum + (one?.leftOut ?? 0), 0)).toBe(80 * 32 - 2000);
  });

  it('a long text is cut, and keeps none of the message that it came in', () => {
    const text = `${'word '.repeat(20_000)}`;
    const more = { sip: 403, phrase: text, reasons: [{ protocol: 'X.25', text }] };
    const { seen } = told([failed(more)]).of('b') ?? { seen: [] };
    for (const one of seen) expect(JSON.stringify(one).length).toBeLessThan(600);
    expect(seen).toHaveLength(2);
  });
});
