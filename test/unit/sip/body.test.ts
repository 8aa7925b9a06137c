import { sdpOf } from '../../../src/sip/body';

const SDP = 'v=0\r\ns=-\r\n';

function part(type: string, body: string): string {
  return `Content-Type: ${type}\r\n\r\n${body}\r\n`;
}

function multipart(boundary: string, ...parts: readonly string[]): string {
  return parts.map((one) => `--${boundary}\r\n${one}`).join('') + `--${boundary}--\r\n`;
}

function read(type: string, body: string): string | undefined {
  return sdpOf(new Map([['content-type', [type]]]), Buffer.from(body))?.trim();
}

/** A session description in so many multipart bodies, one within the other. */
function nested(levels: number): { type: string; body: string } {
  let [type, body] = ['application/sdp', SDP];
  for (let n = 0; n < levels; n++) {
    body = multipart(`b${n}`, part(type, body));
    type = `multipart/mixed;boundary=b${n}`;
  }
  return { type, body };
}

describe('the session description of a multipart body', () => {
  it.each([1, 2, 3])('is found %i levels deep', (levels) => {
    const { type, body } = nested(levels);
    expect(read(type, body)).toBe(SDP.trim());
  });

  it('is not looked for deeper than real messages go', () => {
    const { type, body } = nested(4);
    expect(read(type, body)).toBeUndefined();
  });

  it('is looked for in sixteen parts and no more', () => {
    const others = (count: number) => Array<string>(count).fill(part('text/plain', 'x'));
    const within = (count: number) =>
      read(
        'multipart/mixed;boundary=b',
        multipart('b', ...others(count), part('application/sdp', SDP)),
      );
    expect(within(15)).toBe(SDP.trim());
    expect(within(16)).toBeUndefined();
  });
});

it('a session description longer than any real one is not read', () => {
  const longest = 16_384;
  const filled = (bytes: number) => SDP + 'a'.repeat(bytes - SDP.length);
  expect(read('application/sdp', filled(longest))).toHaveLength(longest);
  expect(read('application/sdp', filled(longest + 1))).toBeUndefined();
});
