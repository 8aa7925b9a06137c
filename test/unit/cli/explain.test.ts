import { explain } from '../../../src/cli/explain';

async function run(
  codes: readonly string[],
  flags: { json?: boolean; lang?: string; carrier?: string } = {},
) {
  const out = jest.spyOn(console, 'log').mockImplementation();
  const error = jest.spyOn(console, 'error').mockImplementation();
  try {
    process.exitCode = 0;
    await explain(codes, { lang: 'en', ...flags });
    const text = (spy: jest.SpyInstance) => spy.mock.calls.map(([line]) => String(line)).join('\n');
    return { out: text(out), error: text(error), code: process.exitCode };
  } finally {
    process.exitCode = 0;
    out.mockRestore();
    error.mockRestore();
  }
}

describe('explain', () => {
  it('prints a sheet', async () => {
    expect(await run(['480 Codec Mismatch'])).toMatchObject({ error: '', code: 0 });
    expect((await run(['480 Codec Mismatch'])).out).toMatch(/^480 Codec Mismatch\n/);
  });

  it('prints two side by side with their verdict', async () => {
    const { out, code } = await run(['302', '481']);
    expect(code).toBe(0);
    expect(out).toMatch(/Which one/);
  });

  it.each([
    ['480', 'unavailable', 'callee', 480, 18],
    ['q850:34', 'trunk-congested', 'trunk', 503, 34],
    ['180', null, null, 180, null],
  ])('--json %s', async (query, name, fault, sip, q850) => {
    expect(JSON.parse((await run([query], { json: true })).out)).toMatchObject({
      class: name,
      fault,
      sip,
      q850,
    });
  });

  it('--json of two has both and the verdict', async () => {
    const data = JSON.parse((await run(['486', '600'], { json: true })).out) as {
      codes: unknown[];
      verdict: string;
    };
    expect(data.codes).toHaveLength(2);
    expect(data.verdict).toMatch(/busy/);
  });

  it.each([[['9000']], [['']], [[]], [['480', '486', '600']], [['480', 'nonsense!']]])(
    'refuses %j with code 2 and says nothing else',
    async (codes) => {
      const { out, error, code } = await run(codes);
      expect([out, code]).toEqual(['', 2]);
      expect(error).not.toBe('');
    },
  );

  it('refuses an unknown language', async () => {
    expect(await run(['480'], { lang: 'xx' })).toMatchObject({
      code: 2,
      error: expect.stringContaining('--lang') as string,
    });
  });
});

describe("a carrier's own list", () => {
  const json = async (code: string, carrier?: string) =>
    JSON.parse(
      (await run([code], { json: true, ...(carrier !== undefined && { carrier }) })).out,
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
  ])('%s of %s is %s, by the list of %s', async (code, carrier, expected, list) => {
    expect(await json(code, carrier)).toMatchObject({ class: expected });
    expect(((await json(code, carrier)) as { list?: string }).list).toBe(list);
  });

  it('is told in the words of the language', async () => {
    const { out } = await run(['403'], { carrier: 'sipcall' });
    expect(out).toContain('sipcall lists it: no route leads to the number');
    expect((await run(['403'], { carrier: 'sipcall', lang: 'ru' })).out).toContain(
      'По списку sipcall',
    );
    const korean = (await run(['403 Forbidden D36'], { lang: 'ko' })).out;
    expect(korean).toContain('Telnyx의 목록');
    expect(korean).not.toContain('another customer');
  });

  it('shows what else the carrier says with a status', async () => {
    const { out } = await run(['403'], { carrier: 'telnyx' });
    expect(out).toContain('"User channel limit exceeded D1" → trunk-congested');
    expect((await run(['403'])).out).not.toContain('D1"');
  });

  it('of nobody that is known is refused, with the one that was meant', async () => {
    const { error, code } = await run(['403'], { carrier: 'telnix' });
    expect(code).toBe(2);
    expect(error).toContain('--carrier: unknown carrier "telnix"');
    expect(error).toContain('Did you mean "telnyx"?');
  });
});
