import fc from 'fast-check';
import { createLogger, type LogOptions } from '../../../src/records/logger';

/** What the logger hands to its output, unchanged, write by write. */
async function writes(
  options: Partial<LogOptions>,
  write: (log: ReturnType<typeof createLogger>) => void,
  dropped: (lines: number) => void = () => undefined,
): Promise<string[]> {
  const chunks: string[] = [];
  const ended: string[] = [];
  const output = {
    offer: (lines: readonly string[]) => void chunks.push(lines.join('')),
    flush: (lines: readonly string[]) => void ended.push(lines.join('')),
  };
  const log = createLogger({ format: 'json', level: 'info', ...options }, { output, dropped });
  write(log);
  expect(chunks).toEqual([]);
  // A timer that is due later runs later.
  await new Promise((resolve) => setTimeout(resolve, 30));
  log.close();
  expect(ended).toEqual(['']);
  return chunks;
}

async function written(...how: Parameters<typeof writes>): Promise<string> {
  return (await writes(...how)).join('');
}

/** Made beforehand: a test that waits has its time limit. */
const ANY = fc.sample(fc.string({ unit: 'binary' }), 200);
const FORMATS = ['json', 'logfmt', 'readable'] as const;
/** Whatever a terminal, a pager or a collector may obey, or nobody sees; line feeds are ours. */
const CONTROL = /[^\P{C}\n]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe.each(FORMATS)('a log line (%s)', (format) => {
  const forged =
    'Busy\r\n2026-11-21 INFO forged\u0085\u2028\u2029\u001b[2Jx\u0000\u202egpj.exe\u200b\ufeff\ud83dx\udb40\udc41';

  it.each([
    ['in a field', (text: string) => ({ phrase: text })],
    ['in a list', (text: string) => ({ list: [text] })],
    ['in an object', (text: string) => ({ nested: { deeper: { phrase: text } } })],
    ['in the name of a field', (text: string) => ({ [text]: 'x' })],
    ['in the name of a field of an object', (text: string) => ({ nested: { [text]: 'x' } })],
    ['in an error', (text: string) => ({ error: new Error(text) })],
    ['in an error of an object', (text: string) => ({ nested: { error: new Error(text) } })],
  ])('stays one line whatever the far side sent, %s', async (_, fields) => {
    const text = await written({ format }, (log) => log.info('attempt', fields(forged)));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(CONTROL);
    expect(text).toContain('forged');
  });

  it('stays one line whatever is in its message', async () => {
    const text = await written({ format }, (log) => log.warn(forged));
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(CONTROL);
  });

  it('stays one line for any text at all', async () => {
    const text = await written({ format }, (log) => {
      for (const phrase of ANY) log.info('attempt', { phrase });
    });
    expect(text.split('\n')).toHaveLength(ANY.length + 1);
    expect(text).not.toMatch(CONTROL);
  });

  it('shows the message of an error, also of a nested one', async () => {
    const text = await written({ format }, (log) =>
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

  it('survives a field that refers to itself', async () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop.self = loop;
    expect(await written({ format }, (log) => log.info('attempt', { loop }))).toContain('attempt');
  });

  it('is left out below its level', async () => {
    const text = await written({ format, level: 'warn' }, (log) => {
      log.info('decision');
      log.warn('codec mismatch');
    });
    expect(text).not.toContain('decision');
    expect(text).toContain('codec mismatch');
  });
});

describe('a JSON line', () => {
  it('parses, with level, message, time and all fields of their own type', async () => {
    const text = await written({ format: 'json' }, (log) =>
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
  it('quotes what could be taken for another field, and leaves out what is absent', async () => {
    const text = await written({ format: 'readable' }, (log) =>
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

describe('the lines of one turn', () => {
  it('are one write, in order, when all else of the turn is done', async () => {
    const [only, ...others] = await writes({ format: 'readable' }, (log) => {
      log.info('first');
      log.warn('second');
    });
    expect(others).toEqual([]);
    expect(only).toMatch(/ INFO {2}first\n.* WARN {2}second\n$/);
  });
});

describe('a line that cannot be made', () => {
  it('is lost alone, and counted', async () => {
    const lost: number[] = [];
    const broken = Object.defineProperty({}, 'phrase', {
      enumerable: true,
      get: () => {
        throw new Error('no phrase');
      },
    }) as Record<string, unknown>;
    const text = await writes(
      { format: 'json' },
      (log) => {
        log.info('before');
        log.info('attempt', { nested: broken });
        log.info('after');
      },
      (lines) => lost.push(lines),
    );
    expect(text.join('')).toMatch(/before[^]*after/);
    expect(text.join('')).not.toContain('attempt');
    expect(lost).toEqual([1]);
  });
});

describe('masked numbers', () => {
  it('are masked in whatever comes to the log, and only where that is asked for', async () => {
    const write = (log: ReturnType<typeof createLogger>): void => {
      log.info('decision', { number: '+4917112345678', leg: 'sofia/internal/1001@192.0.2.1' });
      log.error('handover refused', { why: 'no route to "0171 1234 5678"' });
    };
    const whole = await written({ format: 'json' }, write);
    expect(whole).toContain('+4917112345678');
    const masked = await written({ format: 'json', maskNumbers: true }, write);
    expect(masked.replace(/\D/g, ' ')).not.toMatch(/1001|171|1234|5678/);
    expect(masked).toContain('192.0.2.1');
  });
});

describe('the end of the process', () => {
  it('gets the lines that are not made yet, whole, and not as lines that can wait', () => {
    const waiting: string[] = [];
    const last: string[] = [];
    const log = createLogger(
      { format: 'json', level: 'info' },
      {
        output: {
          offer: (lines) => waiting.push(...lines),
          flush: (lines) => last.push(...lines),
        },
      },
    );
    log.info('stopped');
    log.close();
    expect(waiting).toEqual([]);
    expect(last.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'stopped',
    ]);
  });
});
