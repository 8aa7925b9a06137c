import * as fc from 'fast-check';
import {
  answerTo,
  dialplanOf,
  type AnswerParts,
} from '../../../../../adapters/freeswitch/handover/answer';
import type { Outcome } from '../../../../../src/policy/decision/decision';

const around: AnswerParts = {
  asked: 'uuid-1',
  dialplan: 'XML',
  trunks: new Map([
    [
      'carrier-a',
      { name: 'carrier-a', dial: { freeswitch: 'sofia/gateway/a/{number}' }, ringTimeout: 29_500 },
    ],
    ['asterisk-only', { name: 'asterisk-only', dial: {}, ringTimeout: 1_000 }],
  ]),
  attempts: 1,
  state: '1/1795494000725690///carrier-b:503:',
};
const to = (outcome: Outcome, more: Partial<AnswerParts> = {}) =>
  answerTo(outcome, { ...around, ...more });
const dial = { kind: 'dial', trunk: 'carrier-a', number: '4930123' } as const;

describe('an answer', () => {
  it.each<[string, Outcome, string]>([
    [
      'dials',
      dial,
      "'crankback-answer/uuid-1/dial/crankback_trunk=carrier-a|crankback_dial=sofia/gateway/a/4930123|crankback_timeout=30|crankback_delay=0|crankback_own=|crankback_attempts=2|crankback_mark=|crankback_class=' XML crankback_steps",
    ],
    [
      'sends to a mailbox',
      { kind: 'voicemail', greeting: 'busy', mailbox: '1001@default' },
      "'crankback-answer/uuid-1/voicemail/crankback_box=1001|crankback_domain=default|crankback_greeting=busy|crankback_class=' XML crankback_steps",
    ],
    [
      'sends to a place of the user',
      { kind: 'voicemail', greeting: 'unavailable', location: { context: 'vm', extension: '*97' } },
      "'crankback-answer/uuid-1/location/crankback_location=*97 XML vm|crankback_greeting=unavailable|crankback_class=' XML crankback_steps",
    ],
    [
      'announces',
      { kind: 'announce', play: 'a/b.wav', answer: true, sip: 503 },
      "'crankback-answer/uuid-1/announce/crankback_play=a%2Fb.wav|crankback_answer=1|crankback_relay=503|crankback_phrase=|crankback_cause=NORMAL_TEMPORARY_FAILURE|crankback_retry_after=|crankback_class=' XML crankback_steps",
    ],
    [
      'relays a status with its phrase',
      { kind: 'relay', sip: 480, phrase: "It's (late) ~1|2" },
      "'crankback-answer/uuid-1/relay/crankback_relay=480|crankback_phrase=It%27s%20%28late%29%20%7E1%7C2|crankback_cause=NO_USER_RESPONSE|crankback_retry_after=|crankback_class=' XML crankback_steps",
    ],
  ])('%s', (_, outcome, expected) => {
    expect(to(outcome)).toBe(expected);
  });

  it('presents another caller and other codecs on this leg alone', () => {
    const text = to({ ...dial, callerId: '+4930', delayMs: 300 }, { codecs: ['PCMA', 'G722'] });
    expect(text).toContain(
      '|crankback_own=,origination_caller_id_number=+4930,absolute_codec_string=^^:PCMA:G722|',
    );
    expect(text).toContain('|crankback_delay=300|');
  });

  it('hides a name that sofia cannot send, on this leg alone', () => {
    const text = to({ ...dial, callerId: '+4930' }, { hidesName: true });
    expect(text).toContain(
      '|crankback_own=,origination_caller_id_name=anonymous,origination_caller_id_number=+4930|',
    );
  });

  it('brings the plan of the attempt that it begins', () => {
    expect(to(dial, { plan: { plan: '~b503:dial/x=1;y=2', plan_for: '1-k' } })).toContain(
      "|crankback_class=|crankback_plan=~b503:dial/x=1;y=2|crankback_plan_for=1-k' XML",
    );
  });

  it('notes a redirection in the state of the call', () => {
    const text = to({ ...dial, kind: 'redirect', target: '49', hops: 2 });
    expect(text).toContain('|crankback_state=1/1795494000725690///carrier-b:503:/>49:2|');
  });

  it('sets the state where mirrored SIP knows better, and only there', () => {
    expect(to(dial, { corrected: around.state })).not.toContain('crankback_state');
    expect(to(dial, { corrected: '1/2//' })).toContain('|crankback_state=1/2//|');
  });

  it('tells the class of the failure', () => {
    expect(to({ kind: 'relay', sip: 486 }, { failureClass: 'busy' })).toContain(
      "|crankback_class=busy'",
    );
  });

  it('refuses a trunk without a dial string for FreeSWITCH, by the key to set', () => {
    expect(() => to({ ...dial, trunk: 'asterisk-only' })).toThrow(
      'trunks.asterisk-only.dial.freeswitch',
    );
  });

  it.each(['1|x=y', "1'", '${x}', '1~set', '1\n', '1\\'])('never carries %j', (number) => {
    expect(() => to({ ...dial, number })).toThrow('not safe');
  });

  it('never lets a phrase out of its variable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (phrase) => {
        const text = to({ kind: 'relay', sip: 480, phrase });
        expect(text).toMatch(/^'[A-Za-z0-9 %:^|_=/.,+@*#-]*' XML crankback_steps$/);
      }),
    );
  });
});

describe('the dialplan of a handover', () => {
  it('is the one that the answer goes on in', () => {
    const dialplan = dialplanOf({
      'Caller-Dialplan': 'XML:/etc/freeswitch/crankback/crankback.xml',
    });
    expect(to(dial, { dialplan })).toMatch(
      / XML:\/etc\/freeswitch\/crankback\/crankback\.xml crankback_steps$/,
    );
  });

  it.each(['', 'XML', 'XML,enum', 'LUA:x', 'XML:/a b', "XML:/a'b", 'XML:relative', 'XML:/${a}'])(
    'is XML where it is %s',
    (text) => {
      expect(dialplanOf({ 'Caller-Dialplan': text })).toBe('XML');
    },
  );
});
