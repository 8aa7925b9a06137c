import { closeSync, fstatSync, openSync } from 'node:fs';
import { formatOf, isJournal, prioritized } from '../../../src/records/log-format';
import { createLogger, type LogOptions } from '../../../src/records/logger';

const LEVEL = Symbol.for('level');
const MESSAGE = Symbol.for('message');

/** A line as it is written. */
function lineOf(name: Parameters<typeof formatOf>[0], fields: object, level = 'info'): string {
  const info = { [LEVEL]: level, level, message: 'attempt', timestamp: 'T', ...fields };
  const made = formatOf(name).transform(info, {});
  return typeof made === 'object' ? String(made[MESSAGE]) : '';
}

it.each([
  [{}, ''],
  [{ trunk: 'carrier-a', sip: 503, rang: false }, ' trunk=carrier-a sip=503 rang=false'],
  [{ phrase: 'Busy Here' }, ' phrase="Busy Here"'],
  [{ phrase: 'a="b"', other: 'x=1' }, ' phrase="a=\\"b\\"" other="x=1"'],
  [{ phrase: '', gone: undefined }, ' phrase=""'],
  [{ list: ['a', 'b c'], nested: { a: 1 } }, ' list="[\\"a\\",\\"b c\\"]" nested="{\\"a\\":1}"'],
  [{ 'a b="c': 'x' }, ' a_b__c=x'],
])('a line of logfmt: %j', (fields, expected) => {
  expect(lineOf('logfmt', fields)).toBe(`timestamp=T level=info message=attempt${expected}`);
});

it('a line of logfmt is read back by its fields', () => {
  const fields = { phrase: 'he said "no" = 1', path: 'C:\\x y', why: 'plain' };
  const read = [...lineOf('logfmt', fields).matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(
    ([, key = '', value = '']) => [
      key,
      value.startsWith('"') ? (JSON.parse(value) as string) : value,
    ],
  );
  expect(Object.fromEntries(read)).toMatchObject(fields);
});

/** The first write of a logger with these options. */
async function firstOf(options: Partial<LogOptions>, level: string): Promise<string> {
  const lines: string[] = [];
  const take = (some: readonly string[]) => void lines.push(...some);
  const output = { offer: take, flush: take };
  const log = createLogger({ format: 'json', level: 'debug', ...options }, { output });
  log.log(level, 'attempt');
  log.close();
  return Promise.resolve(lines[0] ?? '');
}

describe('the priority for journald', () => {
  it.each([
    ['error', '<3>'],
    ['warn', '<4>'],
    ['info', '<6>'],
    ['debug', '<7>'],
  ])('of %s is %s', async (level, prefix) => {
    for (const format of ['json', 'logfmt', 'readable'] as const)
      expect(await firstOf({ format, priorities: 'on' }, level)).toMatch(
        new RegExp(`^${prefix}[^<]+attempt`),
      );
  });

  it('is not there where it is off, or where standard output does not go to journald', async () => {
    expect(await firstOf({}, 'warn')).toMatch(/^\{/);
    expect(await firstOf({ priorities: 'auto' }, 'warn')).toMatch(/^\{/);
  });

  it('is there where it goes to journald, and not where only a parent’s does', () => {
    const fd = openSync('/dev/null', 'w');
    const { dev, ino } = fstatSync(fd);
    expect(isJournal(`${dev}:${ino}`, fd)).toBe(true);
    expect(isJournal(`${dev}:${ino + 1}`, fd)).toBe(false);
    expect(isJournal(undefined, fd)).toBe(false);
    closeSync(fd);
    expect(isJournal(`${dev}:${ino}`, fd)).toBe(false);
  });

  it('of a level that has none is that of info', () => {
    const made = prioritized().transform({ level: 'x', message: '', [MESSAGE]: 'line' }, {});
    expect(made).toMatchObject({ [MESSAGE]: '<6>line' });
  });
});
