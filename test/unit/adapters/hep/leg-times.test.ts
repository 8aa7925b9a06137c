import { legTimes } from '../../../../adapters/hep/leg-times';
import type { SentTransaction } from '../../../../adapters/hep/sent-transaction';

const FAR = { address: '2001:db8::2', port: 5060 };
const NEAR = { address: '2001:db8::1', port: 5060 };

/** An INVITE that was answered after 500 ms, sent at a time of Unix milliseconds. */
function answered(sdp: string, sentAt = 1000): SentTransaction {
  return {
    ...{ sentAt, firstResponseAt: sentAt + 10, answered: true, provisional: [] },
    invite: { cseq: 1 },
    sent: { source: NEAR, destination: FAR },
    final: { status: 200, at: sentAt + 500, sdp },
  } as unknown as SentTransaction;
}
const sdp = (...lines: string[]) =>
  ['v=0', 'o=- 1 1 IN IP6 ::1', 's=-', 't=0 0', ...lines].join('\r\n');

it('an answer’s codecs are those of the streams that are on', () => {
  const body = sdp(
    ...['m=audio 4000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000'],
    'm=video 0 RTP/AVP 96',
    'a=rtpmap:96 VP8/90000',
  );
  expect(legTimes([answered(body)])).toEqual({
    ...{ firstResponseMs: 10, answeredMs: 500 },
    ...{ local: '[2001:db8::1]:5060', far: '[2001:db8::2]:5060', codecs: ['PCMA'] },
  });
});

it('names of codecs are bounded in number and length, whatever a carrier answers', () => {
  const types = Array.from({ length: 40 }, (_, n) => 90 + n);
  const body = sdp(
    `m=audio 4000 RTP/AVP ${types.join(' ')}`,
    ...types.map((type) => `a=rtpmap:${type} ${'x'.repeat(60)}${type}/8000`),
  );
  const { codecs = [] } = legTimes([answered(body)]) ?? {};
  expect(codecs.every((name) => name.length <= 32)).toBe(true);
  expect(codecs.length).toBeGreaterThan(0);
  const many = sdp(
    `m=audio 4000 RTP/AVP ${types.join(' ')}`,
    ...types.map((type) => `a=rtpmap:${type} x${type}/8000`),
  );
  expect(legTimes([answered(many)])?.codecs).toHaveLength(16);
});

it('a response with an earlier time than its INVITE came at once', () => {
  const odd = { ...answered(sdp()), firstResponseAt: 990 } as unknown as SentTransaction;
  expect(legTimes([odd])?.firstResponseMs).toBe(0);
});

it('without the time of an INVITE there are none', () => {
  const odd = { ...answered(sdp()), sentAt: undefined } as unknown as SentTransaction;
  expect(legTimes([odd])).toBeUndefined();
  expect(legTimes([])).toBeUndefined();
});
