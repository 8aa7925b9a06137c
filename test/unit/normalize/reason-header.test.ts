import fc from 'fast-check';
import { readReasons } from '../../../src/normalize/reason-header';

it.each([
  ['Q.850;cause=34', [{ protocol: 'Q.850', cause: 34 }]],
  ['Q.850 ;cause=16 ;text="Terminated"', [{ protocol: 'Q.850', cause: 16, text: 'Terminated' }]],
  [
    'Q.850;cause=17;location=ln, SIP;cause=486;text="Busy, really; see \\"log\\""',
    [
      { protocol: 'Q.850', cause: 17, location: 'LN' },
      { protocol: 'SIP', cause: 486, text: 'Busy, really; see "log"' },
    ],
  ],
  [
    'Q.850;cause=21;location=U, Q.850;cause=31;location=INTL, SIP;cause=603',
    [
      { protocol: 'Q.850', cause: 21, location: 'U' },
      { protocol: 'Q.850', cause: 31, location: 'INTL' },
      { protocol: 'SIP', cause: 603 },
    ],
  ],
  ['q850;cause=21', [{ protocol: 'Q.850', cause: 21 }]],
  ['q.850 ; cause = 34', [{ protocol: 'Q.850', cause: 34 }]],
  ['Q.850;CAUSE=21;cause=17', [{ protocol: 'Q.850', cause: 21 }]],
  ['Q.850;cause=abc', [{ protocol: 'Q.850' }]],
  ['Q.850;cause=1234', [{ protocol: 'Q.850' }]],
  ['Q.850;cause=17;location="a b"', [{ protocol: 'Q.850', cause: 17 }]],
  [
    'preemption;cause=1;text="UA preempted"',
    [{ protocol: 'PREEMPTION', cause: 1, text: 'UA preempted' }],
  ],
  [
    'SIP;cause=480;text="a, \\"b\\"; c", X.int;reasoncode=0x1',
    [{ protocol: 'SIP', cause: 480, text: 'a, "b"; c' }, { protocol: 'X.INT' }],
  ],
  [
    'Q.850;text="never closed, SIP;cause=1',
    [{ protocol: 'Q.850', text: 'never closed, SIP;cause=1' }],
  ],
  ['', []],
  [',,;cause=1', []],
])('%s', (header, expected) => {
  expect(readReasons(header)).toEqual(expected);
});

it('reads several header lines as one list, of no more than 32 values', () => {
  const lines = Array.from({ length: 40 }, (_, cause) => `Q.850;cause=${cause}`);
  const reasons = readReasons(...lines);
  expect(reasons).toHaveLength(32);
  expect(reasons[31]).toEqual({ protocol: 'Q.850', cause: 31 });
  expect(readReasons(lines.join())).toEqual(reasons);
});

it('reads a header line up to 4096 characters: what stands behind them is not there', () => {
  expect(readReasons(`Q.850;cause=17;text="${'x'.repeat(100_000)}"`)[0]?.text?.length).toBeLessThan(
    4096,
  );
  const late = `Q.850;cause=17${' '.repeat(5_000)}, SIP;cause=503`;
  expect(readReasons(late)).toEqual([{ protocol: 'Q.850', cause: 17 }]);
  expect(readReasons(late, 'SIP;cause=486')).toHaveLength(2);
});

it('reads any text without throwing, and no more than 32 values', () => {
  const text = fc.stringMatching(/^[QSIPcause.850;=,"\\ 0-9a-z]{0,400}$/);
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (header) => {
      const reasons = readReasons(header);
      expect(reasons.length).toBeLessThanOrEqual(32);
      for (const { cause } of reasons)
        if (cause !== undefined) expect(cause).toBeGreaterThanOrEqual(0);
    }),
  );
});
