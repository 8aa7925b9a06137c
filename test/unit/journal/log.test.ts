import fc from 'fast-check';
import { createLogger, type LogOptions } from '../../../src/journal/log';

/** What the logger writes to the console, unchanged. */
function written(
  options: Partial<LogOptions>,
  write: (log: ReturnType<typeof createLogger>) => void,
) {
  const chunks: string[] = [];
  const log = createLogger({ format: 'json', level: 'info', ...options });
  // winston writes to the stream that the console had when this module was loaded.
  const stdout = (console as unknown as { _stdout?: NodeJS.WriteStream })._stdout ?? process.stdout;
  const streams = new Set([stdout, process.stdout]);
  const spies = [...streams].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      chunks.push(String(chunk));
      return true;
    }),
  );
  const consoleLog = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    chunks.push(`${line}\n`);
  });
  try {
    write(log);
  } finally {
    for (const spy of [...spies, consoleLog]) spy.mockRestore();
    log.close();
  }
  return chunks.join('');
}

const FORMATS = ['json', 'readable'] as const;
/** Whatever a terminal, a pager or a collector may take for the end of a line or a command. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

describe.each(FORMATS)('a log line (%s)', (format) => {
  const forged = 'Busy\r\n2026-11-21 INFO forged\u0085\u2028\u2029\u001b[2Jx\u0000';

  it.each([
    ['in a field', (text: string) => ({ phrase: text })],
    ['in a list', (text: string) => ({ list: [text] })],
    ['in an object', (text: string) => ({ nested: { deeper: { phrase: text } } })],
    ['in an error', (text: string) => ({ error: new Error(text) })],
    ['in an error of an object', (text: string) => ({ nested: { error: new Error(text) } })],
  ])('stays one line whatever the far side sent, %s', (_, fields) => {
    const text = written({ format }, (log) => log.info('attempt', fields(forged)));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(CONTROL);
    expect(text).toContain('forged');
  });

  it('stays one line whatever is in its message', () => {
    const text = written({ format }, (log) => log.warn(forged));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(CONTROL);
  });

  it('stays one line for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (phrase) => {
        const text = written({ format }, (log) => log.info('attempt', { phrase }));
        expect(text.split('\n')).toHaveLength(2);
        expect(text).not.toMatch(CONTROL);
      }),
      { numRuns: 50 },
    );
  });

  it('shows the message of an error, also of a nested one', () => {
    const text = written({ format }, (log) =>
      log.warn('check failed', {
        error: new Error('GET /channels: refused', { cause: new Error('ECONNREFUSED') }),
        list: [new TypeError('odd')],
      }),
    );
    expect(text).toContain('GET /channels: refused');
    expect(text).toContain('ECONNREFUSED');
    expect(text).toContain('odd');
    expect(text).toContain('check failed');
  });

  it('survives a field that refers to itself', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop.self = loop;
    expect(written({ format }, (log) => log.info('attempt', { loop }))).toContain('attempt');
  });

  it('is left out below its level', () => {
    const text = written({ format, level: 'warn' }, (log) => {
      log.info('decision');
      log.warn('codec mismatch');
    });
    expect(text).not.toContain('decision');
    expect(text).toContain('codec mismatch');
  });
});

describe('a JSON line', () => {
  it('parses, with level, message, time and all fields of their own type', () => {
    const text = written({ format: 'json' }, (log) =>
      log.info('attempt', { sip: 503, rang: false, phrase: 'a "b" c', absent: undefined }),
    );
    const line = JSON.parse(text) as Record<string, unknown>;
    expect(line).toMatchObject({
      level: 'info',
      message: 'attempt',
      sip: 503,
      rang: false,
      phrase: 'a "b" c',
    });
    expect(Date.parse(String(line.timestamp))).not.toBeNaN();
  });
});

describe('a readable line', () => {
  it('quotes what could be taken for another field, and leaves out what is absent', () => {
    const text = written({ format: 'readable' }, (log) =>
      log.info('attempt', {
        phrase: 'x class=busy',
        trunk: 'carrier-a',
        sip: 503,
        q850: undefined,
      }),
    );
    expect(text).toMatch(/ INFO {2}attempt phrase="x class=busy" trunk=carrier-a sip=503\n$/);
  });
});
