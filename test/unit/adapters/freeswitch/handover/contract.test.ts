import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readHeaders } from '../../../../../adapters/freeswitch/esl/message';
import {
  generationOf,
  hasUnsendableName,
  readBegun,
  readPlanned,
  readReport,
  readState,
} from '../../../../../adapters/freeswitch/handover/contract';
import { ContractError } from '../../../../../adapters/shared/contract';

const DATA = {
  'Unique-ID': 'uuid-a',
  'Event-Date-Timestamp': '1795494000725690',
  'Channel-Name': 'sofia/lab/caller@192.0.2.1',
  'Answer-State': 'ringing',
  'Caller-Caller-ID-Number': '200',
  variable_crankback_contract: '1',
  variable_crankback_asked: 'uuid-1',
  variable_crankback_event: 'route',
  variable_crankback_number: '4930123',
  variable_crankback_state: '1/1795494000705690//',
};

describe('a report', () => {
  it('is read from channel data', () => {
    expect(readReport(DATA)).toEqual({
      event: 'route',
      asked: 'uuid-1',
      uuid: 'uuid-a',
      channel: 'sofia/lab/caller@192.0.2.1',
      at: 1795494000726,
      answered: false,
      number: '4930123',
      raw: '',
      from: '200',
      state: { startedAt: 1795494000706, attempts: [] },
      mailbox: '',
      context: '',
      diverting: '',
    });
  });

  it('keeps nothing of the message that it was a part of', () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const long = 'x'.repeat(100_000);
    collect();
    const before = process.memoryUsage().heapUsed;
    const reports = Array.from({ length: 300 }, (_, index) => {
      const data = { ...DATA, variable_x: long, 'Channel-Name': `sofia/external/${index}@${long}` };
      const lines = Object.entries(data).map(
        ([name, value]) => `${name}: ${encodeURIComponent(value ?? '')}\n`,
      );
      return readReport(readHeaders(Buffer.from(lines.join(''))));
    });
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
    expect(reports.at(-1)?.channel).toMatch(/^sofia\/external\/299@x{200}/);
  });

  it('of a channel with an endless name is refused', () => {
    const endless = { ...DATA, 'Unique-ID': 'u'.repeat(10_000) };
    expect(() => readReport(endless)).toThrow(/^Unique-ID is "u{200}" and more, expected 256/);
  });

  it('names the attempt that has failed', () => {
    const failed = {
      ...DATA,
      variable_crankback_event: 'failed',
      variable_crankback_trunk: 'carrier-a',
      variable_crankback_leg: 'uuid-b',
      variable_crankback_dialled: '1795494000715000',
    };
    expect(readReport(failed).attempt).toEqual({
      trunk: 'carrier-a',
      leg: 'uuid-b',
      dialledAt: 1795494000715,
    });
  });

  it.each([
    ['"x" <sip:4930@192.0.2.1>;reason=unconditional', '4930'],
    ['"sip:0099@evil" <sip:4930@192.0.2.1>', '4930'],
    ['<sip:+49-30;npdi@192.0.2.1;user=phone>', '+4930'],
    ['<tel:+4930>;reason=no-answer', '+4930'],
    ['<sip:4930@192.0.2.1>;q=0.1, <sip:4931@192.0.2.1>', '4930'],
    ['<mailto:1@x>, <sip:4930@192.0.2.1>', ''],
    ['<sip:alice@192.0.2.1>', ''],
  ])('names who diverted by %s', (header, number) => {
    expect(readReport({ ...DATA, variable_sip_h_Diversion: header }).diverting).toBe(number);
  });

  it.each([
    ['another contract', { variable_crankback_contract: '0' }, 'contract version "0"'],
    ['no contract', { variable_crankback_contract: '' }, 'contract version "none"'],
    ['an unknown event', { variable_crankback_event: 'x' }, 'unknown event "x"'],
    ['a failure of nothing', { variable_crankback_event: 'failed' }, 'crankback_trunk'],
    ['no Unique-ID', { 'Unique-ID': '' }, 'Unique-ID'],
    ['no state', { variable_crankback_state: '' }, 'crankback_state is ""'],
    [
      'a hostile trunk',
      { variable_crankback_trunk: '${x}', variable_crankback_dialled: '1' },
      'crankback_trunk is "${x}"',
    ],
    [
      'a number that no dialplan of ours lets through',
      { variable_crankback_number: '49 30' },
      'crankback_number is "49 30", expected 0-9 A-D * # +',
    ],
    ['a long number', { variable_crankback_number: '1'.repeat(33) }, 'crankback_number'],
    ['a long mailbox', { variable_crankback_mailbox: 'x'.repeat(257) }, 'crankback_mailbox'],
    ['a long context', { variable_crankback_context: 'x'.repeat(257) }, 'crankback_context'],
    [
      'a long state',
      { variable_crankback_state: '1/1///' + 'a:503:/'.repeat(2_000) },
      '8192 characters',
    ],
  ])('with %s is refused', (_, change, message) => {
    const read = () => readReport({ ...DATA, ...change });
    expect(read).toThrow(ContractError);
    expect(read).toThrow(message);
  });

  it('keeps a bounded part of what a caller can make long', () => {
    const long = 'x'.repeat(60_000);
    const { channel, from } = readReport({
      ...DATA,
      'Channel-Name': long,
      'Caller-Caller-ID-Number': long,
    });
    expect([channel.length, from.length]).toEqual([256, 64]);
  });
});

describe('the event of a planned step', () => {
  /** As a real FreeSWITCH 1.11 sends it: all channel data, and nobody asked. */
  const EVENT = {
    ...DATA,
    'Event-Name': 'CUSTOM',
    'Event-Subclass': 'crankback::planned',
    variable_crankback_asked: '',
    variable_crankback_event: 'failed',
    variable_crankback_state: '1/1795494000705690///carrier-a:503:',
    variable_crankback_trunk: 'carrier-b',
    variable_crankback_leg: 'uuid-b',
    variable_crankback_dialled: '1795494000715000',
    variable_crankback_sip: '503',
    variable_crankback_progress: 'b',
  };

  it('reads as a report of the failed attempt, and says which slot was used', () => {
    expect(readPlanned(EVENT)).toMatchObject({
      event: 'failed',
      asked: '',
      slot: { sip: 503, afterProgress: false },
      state: { attempts: [{ trunk: 'carrier-a', sip: 503, rang: false }] },
      attempt: { trunk: 'carrier-a', leg: 'uuid-b' },
    });
    expect(readPlanned({ ...EVENT, variable_crankback_progress: 'a' }).slot.afterProgress).toBe(
      true,
    );
  });

  it.each([
    ['another contract', { variable_crankback_contract: '2' }, 'contract version "2"'],
    ['nothing that failed', { variable_crankback_event: 'route' }, 'a plan used for "route"'],
    ['no attempt', { variable_crankback_trunk: '' }, 'crankback_trunk'],
    ['no state', { variable_crankback_state: '' }, 'crankback_state is ""'],
  ])('with %s is refused', (_, change, message) => {
    const read = () => readPlanned({ ...EVENT, ...change });
    expect(read).toThrow(ContractError);
    expect(read).toThrow(message);
  });

  it('is no handover', () => {
    expect(() => readReport(EVENT)).toThrow('crankback_asked is ""');
  });
});

describe('the state of a call', () => {
  it('has attempts and the last redirection', () => {
    expect(readState('1/1000000///carrier-a:503:/carrier-b::1/>49:1/carrier-b:486:0')).toEqual({
      startedAt: 1000,
      attempts: [
        { trunk: 'carrier-a', sip: 503, rang: false },
        { trunk: 'carrier-b', rang: true },
        { trunk: 'carrier-b', sip: 486, rang: false },
      ],
      redirected: { target: '49', hops: 1 },
    });
  });

  it.each(['2/1///', '1/x///', '1/1///Trunk:503:1', '1/1///>x:1'])(
    'that is %s is refused',
    (text) => {
      expect(() => readState(text)).toThrow(ContractError);
    },
  );
});

describe('the report of a call that has begun without asking', () => {
  const BEGUN = {
    ...DATA,
    variable_crankback_asked: undefined,
    variable_crankback_state: '1/1795494000705690//k3-7',
    variable_crankback_trunk: 'carrier-a',
    variable_crankback_leg: 'uuid-leg',
    variable_crankback_dialled: '1795494000706690',
    variable_crankback_context: 'public',
  };

  it('has the trunk, and the plan generation that FreeSWITCH had', () => {
    expect(readBegun(BEGUN)).toMatchObject({
      event: 'route',
      trunk: 'carrier-a',
      generation: 'k3-7',
      number: '4930123',
      context: 'public',
      state: { startedAt: 1795494000706, attempts: [] },
      attempt: { trunk: 'carrier-a', leg: 'uuid-leg', dialledAt: 1795494000706.69 },
    });
  });

  it.each([
    ['no trunk', { variable_crankback_trunk: undefined }, 'a call begun by "route" on ""'],
    ['a trunk of no name', { variable_crankback_trunk: 'a b' }, 'crankback_trunk is "a b"'],
    ['a failure', { variable_crankback_event: 'failed' }, 'a call begun by "failed"'],
    ['another contract', { variable_crankback_contract: '2' }, 'contract version "2"'],
    ['a number that nobody dials', { variable_crankback_number: '12 3' }, 'crankback_number is'],
    ['no state', { variable_crankback_state: '' }, 'crankback_state'],
  ])('is refused with %s', (_what, more, why) => {
    const read = (): unknown => readBegun({ ...BEGUN, ...more });
    expect(read).toThrow(ContractError);
    expect(read).toThrow(why);
  });

  it.each([
    ['1/1795494000705690//k3-7', 'k3-7'],
    ['1/1795494000705690//k3-7/carrier-a:503:', 'k3-7'],
    ['1/1795494000705690//', undefined],
    ['1/1795494000705690///carrier-a:503:', undefined],
    ['', undefined],
  ])('tells a call that has begun so from one that asked: %s', (state, generation) => {
    expect(generationOf({ variable_crankback_state: state })).toBe(generation);
  });
});

describe('the name of a caller', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['with quotes', { 'Caller-Caller-ID-Name': 'a "b" c' }, true],
    ['with a backslash', { 'Caller-Caller-ID-Name': 'a\\b' }, true],
    ['with a line break', { 'Caller-Caller-ID-Name': 'a\r\nb' }, true],
    ['of any other characters', { 'Caller-Caller-ID-Name': "Zoë <O'Neil> [${x}], ;=" }, false],
    ['none at all', {}, false],
    [
      'not shown: the dialplan shows another one',
      { 'Caller-Caller-ID-Name': 'a "b"', variable_effective_caller_id_name: '200' },
      false,
    ],
  ])('that sofia cannot send: %s', (_, data, expected) => {
    expect(hasUnsendableName({ ...DATA, ...data })).toBe(expected);
  });
});
