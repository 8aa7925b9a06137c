import { callsIn } from '../../../../src/explain/story/traced-calls';
import { readTrace } from '../../../../src/explain/traces/read-trace';
import type { Remark } from '../../../../src/explain/traces/trace';
import { storiesOf } from '../../../doubles/whole-calls';

const INVITE = `INVITE sip:+12025550124@carrier.example SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
To: <sip:+12025550124@carrier.example>
Call-ID: one
CSeq: 1 INVITE
Content-Type: application/sdp
Content-Length: {length}

v=0
m=audio 4000 RTP/AVP 0 8
`;
const REFUSAL = `SIP/2.0 488 Not Acceptable Here
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1
To: <sip:+12025550124@carrier.example>;tag=x
Call-ID: one
CSeq: 1 INVITE
Content-Length: 0

`;
/** With CRLF; with LF it has two bytes less. */
const BODY = 'v=0\r\nm=audio 4000 RTP/AVP 0 8\r\n'.length;
const invite = (length: number | string) => INVITE.replace('{length}', String(length));

function remarksOf(text: string): readonly Remark[] {
  const trace = readTrace(Buffer.from(text, 'latin1'));
  if (typeof trace === 'string') throw new Error(trace);
  return [...trace.remarks, ...callsIn(trace).remarks];
}

describe('a body', () => {
  it.each([
    ['of the length that is said, counted with CRLF', BODY],
    ['… without the last one', BODY - 2],
    ['counted with LF', BODY - 2],
    ['counted with LF, without the last one', BODY - 3],
    ['of no said length', ''],
    ['of a said length that is no number', 'many'],
  ])('%s, is read whole and without a remark', (_, length) => {
    const text = invite(length) + REFUSAL;
    expect(remarksOf(text)).toEqual([]);
    expect(storiesOf(text)[0]?.facts).toMatchObject({ offered: ['PCMU', 'PCMA'] });
  });

  it('that is cut off is told by what is there, and remarked with its line', () => {
    const text = invite(300) + REFUSAL;
    expect(remarksOf(text)).toEqual([
      { line: 8, kind: 'body-short', values: { said: 300, found: BODY } },
    ]);
    expect(storiesOf(text)[0]?.facts).toMatchObject({ offered: ['PCMU', 'PCMA'] });
  });

  it('that is longer than is said counts as far as it is said, as on the wire', () => {
    const text = invite(5) + REFUSAL;
    expect(remarksOf(text)).toEqual([
      { line: 8, kind: 'body-long', values: { said: 5, found: BODY } },
    ]);
    expect(storiesOf(text)[0]?.facts).not.toHaveProperty('offered');
  });
});

describe('a message', () => {
  it.each<[string, string, Partial<Remark>[], object]>([
    [
      'without Call-ID and CSeq',
      invite(BODY) + 'SIP/2.0 486 Busy Here\n\n',
      [
        { line: 11, kind: 'no-call-id' },
        { line: 11, kind: 'no-cseq' },
      ],
      { callId: 'one', class: 'busy', line: 1 },
    ],
    [
      'that is a status line alone',
      'SIP/2.0 486 Busy Here',
      [{ kind: 'head-cut' }, { kind: 'no-call-id' }, { kind: 'no-cseq' }],
      { class: 'busy', sip: 486 },
    ],
    [
      'that is cut off in its headers',
      `${invite(BODY)}SIP/2.0 480 Gone\nCall-ID: one\nCSeq: 1 INVITE\nReas`,
      [{ line: 14, kind: 'head-cut' }],
      { class: 'unavailable' },
    ],
    [
      'whose CSeq cannot be read',
      `${invite(BODY)}${REFUSAL}SIP/2.0 486 Busy\nCall-ID: two\nCSeq: one INVITE\n\n`,
      [{ line: 18, kind: 'unreadable' }],
      { class: 'codec-mismatch' },
    ],
    [
      'with bytes that are no UTF-8',
      `${invite(BODY)}SIP/2.0 480 Nicht verf\xfcgbar\nCall-ID: one\nCSeq: 1 INVITE\n\n`,
      [{ line: 11, kind: 'not-utf8' }],
      { class: 'unavailable', phrase: 'Nicht verf\ufffdgbar' },
    ],
    [
      'of another client’s spelling',
      'invite sip:1@x sip/2.0\ni:one\ncseq:1   invite\n\nsip/2.0 486   \nI: one\nCSEQ: 1 INVITE\n\n',
      [],
      { class: 'busy', sip: 486 },
    ],
  ])('%s', (_, text, remarks, facts) => {
    expect(remarksOf(text)).toMatchObject(remarks);
    expect(storiesOf(Buffer.from(text, 'latin1'))[0]?.facts).toMatchObject(facts);
  });

  it('in the body of a NOTIFY is no message', () => {
    const notify = `NOTIFY sip:a@b SIP/2.0
Call-ID: one
CSeq: 2 NOTIFY
Content-Type: message/sipfrag;version=2.0
Content-Length: 24

SIP/2.0 503 Unavailable

`;
    const text = invite(BODY) + REFUSAL + notify;
    expect(remarksOf(text)).toEqual([]);
    expect(storiesOf(text).map(({ facts }) => facts['sip'])).toEqual([488]);
  });
});

describe('the INVITEs of one call', () => {
  const again = (cseq: number, more = '') =>
    invite(BODY).replace('CSeq: 1', `CSeq: ${cseq}`).replace('z9hG4bK1', `z9hG4bK${cseq}${more}`);
  const answer = (status: string, cseq: number) =>
    `SIP/2.0 ${status}\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${cseq}\nCall-ID: one\nCSeq: ${cseq} INVITE\n\n`;

  it.each<[string, readonly string[], object]>([
    [
      'a 401 and another INVITE are one attempt',
      [again(1), answer('401 Unauthorized', 1), again(2), answer('503 Full', 2)],
      { class: 'trunk-congested', sip: 503, earlier: ['401 Unauthorized'] },
    ],
    [
      'a 407, a 422 and another INVITE too',
      [
        ...[again(1), answer('407 Proxy Auth', 1), again(2), answer('422 Too Small', 2)],
        ...[again(3), answer('486 Busy Here', 3)],
      ],
      { class: 'busy', earlier: ['407 Proxy Auth', '422 Too Small'] },
    ],
    [
      'silence after the 401 is silence, not a wrong password',
      [again(1), answer('401 Unauthorized', 1), again(2)],
      { class: 'trunk-timeout', sip: null, earlier: ['401 Unauthorized'] },
    ],
    [
      'a response whose INVITE was left out has the offer of the INVITE that is there',
      [again(1), answer('401 Unauthorized', 1), answer('488 Not Acceptable Here', 2)],
      { class: 'codec-mismatch', offered: ['PCMU', 'PCMA'] },
    ],
    [
      'a response with another branch belongs to the INVITE of its CSeq',
      [again(1, 'changed'), answer('486 Busy Here', 1)],
      { class: 'busy' },
    ],
    [
      'an INVITE that was sent again and got nothing is silence',
      [again(1), again(1)],
      { class: 'trunk-timeout', sip: null },
    ],
    [
      'a CANCEL is ours',
      [
        again(1),
        answer('180 Ringing', 1),
        again(1)
          .replace(/^INVITE/, 'CANCEL')
          .replace('1 INVITE', '1 CANCEL'),
        answer('487 Request Terminated', 1),
      ],
      { class: 'no-answer', origin: 'ours', rang: true },
    ],
    [
      'an answered call has no failure, whatever a re-INVITE got',
      [
        ...[again(1), answer('200 OK', 1)],
        again(2).replace('carrier.example>', 'carrier.example>;tag=x'),
        answer('488 Not Acceptable Here', 2),
      ],
      { answered: true, answers: ['200 OK'] },
    ],
    [
      'a re-INVITE alone is told, and told to be one',
      [
        again(2).replace('carrier.example>', 'carrier.example>;tag=x'),
        answer('488 Not Acceptable Here', 2),
      ],
      { inDialog: true, class: 'codec-mismatch' },
    ],
    [
      'responses without an INVITE are told without the offer',
      [answer('183 Session Progress', 1), answer('488 Not Acceptable Here', 1)],
      { class: 'codec-mismatch', answers: ['183 Session Progress', '488 Not Acceptable Here'] },
    ],
  ])('%s', (_, messages, facts) => {
    const stories = storiesOf(messages.join('\n'));
    expect(stories).toHaveLength(1);
    expect(stories[0]?.facts).toMatchObject(facts);
  });
});

it('a call of thousands of INVITEs and re-INVITEs takes linear time and is one attempt of 64', () => {
  const message = (start: string, at: number, tag = '') =>
    `${start}\nVia: SIP/2.0/UDP h;branch=z${at}\nTo: <sip:1@x>${tag}\nCall-ID: one\nCSeq: ${at} INVITE\n\n`;
  const many = Array.from({ length: 5_000 }, (_, at) =>
    [
      message('INVITE sip:1@x SIP/2.0', at),
      message('SIP/2.0 486 Busy', at, ';tag=a'),
      message('INVITE sip:1@x SIP/2.0', 10_000 + at, ';tag=a'),
      message('SIP/2.0 488 No', 10_000 + at, ';tag=a'),
    ].join(''),
  );
  const trace = readTrace(Buffer.from(many.join('')));
  if (typeof trace === 'string') throw new Error(trace);
  const { calls } = callsIn(trace);
  expect(calls.map(({ transactions }) => transactions.length)).toEqual([64]);
});
