import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogOutput, MOST_WAITING } from '../../../src/records/log-output';
import { until } from '../../doubles/until';

let folder: string;
const opened: number[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-log-'));
});
afterEach(() => {
  for (const fd of opened.splice(0)) closeSync(fd);
  rmSync(folder, { recursive: true, force: true });
});

function open(path: string, flags: number): number {
  const fd = openSync(path, flags, 0o600);
  opened.push(fd);
  return fd;
}

/** A pipe with both ends here. */
function pipe(): { readonly fd: number; readonly read: () => string } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const fd = open(path, constants.O_RDWR | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(1024 * 1024);
  const read = (): string => {
    try {
      return buffer.toString('utf8', 0, readSync(fd, buffer));
    } catch {
      return '';
    }
  };
  return { fd, read };
}

/** An output, and what it told of lost lines. */
function outputTo(fd: number) {
  let lost = 0;
  const output = new LogOutput({
    fd,
    dropped: (lines) => (lost += lines),
    gap: (lines, why) => `lost ${lines} ${why}\n`,
  });
  return { output, lost: () => lost };
}

const LINES = Array.from(
  { length: 4_000 },
  (_, index) => `${String(index).padStart(6, '0')} ${'x'.repeat(992)}\n`,
);

describe('the output of the log', () => {
  it('writes all lines to a file, in order', async () => {
    const path = join(folder, 'log');
    const { output, lost } = outputTo(open(path, constants.O_WRONLY | constants.O_CREAT));
    const lines = ['first\n', 'zweite ü\n', 'third\n'];
    for (const line of lines) output.offer([line]);
    await until(() => output.size === 0);
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    expect(lost()).toBe(0);
  });

  it('keeps a bound of bytes for a pipe that nobody reads, counts the rest, and says it once in its place', async () => {
    const { fd, read } = pipe();
    const { output, lost } = outputTo(fd);
    for (let from = 0; from < LINES.length; from += 10) output.offer(LINES.slice(from, from + 10));
    expect(output.size).toBeLessThanOrEqual(MOST_WAITING);
    expect(lost()).toBeGreaterThan(2_000);
    let text = '';
    await until(() => {
      text += read();
      return output.size === 0 && text.includes('lost ');
    });
    output.offer(['after\n']);
    await until(() => {
      text += read();
      return text.endsWith('after\n');
    });
    const told = text.split('\n').filter((line) => line.startsWith('lost '));
    expect(told).toEqual([`lost ${lost()} slow`]);
    // All that was taken stands whole and in order around it.
    const taken = text.split('\n').filter((line) => /^\d/.test(line));
    expect(taken.map((line) => `${line}\n`)).toEqual(LINES.slice(0, taken.length));
    expect(taken.length + lost()).toBe(LINES.length);
    expect(text.split('\n').slice(-3)).toEqual([told[0], 'after', '']);
  });

  it.each([
    ['a full disk', () => open('/dev/full', constants.O_WRONLY)],
    ['what cannot be written to', () => open('/dev/null', constants.O_RDONLY)],
  ])('neither throws nor waits for %s, also at the end', async (_, fdOf) => {
    const { output, lost } = outputTo(fdOf());
    output.offer(LINES);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(output.size).toBeLessThanOrEqual(MOST_WAITING);
    expect(lost()).toBeGreaterThan(2_000);
    output.flush();
  });

  it('writes at the end of the process what it can', () => {
    const { fd, read } = pipe();
    const { output } = outputTo(fd);
    output.offer(['begun\n']);
    output.flush(['last\n']);
    expect(read()).toContain('last\n');
  });

  it('leaves the last lines of the process to no thread that may not come to it', () => {
    const path = join(folder, 'log');
    const { output } = outputTo(open(path, constants.O_WRONLY | constants.O_CREAT));
    output.flush(['last\n']);
    expect(readFileSync(path, 'utf8')).toBe('last\n');
  });

  it('does not wait at the end for a pipe that nobody reads', () => {
    const { fd } = pipe();
    const { output } = outputTo(fd);
    output.offer(LINES);
    output.flush();
    expect(output.size).toBeGreaterThan(0);
  });
});
