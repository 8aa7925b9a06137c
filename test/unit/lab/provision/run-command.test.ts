import { CommandFailed, run, tryRun } from '../../../../lab/provision/run-command';

const node = (script: string): string[] => [process.execPath, '-e', script];

describe('run', () => {
  test('returns what the command wrote', async () => {
    await expect(run(node('console.log("out")'), 'nothing')).resolves.toBe('out\n');
  });

  test('says which command failed, how, its last words and what to do', async () => {
    const failure = run(node('console.error("last words"); process.exit(3)'), 'try harder');
    await expect(failure).rejects.toBeInstanceOf(CommandFailed);
    await expect(failure).rejects.toThrow(
      /-e .*exit code 3\n[^]*last words\nWhat to do: try harder/,
    );
  });
});

describe('tryRun', () => {
  test('reports a program that does not exist', async () => {
    expect(await tryRun(['no-such-program'])).toMatchObject({
      exitCode: undefined,
      trouble: expect.stringContaining('ENOENT') as string,
    });
  });

  test('ends a command at its time limit', async () => {
    const result = await tryRun(node('setInterval(() => {}, 1000)'), { timeLimitMs: 200 });
    expect(result.trouble).toBe('ended by SIGTERM');
  });
});
