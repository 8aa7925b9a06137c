import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checked } from '../../../src/cli/check';

const folder = mkdtempSync(join(tmpdir(), 'crankback-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`;
function file(text: string): string {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  return path;
}
const ODD = GOOD.replace(', carrier-b]', ']');

describe('crankback check', () => {
  it('of a file in order says what is in it: code 0', () => {
    const path = file(GOOD);
    const { out, err, code } = checked(path, {});
    expect(out).toMatch(
      /policy\.yaml: in order \(2 trunks, 1 route, 0 rules\), policy [0-9a-f]{12}$/,
    );
    expect([err, code]).toEqual(['', 0]);
  });

  it('shows warnings with their line and counts them: code 0, with --strict 1', () => {
    const path = file(ODD);
    const { out, err, code } = checked(path, {});
    expect(out).toMatch(/in order \(2 trunks, 1 route, 0 rules, 2 warnings\)/);
    expect(err)
      .toBe(`${path}:5:3: warning: trunk carrier-b is in no route. Put it into a route or take it out
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  ^
${path}:7:5: warning: this route has one trunk only: when carrier-a fails, the call fails. Add a second trunk, or a mailbox
  - { digits: "*", trunks: [carrier-a] }
    ^`);
    expect(code).toBe(0);
    expect(checked(path, { strict: true }).code).toBe(1);
    expect(checked(file(GOOD), { strict: true }).code).toBe(0);
  });

  it('shows all problems and their number: code 2, also with --strict', () => {
    const path = file(GOOD.replace('[112]', '[one, 112]').replace('carrier-b]', 'carrier-x]'));
    const { out, err, code } = checked(path, { strict: true });
    expect(out).toBe('');
    expect(err).toMatch(
      /:2:13: emergency\[0\]: not an emergency number[^]*:7:40: routes\[0\][^]*: 2 problems$/,
    );
    expect(code).toBe(2);
  });

  it('as JSON has the same as data', () => {
    const json = (path: string, strict = false) => {
      const { out, err, code } = checked(path, { json: true, strict });
      expect(err).toBe('');
      return { ...(JSON.parse(out) as object), code };
    };
    const path = file(ODD);
    expect(json(path)).toMatchObject({
      file: path,
      ok: true,
      problems: [],
      warnings: [{ line: 5 }, { line: 7 }],
      code: 0,
    });
    expect(json(path, true)).toMatchObject({ ok: false, code: 1 });
    const broken = file(GOOD.replace('version: 1', 'version: 2'));
    expect(json(broken)).toMatchObject({
      ok: false,
      problems: [{ line: 1, column: 10, path: 'version' }],
      warnings: [],
      code: 2,
    });
  });

  it('needs a file: code 2', () => {
    expect(checked(undefined, {})).toMatchObject({
      out: '',
      err: expect.stringMatching(/CRANKBACK_POLICY/) as string,
      code: 2,
    });
    expect(checked(join(folder, 'none.yaml'), {})).toMatchObject({
      err: expect.stringMatching(/ENOENT/) as string,
      code: 2,
    });
  });
});
