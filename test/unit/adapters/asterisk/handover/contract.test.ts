import fc from 'fast-check';
import { readTech } from '../../../../../adapters/asterisk/legs/causes';
import {
  CONTRACT_VERSION,
  readReport,
  readState,
} from '../../../../../adapters/asterisk/handover/contract';
import { ContractError } from '../../../../../adapters/shared/contract';

const STATE = 'state=1/1795239432.947/0123456789ab/0';
const FAILED = [
  '1',
  'failed',
  'number=200',
  `${STATE}/carrier-a:503:0`,
  'mailbox=',
  'trunk=carrier-a',
  'leg=PJSIP/carrier-a-00000008',
  'dialstatus=CONGESTION',
  'cause=34',
  'ring_ms=',
  'progress_ms=',
  'tech=SIP%20503%20Service%20Unavailable',
];

/** The same arguments with some fields replaced or, where undefined, left out. */
function failed(changes: Readonly<Record<string, string | undefined>>): string[] {
  const same = FAILED.filter((field) => !Object.hasOwn(changes, field.split('=', 1)[0] ?? ''));
  const changed = Object.entries(changes).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return [...same, ...changed];
}

/** URIENCODE() of bytes, as Asterisk does it: everything but letters, digits and -_.~!*'(). */
function uriEncode(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return byte < 128 && /[A-Za-z0-9\-_.~!*'()]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** What the shipped dialplan makes of a status line before it hands it over. */
function asDialplan(tech: Uint8Array): string {
  const once = Buffer.from(tech).toString('latin1').replaceAll('%', '%25').replaceAll(':', '%3A');
  return uriEncode(Buffer.from(once, 'latin1'));
}

function techOf(text: string | Uint8Array): string | undefined {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  return readReport(failed({ tech: asDialplan(bytes) })).attempts[0]?.tech;
}

describe('a report that no Asterisk makes', () => {
  it('with 100,000 legs is refused before they are read', () => {
    const legs = Array.from({ length: 100_000 }, (_, index) => `leg=PJSIP/carrier-a-${index}`);
    expect(() => readReport(['1', 'failed-only', 'number=200', STATE, ...legs])).toThrow(
      new ContractError('100002 fields, expected 256 at most'),
    );
  });

  it.each(['mailbox', 'context', 'number', 'leg', 'tech', 'nothing-we-know'])(
    'with a field %s without end is refused',
    (name) => {
      const args = failed({ [name]: 'x'.repeat(20_000) });
      expect(() => readReport(args)).toThrow(/^a field is ".{1,210}" and more, expected 16384/);
    },
  );

  it.each([
    ['version', ['x'.repeat(20_000)]],
    ['event', ['1', 'x'.repeat(20_000)]],
    ['trunk', failed({ trunk: 'x'.repeat(10_000) })],
  ])('does not fill a log line with its %s', (_, args) => {
    let message = '';
    try {
      readReport(args);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('xxx');
    expect(message.length).toBeLessThan(500);
  });

  it('has no more of a number than 64 characters', () => {
    const args = ['1', 'invalid-number', 'number=', STATE, `raw=${'%2525'.repeat(100)}`];
    expect(readReport(args).raw).toBe('%'.repeat(64));
  });
});

describe('a report of the shipped dialplan', () => {
  it('before the first attempt has no attempt', () => {
    const report = readReport(['1', 'route', 'number=200', STATE, 'mailbox=77%40sales']);
    expect(report).toMatchObject({
      event: 'route',
      number: '200',
      mailbox: '77@sales',
      state: { startedAt: 1_795_239_432_947, attempts: [] },
    });
    expect(report.attempts).toEqual([]);
  });

  it('of a failed attempt has all that Dial() left behind', () => {
    expect(readReport(FAILED)).toMatchObject({
      event: 'failed',
      number: '200',
      mailbox: '',
      state: {
        startedAt: 1_795_239_432_947,
        attempts: [{ trunk: 'carrier-a', sip: 503, rang: false }],
      },
      attempts: [
        {
          trunk: 'carrier-a',
          leg: 'PJSIP/carrier-a-00000008',
          dialStatus: 'CONGESTION',
          cause: 34,
          tech: 'SIP 503 Service Unavailable',
          rang: false,
          progress: false,
        },
      ],
    });
  });

  it('marks a second offer behind its attempt, and has what was offered', () => {
    const report = readReport([
      '1',
      'failed',
      'number=200',
      `${STATE}/carrier-a:488:0/carrier-a:488:0:o`,
      'native=g729|ulaw',
      'trunk=carrier-a',
      'offer=alaw-g729',
    ]);
    expect(report.state.attempts).toEqual([
      { trunk: 'carrier-a', sip: 488, rang: false },
      { trunk: 'carrier-a', sip: 488, rang: false, reoffered: true },
    ]);
    expect(report.native.map(({ name }) => name)).toEqual(['G729', 'PCMU']);
    expect(report.attempts[0]?.offered?.map(({ name }) => name)).toEqual(['PCMA', 'G729']);
  });

  it("of a fork that the user's own dialplan dialled has every leg", () => {
    const report = readReport([
      '1',
      'failed-only',
      'number=200',
      `${STATE}/=PJSIP~carrier-a-00000008:486:1/=PJSIP~carrier-b-00000009:503:1`,
      'mailbox=',
      'dialstatus=BUSY',
      'cause=17',
      'ring_ms=12',
      'progress_ms=',
      'leg=PJSIP/carrier-a-00000008',
      'tech=SIP%20486%20Busy',
      'leg=PJSIP/carrier-b-00000009',
      'tech=SIP%20503%20Full',
    ]);
    expect(report.state.attempts).toEqual([
      { leg: 'PJSIP~carrier-a-00000008', sip: 486, rang: true },
      { leg: 'PJSIP~carrier-b-00000009', sip: 503, rang: true },
    ]);
    const common = { dialStatus: 'BUSY', cause: 17, rang: true, progress: false };
    expect(report.attempts).toEqual([
      { ...common, leg: 'PJSIP/carrier-a-00000008', tech: 'SIP 486 Busy' },
      { ...common, leg: 'PJSIP/carrier-b-00000009', tech: 'SIP 503 Full' },
    ]);
  });

  it("of a Dial() of the user's that made no leg has none", () => {
    const args = ['1', 'failed-only', 'number=200', STATE, 'mailbox=', 'dialstatus=CHANUNAVAIL'];
    expect(readReport(args).attempts).toEqual([]);
  });

  it.each([
    ['route', undefined],
    ['mailbox-missing', 'carrier-a'],
    ['invalid-number', 'carrier-a'],
  ])('of the event %s is read', (event, trunk) => {
    const args = trunk === undefined ? ['1', event, STATE] : ['1', event, ...FAILED.slice(2)];
    expect(readReport(args)).toMatchObject({ event });
    expect(readReport(args).attempts[0]?.trunk).toBe(trunk);
  });

  it.each([
    ['', false],
    ['0', true],
    ['5', true],
    ['1x', false],
  ])('that gives the ring time as %j: rang %p', (ring_ms, rang) => {
    expect(readReport(failed({ ring_ms })).attempts[0]?.rang).toBe(rang);
  });

  it.each([
    [{ progress_ms: '200', elapsed_ms: '5200' }, 5000],
    [{ progress_ms: '200', elapsed_ms: '100' }, 0],
    [{ progress_ms: '', elapsed_ms: '5200' }, undefined],
    [{ progress_ms: '200', elapsed_ms: '' }, undefined],
    [{ progress_ms: '200' }, undefined],
  ])('%j: early media for %p ms', (fields, expected) => {
    expect(readReport(failed(fields)).attempts[0]?.earlyMediaMs).toBe(expected);
  });

  it.each([
    ['34', 34],
    ['', 0],
    ['0', 0],
    ['3.5', 0],
    ['x', 0],
    [undefined, 0],
  ])('with the cause %j: %i', (cause, expected) => {
    expect(readReport(failed({ cause })).attempts[0]?.cause).toBe(expected);
  });

  it('with fields of a later version is still read', () => {
    expect(readReport([...FAILED, 'retry_after=5', 'flag']).attempts[0]?.trunk).toBe('carrier-a');
  });
});

describe('the memory of a call', () => {
  it('keeps every attempt in its order; provisional statuses are none', () => {
    const state = readState('1/5.25/abc/0/a:503:0/b::1/c:180:1/d:302:0/e:699:0/f:700:0/g:x:');
    expect(state).toEqual({
      startedAt: 5250,
      attempts: [
        { trunk: 'a', sip: 503, rang: false },
        { trunk: 'b', rang: true },
        { trunk: 'c', rang: true },
        { trunk: 'd', sip: 302, rang: false },
        { trunk: 'e', sip: 699, rang: false },
        { trunk: 'f', rang: false },
        { trunk: 'g', rang: false },
      ],
    });
  });

  it('is complete while the policy is not yet published', () => {
    expect(readState('1/1795239432.947//')).toEqual({ startedAt: 1_795_239_432_947, attempts: [] });
  });
});

describe('what is not of this contract is refused and says why', () => {
  it.each([
    ['no arguments', [], /contract version "none".*install the dialplan/],
    ['a later version', ['2', 'route', STATE], /version "2", this crankback speaks 1/],
    ['an unknown event', ['1', 'answered', STATE], /unknown event "answered"/],
    ['no event', ['1'], /unknown event ""/],
    ['no state', ['1', 'route', 'number=200'], /"state" is ""/],
    ['an empty state', ['1', 'route', 'state='], /"state" is ""/],
    ['a state of a later version', ['1', 'route', 'state=2/1.0/x/0'], /"state" is "2/],
    ['a state without a start', ['1', 'route', 'state=1//x/0'], /"state" is/],
    ['a state with a blank start', ['1', 'route', 'state=1/ /x/0'], /"state" is/],
    ['a state with a start that is no time', ['1', 'route', 'state=1/soon/x/0'], /"state" is/],
    ['a start before all time', ['1', 'route', 'state=1/-5/x/0'], /"state" is/],
    ['a start beyond all time', ['1', 'route', `state=1/${'9'.repeat(400)}/x/0`], /"state" is/],
    ['a past attempt without a trunk', ['1', 'route', `${STATE}/:503:0`], /names the trunk ""/],
    ['a past attempt on a hostile trunk', ['1', 'route', `${STATE}/A&B:503:0`], /trunk "A&B"/],
    ['a failure without a trunk', failed({ trunk: undefined }), /"failed" without .*"trunk"/],
    ['a failure with an empty trunk', failed({ trunk: '' }), /"trunk" is ""/],
    ['a hostile trunk', failed({ trunk: '${SHELL(id)}' }), /"trunk" is "\$\{SHELL/],
    ['a trunk with a line break', failed({ trunk: 'a\nb' }), /"trunk" is "a\\nb"/],
    [
      'a missing mailbox of no attempt',
      ['1', 'mailbox-missing', STATE],
      /"mailbox-missing" without/,
    ],
  ])('%s', (_, args, message) => {
    expect(() => readReport(args)).toThrow(ContractError);
    expect(() => readReport(args)).toThrow(message);
  });
});

describe('a phrase crosses the dialplan unharmed', () => {
  it.each([
    'SIP 503 Service Unavailable',
    'SIP 480 100% busy',
    'SIP 480 %41%2C%',
    'SIP 480 %2541',
    'SIP 486 a,b;c=d&e|f',
    'SIP 486 "quoted" \'single\' \\back',
    'SIP 486 a:b::c',
    'SIP 486 (open [brace {curly',
    'SIP 486 ${SHELL(id)} $[1+1]',
    'SIP 486 line\r\nbreak\tand\u0000nul',
    'SIP 486 Teilnehmer nicht verfügbar – 占线',
    'SIP 486 ',
    'SIP 486',
  ])('%j', (tech) => {
    expect(techOf(tech)).toBe(tech);
  });

  it('of 8-bit bytes that are no UTF-8 is read as Latin-1', () => {
    expect(techOf(Buffer.from('SIP 486 besetzt: größer %41', 'latin1'))).toBe(
      'SIP 486 besetzt: größer %41',
    );
  });

  it('of any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (phrase) => {
        const tech = `SIP 503 ${phrase}`;
        expect(techOf(tech)).toBe(tech);
        expect(readTech(tech)).toEqual({ status: 503, phrase });
      }),
    );
  });

  it('or at least as some text, of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof techOf(bytes)).toBe('string');
      }),
    );
  });
});

describe('arguments of any kind', () => {
  const field = fc.oneof(
    fc.string(),
    fc.constantFrom(...FAILED, STATE, '1', 'route', 'trunk=', 'tech=%', 'tech=%E4%zz', '=', '%'),
    fc
      .tuple(
        fc.constantFrom('state', 'trunk', 'tech', 'mailbox', 'raw', 'cause', 'ring_ms', 'number'),
        fc.string({ unit: 'binary' }),
      )
      .map(([name, value]) => `${name}=${value}`),
    fc.string().map((tail) => `state=1/5/x/0/${tail}`),
  );

  it('are read or refused with a ContractError, and nothing else is thrown', () => {
    let readable = 0;
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), fc.boolean(), (args, plausible) => {
        const given = plausible ? [CONTRACT_VERSION, 'failed', STATE, 'trunk=a', ...args] : args;
        try {
          const { state } = readReport(given);
          readable += 1;
          expect(Number.isSafeInteger(state.startedAt)).toBe(true);
          for (const { sip, ...past } of state.attempts) {
            if ('trunk' in past) expect(past.trunk).toMatch(/^[a-z0-9][a-z0-9-]{0,30}$/);
            if (sip !== undefined) expect(Number.isInteger(sip)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ContractError);
        }
      }),
      { numRuns: 3000 },
    );
    // Otherwise the property would only show that refusing works.
    expect(readable).toBeGreaterThan(100);
  });
});

describe('a status line of the technology', () => {
  it.each([
    ['SIP 503 Service Unavailable', { status: 503, phrase: 'Service Unavailable' }],
    ['SIP 100 Trying', { status: 100, phrase: 'Trying' }],
    ['SIP 486', { status: 486, phrase: '' }],
    ['SIP 486 ', { status: 486, phrase: '' }],
    ['SIP 486 two\nlines', { status: 486, phrase: 'two\nlines' }],
    ['', undefined],
    ['SIP 48', undefined],
    ['ISDN 17', undefined],
    ['sip 486 Busy', undefined],
  ])('%j', (tech, expected) => {
    expect(readTech(tech)).toEqual(expected);
  });
});
