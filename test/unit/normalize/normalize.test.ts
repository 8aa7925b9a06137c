import fc from 'fast-check';
import { FAILURE_CLASSES, FAULT_OF, isGeneric } from '../../../src/model/classes';
import table from '../../../src/model/classes.json';
import type { Evidence, Reason } from '../../../src/model/failure';
import { CARRIER_PHRASES, KNOWN_PHRASES } from '../../../src/model/phrases';
import { normalize } from '../../../src/normalize/normalize';

const quiet: Evidence = { source: 'test', rang: false, progress: false, origin: 'far' };

describe('one source', () => {
  it.each<[string, Partial<Evidence>, string]>([
    ['a status', { sip: 486 }, 'busy'],
    ['a status before its cause', { sip: 404, q850: 17 }, 'invalid-number'],
    ['480 without ringing', { sip: 480 }, 'unavailable'],
    ['480 after ringing', { sip: 480, rang: true }, 'no-answer'],
    ['480 after a mere 183', { sip: 480, progress: true }, 'unavailable'],
    ['487 of the far side', { sip: 487 }, 'unknown'],
    ['487 of our own', { sip: 487, origin: 'ours' }, 'cancelled'],
    ['no response', { origin: 'no-response' }, 'trunk-timeout'],
    ['a time-out after ringing', { origin: 'no-response', rang: true }, 'no-answer'],
    ['a time-out after in-band ringing', { origin: 'no-response', progress: true }, 'no-answer'],
    ['our end before any ringing', { origin: 'ours' }, 'trunk-timeout'],
    ['what could not be sent', { origin: 'local' }, 'local-unreachable'],
    ['a cause alone', { q850: 17 }, 'busy'],
    ['cause 18 alone after ringing', { q850: 18, rang: true }, 'no-answer'],
    ['a dial status alone', { dialStatus: 'busy' }, 'busy'],
    ['a cause before the dial status', { q850: 20, dialStatus: 'busy' }, 'unavailable'],
    ['a cause without information', { q850: 16, dialStatus: 'congestion' }, 'trunk-congested'],
    ['nothing', {}, 'unknown'],
  ])('%s', (_, evidence, expected) => {
    expect(normalize([{ ...quiet, ...evidence }]).class).toBe(expected);
  });
});

describe('several sources', () => {
  it('the first that has a status decides, also over causes before it', () => {
    const failure = normalize([
      { ...quiet, source: 'dialplan', q850: 17, origin: 'no-response' },
      { ...quiet, source: 'channel-events', sip: 302 },
      { ...quiet, source: 'hep', sip: 503, phrase: 'Late' },
    ]);
    expect(failure).toMatchObject({ class: 'redirected', sip: 302, q850: 17 });
    expect(failure).not.toHaveProperty('phrase');
  });

  it('ringing is heard by whoever heard it', () => {
    const failure = normalize([
      { ...quiet, sip: 480, phrase: 'Gone' },
      { ...quiet, rang: true },
    ]);
    expect(failure).toMatchObject({
      class: 'no-answer',
      phrase: 'Gone',
      rang: true,
      progress: true,
    });
  });

  it('a phrase belongs to its status and is not taken from another source', () => {
    const failure = normalize([
      { ...quiet, source: 'dialplan', sip: 503 },
      { ...quiet, source: 'hep', sip: 486, phrase: 'Busy Here' },
    ]);
    expect(failure.phrase).toBeUndefined();
  });

  it('the phrase of a response may come from another source of the same status', () => {
    const said = { rang: false, progress: false, origin: 'far' } as const;
    const alone = { source: 'channel-events', sip: 480, ...said };
    const whole = { source: 'hep', sip: 480, phrase: 'Codec Mismatch', ...said };
    expect(normalize([alone, whole])).toMatchObject({
      class: 'codec-mismatch',
      phrase: 'Codec Mismatch',
    });
  });

  it('all evidence is kept, in its order of precedence', () => {
    const dialplan = { ...quiet, source: 'dialplan' };
    const events = { ...quiet, source: 'channel-events', sip: 503 };
    const hep = { ...quiet, source: 'hep', sip: 503 };
    expect(normalize([hep, dialplan, events]).evidence).toEqual([events, hep, dialplan]);
  });
});

describe('no source at all', () => {
  it('is unknown and nobody heard it ring', () => {
    expect(normalize([])).toMatchObject({
      class: 'unknown',
      fault: 'unknown',
      rang: false,
      progress: false,
      evidence: [],
    });
  });
});

describe('early media', () => {
  it('lasted as long as whoever heard it longest says, and 0 where nobody did', () => {
    const of = (...ms: (number | undefined)[]) =>
      normalize(
        ms.map((earlyMediaMs) => ({
          ...quiet,
          ...(earlyMediaMs !== undefined && { earlyMediaMs }),
        })),
      ).earlyMediaMs;
    expect([of(), of(undefined), of(undefined, 300, 200)]).toEqual([0, 0, 300]);
  });
});

const q850 = (cause: number, location?: string): Reason => ({
  protocol: 'Q.850',
  cause,
  ...(location !== undefined && { location }),
});

const sipReason = (cause: number): Reason => ({ protocol: 'SIP', cause });

describe('every status alone', () => {
  it.each(table.sip.map((row) => [row.code, row] as const))(
    '%i has the class of its row',
    (sip, row) => {
      const { if_rang, if_ours } = row as { if_rang?: string; if_ours?: string };
      const of = (more: Partial<Evidence>) => normalize([{ ...quiet, sip, ...more }]).class;
      expect(of({})).toBe(row.class);
      expect(of({ rang: true })).toBe(if_rang ?? row.class);
      expect(of({ origin: 'ours' })).toBe(if_ours ?? row.class);
    },
  );
});

describe('every cause alone', () => {
  it.each(table.q850.map((row) => [row.cause, row.class]))('%i is %s', (cause, name) => {
    const failure = normalize([{ ...quiet, q850: Number(cause) }]);
    expect(failure.class).toBe(name);
    expect(failure.q850).toBe(cause);
  });
});

describe('every carrier phrase', () => {
  it.each(CARRIER_PHRASES.map((entry) => [`${entry.sip} ${entry.phrase}`, entry] as const))(
    '%s has the class and fault of its entry',
    (_, { sip, phrase, class: name, fault }) => {
      const failure = normalize([{ ...quiet, sip, phrase: `${phrase.toLowerCase()} (x)` }]);
      expect(failure).toMatchObject({
        class: name,
        fault,
        sip,
        phrase: `${phrase.toLowerCase()} (x)`,
      });
      expect(failure.decidedBy).toMatchObject({ source: 'test', by: 'phrase', phrase });
    },
  );

  it('counts also after ringing, but not on our own cancelling', () => {
    const evidence = { ...quiet, sip: 480, phrase: 'Codec Mismatch' };
    expect(normalize([{ ...evidence, rang: true }]).class).toBe('codec-mismatch');
    expect(normalize([{ ...evidence, origin: 'ours' }]).class).toBe('unavailable');
  });

  it('may come from the policy', () => {
    const own = KNOWN_PHRASES.with([{ sip: 486, phrase: 'lines full', class: 'trunk-congested' }]);
    const evidence = [{ ...quiet, sip: 486, phrase: 'All Lines Full' }];
    expect(normalize(evidence, own)).toMatchObject({ class: 'trunk-congested', fault: 'trunk' });
    expect(normalize(evidence)).toMatchObject({ class: 'busy', contradictions: [] });
  });
});

describe('a Reason header', () => {
  it.each<[string, number, readonly Reason[], string]>([
    ['refines 503', 503, [q850(17)], 'busy'],
    ['refines 404: a route is missing, not the number', 404, [q850(3)], 'no-route'],
    ['26 on 404: a misrouted ported number', 404, [q850(26)], 'no-route'],
    ['26 on anything else', 480, [q850(26)], 'unavailable'],
    ['refines 403', 403, [q850(57)], 'forbidden'],
    ['refines 603', 603, [q850(34)], 'trunk-congested'],
    ['the second of two, where the first says nothing', 500, [q850(16), q850(1)], 'invalid-number'],
    ['16 says nothing', 480, [q850(16)], 'unavailable'],
    ['31 says nothing', 480, [q850(31)], 'unavailable'],
    ['111 says nothing', 500, [q850(111)], 'trunk-failed'],
    ['127 says nothing', 500, [q850(127)], 'trunk-failed'],
    ['unassigned 77 says nothing', 500, [q850(77)], 'trunk-failed'],
    ['what a gateway puts on every 403', 403, [q850(21)], 'forbidden'],
    ['what a gateway puts on every 480', 480, [q850(18)], 'unavailable'],
    ['21 by the user', 500, [q850(21, 'U')], 'declined'],
    ['21 by a network', 500, [q850(21, 'LN')], 'trunk-failed'],
    ['486 stands', 486, [q850(34)], 'busy'],
    ['488 stands', 488, [q850(41)], 'codec-mismatch'],
    ['484 stands', 484, [q850(3)], 'invalid-number'],
    ['a SIP value is a status, more telling than a generic one', 500, [sipReason(486)], 'busy'],
    ['a SIP value that is generic itself', 500, [sipReason(480)], 'trunk-failed'],
    ['a SIP value that is no failure', 480, [sipReason(200)], 'unavailable'],
    ['a SIP value beside a specific status', 486, [sipReason(404)], 'busy'],
    ['an unknown protocol', 500, [{ protocol: 'X.25', cause: 17 }], 'trunk-failed'],
    ['no cause', 500, [{ protocol: 'Q.850' }], 'trunk-failed'],
  ])('%s', (_, sip, reasons, expected) => {
    expect(normalize([{ ...quiet, sip, reasons }]).class).toBe(expected);
  });

  it('may come from another source than the status', () => {
    const failure = normalize([
      { ...quiet, source: 'dialplan', sip: 503, phrase: 'Service Unavailable' },
      { ...quiet, source: 'hep', sip: 503, reasons: [q850(20, 'RLN')] },
    ]);
    expect(failure).toMatchObject({
      class: 'unavailable',
      fault: 'callee',
      sip: 503,
      q850: 20,
      location: 'RLN',
      decidedBy: { source: 'hep', by: 'reason', q850: 20, location: 'RLN' },
      contradictions: [],
    });
  });

  it('of our own CANCEL is not heard', () => {
    const evidence = { ...quiet, sip: 487, origin: 'ours' as const, reasons: [q850(17)] };
    expect(normalize([evidence])).toMatchObject({ class: 'cancelled', contradictions: [] });
  });

  it('gives the class where there is no status', () => {
    expect(normalize([{ ...quiet, reasons: [q850(17)] }])).toMatchObject({
      class: 'busy',
      q850: 17,
    });
  });
});

describe('a contradiction', () => {
  it('names who said what', () => {
    const failure = normalize([
      { ...quiet, source: 'dialplan', sip: 486, phrase: 'Busy Here' },
      { ...quiet, source: 'channel-events', sip: 503 },
      { ...quiet, source: 'hep', sip: 486, reasons: [q850(34), { protocol: 'SIP', cause: 600 }] },
    ]);
    expect(failure.decidedBy).toEqual({
      source: 'dialplan',
      by: 'status',
      class: 'busy',
      fault: 'callee',
      sip: 486,
    });
    expect(failure.contradictions).toEqual([
      {
        source: 'channel-events',
        by: 'status',
        class: 'trunk-congested',
        fault: 'trunk',
        sip: 503,
      },
      { source: 'hep', by: 'reason', class: 'trunk-congested', fault: 'trunk', q850: 34 },
    ]);
  });

  it('is not the status that was refined', () => {
    const listed = normalize([
      { ...quiet, sip: 480, phrase: 'Codec Mismatch' },
      { ...quiet, source: 'channel-events', sip: 480 },
    ]);
    expect(listed).toMatchObject({ class: 'codec-mismatch', contradictions: [] });
  });
});

const anyReason = fc.record<Reason>(
  {
    protocol: fc.constantFrom('Q.850', 'SIP', 'STIR', 'X'),
    cause: fc.integer({ min: -1, max: 700 }),
    location: fc.constantFrom('U', 'LN', 'TN', 'nonsense'),
  },
  { requiredKeys: ['protocol'] },
);

const anyEvidence = fc.record<Evidence>(
  {
    source: fc.oneof(fc.string(), fc.constantFrom('dialplan', 'channel-events', 'hep')),
    sip: fc.oneof(
      fc.integer({ min: -1, max: 1000 }),
      fc.constantFrom(...table.sip.map((row) => row.code)),
    ),
    phrase: fc.oneof(fc.string(), fc.constantFrom(...CARRIER_PHRASES.map(({ phrase }) => phrase))),
    q850: fc.integer({ min: -1, max: 300 }),
    pbxCause: fc.integer({ min: -1, max: 300 }),
    provisional: fc.array(
      fc.record({
        sip: fc.integer({ min: 100, max: 199 }),
        phrase: fc.string(),
        sdp: fc.boolean(),
        reasons: fc.array(anyReason, { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
    dialStatus: fc.constantFrom('busy', 'no-answer', 'congestion', 'unavailable'),
    reasons: fc.array(anyReason, { maxLength: 3 }),
    rang: fc.boolean(),
    progress: fc.boolean(),
    earlyMediaMs: fc.nat(),
    retryAfterMs: fc.nat(),
    origin: fc.constantFrom('far', 'local', 'no-response', 'ours'),
  },
  { requiredKeys: ['source', 'rang', 'progress', 'origin'] },
);

describe('any evidence', () => {
  it('gives a known class and a fault, the same one each time; whoever rang made progress', () => {
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 4 }), (sources) => {
        const failure = normalize(sources);
        expect(FAILURE_CLASSES).toContain(failure.class);
        expect(Object.values(FAULT_OF)).toContain(failure.fault);
        expect(failure.class).toBe(failure.decidedBy?.class ?? 'unknown');
        if (failure.rang) expect(failure.progress).toBe(true);
        expect(normalize(structuredClone(sources))).toEqual(failure);
        for (const { class: name } of failure.contradictions) expect(name).not.toBe(failure.class);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same failure in whatever order it comes', () => {
    const shuffled = fc
      .array(anyEvidence, { maxLength: 4 })
      .chain((sources) =>
        fc.tuple(fc.constant(sources), fc.shuffledSubarray(sources, { minLength: sources.length })),
      );
    fc.assert(
      fc.property(shuffled, ([sources, others]) => {
        expect(normalize(others)).toEqual(normalize(sources));
      }),
      { numRuns: 1000 },
    );
  });

  it("never makes a callee's failure the trunk's, where a specific status says otherwise", () => {
    const ofCallee = table.sip.filter(
      (row) => FAULT_OF[row.class as keyof typeof FAULT_OF] !== 'trunk' && row.code !== 487,
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ofCallee),
        fc.array(anyEvidence, { maxLength: 3 }),
        (row, more) => {
          const listed = KNOWN_PHRASES.find(row.code, row.phrase) !== undefined;
          const failure = normalize([
            { ...quiet, source: 'dialplan', sip: row.code, phrase: row.phrase },
            ...more.map(({ reasons, provisional, source: _, ...rest }) => ({
              ...rest,
              source: 'hep',
              ...(!isGeneric(row.code) && { reasons, provisional }),
            })),
          ]);
          expect(listed && failure.decidedBy?.by === 'phrase').toBe(false);
          expect(failure.fault).not.toBe('trunk');
        },
      ),
      { numRuns: 1000 },
    );
  });
});
