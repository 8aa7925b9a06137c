import { explain } from '../../../src/cli/explain';

function run(
  codes: readonly string[],
  flags: { json?: boolean; lang?: string; carrier?: string } = {},
) {
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

describe("a carrier's own list", () => {
  const json = (code: string, carrier?: string) =>
    JSON.parse(
      run([code], { json: true, ...(carrier !== undefined && { carrier }) }).out,
    ) as object;

  it.each<[string, string | undefined, string, string | undefined]>([
    ['403 Channel limit exceeded D1', undefined, 'trunk-congested', 'telnyx'],
    ['403 Destination not in your plan D12', undefined, 'no-route', 'telnyx'],
    ['403 Caller ID not allowed D35', undefined, 'caller-id-rejected', 'telnyx'],
    ['403 Forbidden', undefined, 'forbidden', undefined],
    ['403', 'vonage', 'caller-id-rejected', 'vonage'],
    ['403 Forbidden', 'sipcall', 'no-route', 'sipcall'],
    ['403 No Money Left', 'sipcall', 'no-credit', 'shipped'],
    ['404 No Route Found', undefined, 'invalid-number', undefined],
    ['404 No Route Found', 'zapappi', 'invalid-number', 'zapappi'],
    ['482', 'shenzhen-dazhong', 'blocked', 'shenzhen-dazhong'],
    ['603', 'sipcall', 'declined', undefined],
  ])('%s of %s is %s, by the list of %s', (code, carrier, expected, list) => {
    expect(json(code, carrier)).toMatchObject({ class: expected });
    expect((json(code, carrier) as { list?: string }).list).toBe(list);
  });

  it('is told in the words of the language', () => {
    const { out } = run(['403'], { carrier: 'sipcall' });
    expect(out).toContain('sipcall lists it: no route leads to the number');
    expect(run(['403'], { carrier: 'sipcall', lang: 'ru' }).out).toContain('По списку sipcall');
    const korean = run(['403 Forbidden D36'], { lang: 'ko' }).out;
    expect(korean).toContain('Telnyx의 목록');
    expect(korean).not.toContain('another customer');
  });

  it('shows what else the carrier says with a status', () => {
    const { out } = run(['403'], { carrier: 'telnyx' });
    expect(out).toContain('"User channel limit exceeded D1" → trunk-congested');
    expect(run(['403']).out).not.toContain('D1"');
  });

  it('of nobody that is known is refused, with the one that was meant', () => {
    const { error, code } = run(['403'], { carrier: 'telnix' });
    expect(code).toBe(2);
    expect(error).toContain('--carrier: unknown carrier "telnix"');
    expect(error).toContain('Did you mean "telnyx"?');
  });
});
