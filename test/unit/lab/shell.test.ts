import { commandLine, Shell } from '../../../lab/runner/shell';

const LIMIT = { limitMs: 10_000 };

describe('a resident shell', () => {
  let shell: Shell;
  beforeEach(() => (shell = new Shell(['sh'], process.env)));
  afterEach(() => shell.close());

  test('gives each script its own output and exit code, in order', async () => {
    const ended = await Promise.all([
      shell.run('echo one; echo trouble >&2', LIMIT),
      shell.run('printf "no newline"; false', LIMIT),
      shell.run('true', LIMIT),
    ]);
    expect(ended).toEqual([
      { exitCode: 0, output: 'one\ntrouble\n' },
      { exitCode: 1, output: 'no newline' },
      { exitCode: 0, output: '' },
    ]);
  });

  test('keeps variables and background jobs from one script to the next', async () => {
    await shell.run('sleep 60 & job=$!', LIMIT);
    const killed = await shell.run('kill $job; wait $job 2>/dev/null', LIMIT);
    expect(killed.exitCode).toBe(128 + 15);
  });

  test('no script reads the ones that follow', async () => {
    const [first, second] = await Promise.all([
      shell.run('cat', LIMIT),
      shell.run('echo second', LIMIT),
    ]);
    expect([first.output, second.output]).toEqual(['', 'second\n']);
  });

  test('a script without an end costs the shell, and says what it was', async () => {
    const stuck = shell.run('echo so far; exec sleep 60', { limitMs: 300 });
    const after = shell.run('echo after', LIMIT);
    await expect(stuck).rejects.toThrow(/^sh: not within 300 ms: echo so far; .*\nso far$/s);
    await expect(after).rejects.toThrow('sh: the shell has ended');
    expect(shell.hasEnded).toBe(true);
  });

  test('an abort ends the waiting, not the script; the next one waits for it', async () => {
    const stop = new AbortController();
    const aborted = shell.run('sleep 0.2; made=1', { ...LIMIT, signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(aborted).rejects.toThrow('interrupted');
    expect(await shell.run('echo $made', LIMIT)).toEqual({ exitCode: 0, output: '1\n' });
  });

  test('a shell that cannot be started says why', async () => {
    const none = new Shell(['no-such-program', 'sh'], process.env);
    await expect(none.run('true', LIMIT)).rejects.toThrow(/^no-such-program sh: .*ENOENT/s);
  });

  test('takes every argument of a command line as it is', async () => {
    const hostile = ["it's", '$HOME', '`id`', 'a b', '"', '', '*'];
    const { output } = await shell.run(commandLine(['printf', '<%s>', ...hostile]), LIMIT);
    expect(output).toBe(hostile.map((argument) => `<${argument}>`).join(''));
  });
});
