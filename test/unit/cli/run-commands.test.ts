import { runCommands, shellLine } from '../../../src/cli/run-commands';

describe('commands that are run', () => {
  afterEach(() => jest.restoreAllMocks());

  it('get the value of a setting, and are shown with its name', () => {
    const said: string[] = [];
    const command = [process.execPath, '-p', 'process.argv[1].length', '$SECRET', '$OTHER'];
    expect(runCommands([command], (text) => void said.push(text), [['SECRET', 'seven77']])).toBe(
      true,
    );
    expect(said.join()).toMatch(/"\$SECRET" "\$OTHER"\n7$/);
    expect(said.join()).not.toContain('seven77');
  });

  it('that fail are named, without the value', () => {
    const error = jest.spyOn(console, 'error').mockImplementation();
    const command = [process.execPath, '-e', 'process.exit(3)', '$SECRET'];
    expect(runCommands([command], () => undefined, [['SECRET', 'seven77']])).toBe(false);
    expect(error.mock.calls.join()).toContain('"$SECRET"');
    expect(error.mock.calls.join()).not.toContain('seven77');
  });
});

it('a command is written as a shell takes it', () => {
  expect(shellLine(['fs_cli', '-p', '$PASSWORD', '-x', 'load mod_x'])).toBe(
    `fs_cli -p "$PASSWORD" -x 'load mod_x'`,
  );
});
