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
  ['q850;cause=21', [{ protocol: 'Q.850', cause: 21 }]],
  ['Q.850;CAUSE=21;cause=17', [{ protocol: 'Q.850', cause: 21 }]],
  ['Q.850;cause=abc', [{ protocol: 'Q.850' }]],
  ['Q.850;cause=1234', [{ protocol: 'Q.850' }]],
  [
    'preemption;cause=1;text="UA preempted"',
    [{ protocol: 'PREEMPTION', cause: 1, text: 'UA preempted' }],
  ],
  ['', []],
  [',,;cause=1', []],
])('%s', (header, expected) => {
  expect(readReasons(header)).toEqual(expected);
});

it('reads any text without throwing, and no more than eight values', () => {
  const text = fc.stringMatching(/^[QSIPcause.850;=,"\\ 0-9a-z]{0,400}$/);
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (header) => {
      const reasons = readReasons(header);
      expect(reasons.length).toBeLessThanOrEqual(8);
      for (const { cause } of reasons)
        if (cause !== undefined) expect(cause).toBeGreaterThanOrEqual(0);
    }),
  );
  expect(readReasons(Array(20).fill('Q.850;cause=17').join())).toHaveLength(8);
});
