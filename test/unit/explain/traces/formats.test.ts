import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsIn } from '../../../../src/explain/story/traced-calls';
import { readTrace } from '../../../../src/explain/traces/read-trace';
import { isCapture, readTsharkPackets } from '../../../../src/explain/traces/tshark-packets';
import { storiesOf } from '../../../doubles/whole-calls';

const file = (name: string): Buffer =>
  readFileSync(join(__dirname, '../../../captures/explain', name));
/** The messages of the capture, in order. */
const MESSAGES = readTsharkPackets(file('tshark-ek.jsonl').toString()).map(({ payload }) =>
  payload.toString('latin1'),
);

/** As sngrep saves a call (src/curses/ui_save.c). */
function sngrep(messages: readonly string[]): string {
  return messages
    .map((text, index) => {
      const ends = ['192.0.2.1:5060', '198.51.100.7:5060'];
      if (text.startsWith('SIP/2.0')) ends.reverse();
      return `2026/11/27 23:12:01.${index}00000 ${ends.join(' -> ')}\n${text}\n\n`;
    })
    .join('');
}

/** The log of `pjsip set logger on`. */
function asterisk(messages: readonly string[]): string {
  return messages
    .map((text) =>
      text.startsWith('SIP/2.0')
        ? `<--- Received SIP response (${text.length} bytes) from UDP:198.51.100.7:5060 --->\n${text}\n`
        : `<--- Transmitting SIP request (${text.length} bytes) to UDP:198.51.100.7:5060 --->\n${text}\n`,
    )
    .join('\n    -- Executing [100@out:2] Dial("PJSIP/a-00000001", "PJSIP/100@b") in new stack\n');
}

/** `sofia global siptrace on`. */
function freeswitch(messages: readonly string[]): string {
  const line = '   ' + '-'.repeat(72);
  return messages
    .map((text) => {
      const indented = text.replaceAll('\r\n', '\n').replace(/^/gm, '   ');
      const way = text.startsWith('SIP/2.0') ? 'recv' : 'send';
      return `${way} ${text.length} bytes to udp/[198.51.100.7]:5060 at 23:12:01.000000:\n${line}\n${indented}\n${line}\n`;
    })
    .join('');
}

const unix = (text: string) => text.replaceAll('\r\n', '\n');
const call = MESSAGES.slice(0, 4);

describe('the same call', () => {
  it.each<[string, string | Buffer]>([
    ['pasted, with CRLF', call.join('\r\n')],
    ['pasted, with LF', unix(call.join('\n'))],
    ['pasted without anything between', call.join('')],
    ['pasted, with a byte order mark', `\xef\xbb\xbf${call.join('')}`],
    ['quoted in a mail', unix(call.join('\n')).replace(/^/gm, '> ')],
    ['indented', unix(call.join('\n')).replace(/^/gm, '\t')],
    ['its response first', [call[2], call[0]].join('\n')],
    ['its INVITE twice', [call[0], call[0], ...call.slice(1)].join('')],
    ['saved by sngrep', sngrep(call)],
    ['saved by sngrep, with LF', unix(sngrep(call))],
    ['in Asterisk’s log', asterisk(call)],
    ['in FreeSWITCH’s log', freeswitch(call)],
    ['tshark -V', file('tshark-V.txt')],
    ['tshark -O sip', file('tshark-O-sip.txt')],
    ['tshark, followed, ASCII', file('follow-udp-ascii.txt')],
    ['tshark, followed, raw', file('follow-udp-raw.txt')],
    ['the same over TCP, ASCII', file('follow-tcp-ascii.txt')],
    ['the same over TCP, raw', file('follow-tcp-raw.txt')],
  ])('%s, is told the same', (how, text) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
    const [story] = storiesOf(bytes);
    // ASCII has no é.
    const bearer = how.includes('ASCII') ? 'Bearer ..' : 'Bearer é';
    expect(story?.facts).toMatchObject({
      class: 'codec-mismatch',
      sip: 488,
      offered: ['PCMU', 'PCMA'],
      reasons: [`Q.850;cause=65;text="${bearer}"`],
      warnings: [{ code: 304, text: 'Media type not available' }],
      retryAfterMs: 5000,
      media: { asterisk: { accepts: ['G729'], cause: 'media-type' } },
    });
    const trace = readTrace(bytes);
    expect(trace).toMatchObject({ remarks: [] });
  });

  it.each(['tshark-ek.jsonl', 'tshark-ek-tcp.jsonl'])('of a capture, %s', (name) => {
    const messages = readTsharkPackets(file(name).toString());
    const { calls } = callsIn({ messages, remarks: [], unit: 'message' });
    expect(calls[0]).toMatchObject({
      number: '100',
      answers: [{ status: 100 }, { status: 488, sdp: true }],
    });
    expect(calls[0]?.endedAt).toBe(1790000000200);
  });

  it.each(['tshark-V.txt', 'tshark-O-sip.txt', 'follow-udp-raw.txt', 'follow-udp-ascii.txt'])(
    'and another one, %s: two stories, one of a multipart body',
    (name) => {
      const stories = storiesOf(file(name));
      expect(stories.map(({ facts }) => facts['callId'])).toEqual([
        'a84b4c76e66710@192.0.2.1',
        'multi@x',
      ]);
      expect(stories[1]?.facts).toMatchObject({ class: 'bad-request', sip: 415 });
      expect(JSON.stringify(stories[1]?.facts['media'])).toContain('application/pidf+xml');
    },
  );
});

describe('a text', () => {
  it.each([
    ['is empty', '', 'empty'],
    ['is white space', ' \r\n\t\n', 'empty'],
    ['is UTF-16', '\xff\xfeS\0I\0P\0', 'utf16'],
    ['is UTF-16 of the other order', '\xfe\xff\0S\0I', 'utf16'],
    ['is binary', 'SIP/2.0 488 No\0', 'binary'],
    ['has no SIP', 'hello\nSIP/2.0 is a protocol\nINVITE me\n', 'no-sip'],
  ])('that %s', (_, text, expected) => {
    expect(readTrace(Buffer.from(text, 'latin1'))).toBe(expected);
  });

  it.each([
    ['d4c3b2a1', true],
    ['a1b2c3d4', true],
    ['4d3cb2a1', true],
    ['a1b23c4d', true],
    ['0a0d0d0a', true],
    ['1f8b0800', true],
    ['53495020', false],
    ['', false],
  ])('that begins with %s is a capture: %s', (begin, expected) => {
    expect(isCapture(Buffer.from(begin, 'hex'))).toBe(expected);
  });

  it('of a megabyte of lines that begin nothing takes linear time', () => {
    const hostile = `${'SIP/2.0 48 '.repeat(1000)}\n`.repeat(90);
    expect(readTrace(Buffer.from(hostile))).toBe('no-sip');
  });
});

describe('what tshark prints', () => {
  it('is passed over where it is no packet', () => {
    const odd = ['', 'x', '{', '{}', '{"layers":{"sip_raw":7}}', '{"layers":{"sip_raw":["zz"]}}'];
    expect(readTsharkPackets(odd.join('\n'))).toEqual([]);
  });

  it('without the session description is remarked', () => {
    const text = file('tshark-V.txt')
      .toString()
      .replace(/^ {12}\S.*\([a-z]\): .*\n/gm, '');
    expect(readTrace(Buffer.from(text))).toMatchObject({
      remarks: [{ kind: 'no-sdp-in-export' }, { kind: 'no-sdp-in-export' }],
    });
  });

  it('with a header that it has cut is read as far as it goes', () => {
    const text = file('tshark-V.txt')
      .toString()
      .replace(/^ {8}Reason:/m, '        [truncated]Reason:');
    expect(storiesOf(text)[0]?.facts['reasons']).toEqual(['Q.850;cause=65;text="Bearer é"']);
  });
});
