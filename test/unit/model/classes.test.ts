import {
  classOfCause,
  classOfStatus,
  FAILURE_CLASSES,
  FAULT_OF,
  relayStatus,
} from '../../../src/model/classes';
import table from '../../../src/model/classes.json';

const plain = { rang: false, ours: false };
const STATUSES = Array.from({ length: 400 }, (_, index) => 300 + index);

describe('the failure classes written out in classes.ts', () => {
  it('are those of the table, in its order', () => {
    expect(FAILURE_CLASSES).toEqual(Object.keys(table.faults));
  });
});

describe('every final status', () => {
  it('has a known class, in whatever circumstances', () => {
    for (const sip of STATUSES) {
      for (const rang of [false, true]) {
        for (const ours of [false, true]) {
          expect(FAILURE_CLASSES).toContain(classOfStatus(sip, { rang, ours }));
        }
      }
    }
  });

  it('is passed on as a final status that needs no further replacement', () => {
    for (const sip of STATUSES) {
      const relayed = relayStatus(sip);
      expect(relayed).toBeGreaterThanOrEqual(400);
      expect(relayed).toBeLessThanOrEqual(699);
      expect(relayStatus(relayed)).toBe(relayed);
    }
  });
});

describe('the class of a status', () => {
  it.each([
    [302, 'redirected'],
    [403, 'forbidden'],
    [404, 'invalid-number'],
    [408, 'trunk-timeout'],
    [480, 'unavailable'],
    [486, 'busy'],
    [487, 'unknown'],
    [488, 'codec-mismatch'],
    [500, 'trunk-failed'],
    [503, 'trunk-congested'],
    [504, 'trunk-timeout'],
    [600, 'busy'],
    [603, 'declined'],
    [604, 'invalid-number'],
    [607, 'blocked'],
  ])('%i is %s', (sip, expected) => {
    expect(classOfStatus(sip, plain)).toBe(expected);
  });

  it.each([408, 480, 487])('%i after ringing is no-answer', (sip) => {
    expect(classOfStatus(sip, { rang: true, ours: false })).toBe('no-answer');
  });

  it.each([404, 486, 488, 500, 503, 603])('%i after ringing is what it is without', (sip) => {
    expect(classOfStatus(sip, { rang: true, ours: false })).toBe(classOfStatus(sip, plain));
  });

  it('487 of our own cancelling is cancelled, also after ringing', () => {
    expect(classOfStatus(487, { rang: false, ours: true })).toBe('cancelled');
    expect(classOfStatus(487, { rang: true, ours: true })).toBe('cancelled');
  });

  // RFC 3261 8.1.3.2.
  it.each([
    [399, 300],
    [477, 400],
    [599, 500],
    [699, 600],
  ])('an unregistered %i counts as %i', (sip, as) => {
    expect(classOfStatus(sip, plain)).toBe(classOfStatus(as, plain));
  });

  it.each([0, 100, 180, 200, 299, 700, 999, -1, NaN])('%p is no failure: unknown', (sip) => {
    expect(classOfStatus(sip, plain)).toBe('unknown');
  });
});

describe('the class of a cause', () => {
  it.each([
    [17, false, 'busy'],
    [34, false, 'trunk-congested'],
    [18, false, 'trunk-timeout'],
    [18, true, 'no-answer'],
    [102, false, 'trunk-timeout'],
    [16, false, 'unknown'],
    [127, false, 'unknown'],
    [77, false, 'unknown'],
    [0, false, 'unknown'],
  ])('%i, rang %p: %s', (q850, rang, expected) => {
    expect(classOfCause(q850, { rang })).toBe(expected);
  });
});

describe('the status for the caller', () => {
  it.each(table.sip.map(({ code, relay_as }) => [code, relay_as ?? code]))(
    '%i is passed on as %i',
    (code, expected) => {
      expect(relayStatus(code)).toBe(expected);
    },
  );

  it('replaces exactly what is hop-by-hop', () => {
    const replaced = STATUSES.filter((sip) => sip >= 400 && relayStatus(sip) !== sip);
    expect(replaced).toEqual([401, 402, 407, 420, 421, 422, 423, 428, 436, 437, 438, 494]);
  });
});

describe('the table', () => {
  it('names only classes that have a fault', () => {
    const named = [
      ...table.sip.flatMap((row) => {
        const { if_rang, if_ours } = row as { if_rang?: string; if_ours?: string };
        return [row.class, if_rang ?? row.class, if_ours ?? row.class];
      }),
      ...table.q850.map((row) => row.class),
    ];
    expect(named.filter((name) => !(name in FAULT_OF))).toEqual([]);
  });

  it('has no status and no cause twice', () => {
    const codes = table.sip.map(({ code }) => code);
    const causes = table.q850.map(({ cause }) => cause);
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(causes).size).toBe(causes.length);
  });
});
