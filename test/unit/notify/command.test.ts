import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMessage, type Message } from '../../../src/alerts/message';
import { Command } from '../../../src/notify/ways/command';
import { AT, HOSTILE } from '../../doubles/alerts';
import { until } from '../../doubles/until';

const MESSAGE = testMessage({ now: AT, instance: 'pbx-1', digest: () => 'id' });
const LIMIT = 10_000;

/** One that nobody has buried does not run. */
function runs(pid: string): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crankback-command-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs this as a program, without a shell of ours. */
function run(
  script: string,
  args: readonly string[] = [],
  timeout = LIMIT,
  message: Message = MESSAGE,
) {
  const path = join(folder, 'page');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return new Command({ kind: 'command', argv: [path, ...args] }).deliver(message, timeout);
}

describe('a command', () => {
  it('gets the message on standard input, and its arguments as they are', async () => {
    const told = join(folder, 'told');
    const args = ['--now', '$(id)', 'a b', ';'];
    const got = await run(`cat > ${told}; for one; do echo "$one"; done`, args);
    expect(got).toEqual({ ok: true, answer: args.join('\n') });
    expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual(MESSAGE);
  });

  it.each(HOSTILE)('gets a text such as %j in one line of JSON, and nowhere else', async (text) => {
    const told = join(folder, 'told');
    const [incident] = MESSAGE.incidents;
    const message = {
      ...MESSAGE,
      incidents: [{ ...incident!, why: text, evidence: { phrase: text }, calls: [text] }],
    };
    const script = `cat > ${told}; echo "$#"; env | grep -v -e ^PWD -e ^_ -e ^SHLVL`;
    const { answer } = await run(script, ['page'], LIMIT, message);
    expect(answer).toBe('1\nPATH=/usr/local/bin:/usr/bin:/bin');
    const lines = readFileSync(told, 'utf8').split('\n');
    expect([lines.length, lines[1]]).toEqual([2, '']);
    expect(JSON.parse(lines[0] ?? '')).toEqual(message);
  });

  it('gets no secret of the service', async () => {
    process.env.CRANKBACK_ALERT_SECRET_X = 'secret';
    const { answer } = await run('env | grep -v -e ^PWD -e ^_ -e ^SHLVL');
    delete process.env.CRANKBACK_ALERT_SECRET_X;
    expect(answer).toBe('PATH=/usr/local/bin:/usr/bin:/bin');
  });

  it('that ends with another code has not taken it', async () => {
    expect(await run('echo no >&2; exit 3')).toEqual({ ok: false, answer: 'code 3 no' });
  });

  it('that does not read its input may still have taken it', async () => {
    expect(await run('exec <&-; exit 0')).toMatchObject({ ok: true });
  });

  it('that does not end is killed with all that it began', async () => {
    const pid = join(folder, 'pid');
    const got = await run(`sleep 600 & echo $! > ${pid}; wait`, [], 300);
    expect(got).toEqual({ ok: false, answer: 'killed after 0.3 s' });
    await until(() => !runs(readFileSync(pid, 'utf8').trim()));
  });

  it('that talks without end is heard as far as is shown', async () => {
    const { ok, answer } = await run('head -c 5000000 /dev/zero | tr "\\0" x');
    expect([ok, answer.length]).toEqual([true, 300]);
  });

  it('that is not there has not taken it', async () => {
    const argv = [join(folder, 'none')];
    expect(await new Command({ kind: 'command', argv }).deliver(MESSAGE, LIMIT)).toMatchObject({
      ok: false,
      answer: expect.stringContaining('ENOENT') as string,
    });
  });
});
