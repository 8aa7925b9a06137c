import { ByteBudget, Framer } from '../../../../../adapters/freeswitch/esl/framer';

const LIMIT = 1024 * 1024;

function framed(chunks: readonly string[]): string[] {
  const framer = new Framer({ message: LIMIT });
  const messages: string[] = [];
  for (const chunk of chunks)
    framer.feed(Buffer.from(chunk), (message) => messages.push(message.toString()));
  return messages;
}

const MESSAGES = [
  'A: 1\n\n',
  'Content-Length: 4\n\nbody',
  'Content-Length:0\n\n',
  'B: 2\nC: 3\n\n',
];

describe('messages', () => {
  it('come whole, however they were cut', () => {
    const text = MESSAGES.join('');
    expect(framed([text])).toEqual(MESSAGES);
    expect(framed([...text])).toEqual(MESSAGES);
    for (let at = 1; at < text.length; at += 1)
      expect(framed([text.slice(0, at), text.slice(at)])).toEqual(MESSAGES);
  });

  it.each([
    ['a Content-Length that is no number', 'Content-Length: x\n\n'],
    ['an encoded one', 'Content-Length: %31\n\n'],
    ['two of them', 'Content-Length: 1\nContent-Length: 2\n\n'],
    ['no headers', '\n\n'],
    ['a body that is too long', `Content-Length: ${LIMIT}\n\n`],
    ['a head that is too long', 'x'.repeat(LIMIT + 1)],
  ])('with %s are refused', (_, text) => {
    expect(() => framed([text])).toThrow(/Content-Length|headers|longer than/);
  });

  it('that drip byte by byte are copied a bounded number of times', () => {
    const allocated = jest.spyOn(Buffer, 'allocUnsafe');
    const framer = new Framer({ message: LIMIT });
    const byte = Buffer.from('x');
    for (let n = 0; n < LIMIT; n += 1) framer.feed(byte, () => undefined);
    const bytes = allocated.mock.calls.reduce((sum, [size]) => sum + size, 0);
    allocated.mockRestore();
    expect(framer.pending).toBe(LIMIT);
    expect(bytes).toBeLessThan(4 * LIMIT);
  });
});

describe('unfinished messages of several connections', () => {
  it('share a budget, and give it back', () => {
    const budget = new ByteBudget(16 * 1024);
    const limits = { message: LIMIT, budget };
    const [one, other] = [new Framer(limits), new Framer(limits)];
    one.feed(Buffer.alloc(10_000, 'x'), () => undefined);
    const feed = () => other.feed(Buffer.alloc(10_000, 'x'), () => undefined);
    expect(feed).toThrow('too many unfinished messages at once');
    one.close();
    expect(feed).not.toThrow();
  });

  it('take nothing of it once they are closed', () => {
    const budget = new ByteBudget(16 * 1024);
    const framer = new Framer({ message: LIMIT, budget });
    const messages: string[] = [];
    const rest = `A: 1\n\nB: 2\n\n${'x'.repeat(10_000)}`;
    framer.feed(Buffer.from(rest), (message) => {
      messages.push(message.toString());
      framer.close();
    });
    expect([messages, framer.pending]).toEqual([['A: 1\n\n'], 0]);
    expect(budget.take(16 * 1024)).toBe(true);
  });
});
