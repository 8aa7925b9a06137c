import { suggest } from '../../../src/cli/suggest';

describe('crankback suggest', () => {
  afterEach(() => {
    process.exitCode = undefined;
    jest.restoreAllMocks();
  });

  it.each([
    [{ policy: 'docs/policy.example.yaml', since: 'x', limit: '1' }, '--since: unexpected "x"'],
    [{ policy: 'docs/policy.example.yaml', since: '7d', limit: '0' }, '--limit: unexpected "0"'],
    [{ policy: 'docs/none.yaml', since: '7d', limit: '1' }, 'docs/none.yaml'],
    [{ policy: '', since: '7d', limit: '1' }, 'no policy file: name one by --policy'],
    [
      { policy: 'docs/policy.example.yaml', since: '7d', limit: '1', httpPort: '1' },
      'no answer from crankback',
    ],
  ])('refuses %j, and says why', async (flags, why) => {
    const said = jest.spyOn(console, 'error').mockReturnValue(undefined);
    await suggest(flags);
    expect(said.mock.calls.flat().join('\n')).toContain(why);
    expect(process.exitCode).toBe('httpPort' in flags ? 1 : 2);
  });
});
