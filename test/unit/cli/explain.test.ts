import { explain } from '../../../src/cli/explain';

function run(codes: readonly string[], flags: { json?: boolean; lang?: string } = {}) {
  const out = jest.spyOn(console, 'log').mockImplementation();
  const error = jest.spyOn(console, 'error').mockImplementation();
  try {
    process.exitCode = 0;
    explain(codes, { lang: 'en', ...flags });
    const text = (spy: jest.SpyInstance) => spy.mock.calls.map(([line]) => String(line)).join('\n');
    return { out: text(out), error: text(error), code: process.exitCode };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    error.mockRestore();
  }
}

describe('explain', () => {
  it('prints a sheet', () => {
    expect(run(['480 Codec Mismatch'])).toMatchObject({ error: '', code: 0 });
    expect(run(['480 Codec Mismatch']).out).toMatch(/^480 Codec Mismatch\n/);
  });

  it('prints two side by side with their verdict', () => {
    const { out, code } = run(['302', '481']);
    expect(code).toBe(0);
    expect(out).toMatch(/Which one/);
  });

  it.each([
    ['480', 'unavailable', 'callee', 480, 18],
    ['q850:34', 'trunk-congested', 'trunk', 503, 34],
    ['180', null, null, 180, null],
  ])('--json %s', (query, name, fault, sip, q850) => {
    expect(JSON.parse(run([query], { json: true }).out)).toMatchObject({
      class: name,
      fault,
      sip,
      q850,
    });
  });

  it('--json of two has both and the verdict', () => {
    const data = JSON.parse(run(['486', '600'], { json: true }).out) as {
      codes: unknown[];
      verdict: string;
    };
    expect(data.codes).toHaveLength(2);
    expect(data.verdict).toMatch(/busy/);
  });

  it.each([[['9000']], [['']], [[]], [['480', '486', '600']], [['480', 'nonsense!']]])(
    'refuses %j with code 2 and says nothing else',
    (codes) => {
      const { out, error, code } = run(codes);
      expect([out, code]).toEqual(['', 2]);
      expect(error).not.toBe('');
    },
  );

  it('refuses an unknown language', () => {
    expect(run(['480'], { lang: 'xx' })).toMatchObject({
      code: 2,
      error: expect.stringContaining('--lang') as string,
    });
  });
});
