import { EventTexts } from '../../../web/live/event-texts';

describe('server-sent events', () => {
  const TEXT =
    'retry: 2000\n\nid: run-1\nevent: hunt-begun\ndata: {"a":1}\n\n:\n\nevent: gap\ndata: {}\n\n';

  it.each([1, 2, 7, 1_000])('are read whole from pieces of %d characters', (size) => {
    const texts = new EventTexts();
    const read = [];
    for (let at = 0; at < TEXT.length; at += size)
      read.push(...texts.take(TEXT.slice(at, at + size)));
    expect(read).toEqual([
      { kind: 'hunt-begun', data: '{"a":1}' },
      { kind: 'gap', data: '{}' },
    ]);
    expect(texts.lastId).toBe('run-1');
  });

  it('without an end are given up', () => {
    const texts = new EventTexts();
    expect(() => texts.take(`data: ${'x'.repeat(1024 * 1024)}`)).toThrow('without an end');
  });
});
