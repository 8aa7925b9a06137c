import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checked } from '../../../src/cli/check';
import { pbxAtHand } from '../../../src/settings/pbx-at-hand';

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
      .toBe(`${path}:5:3: warning: trunk carrier-b is in no route. Put it into a route or take it out [CB1306]
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  ^
${path}:7:5: warning: this route has one trunk only: when carrier-a fails, the call fails. Add a second trunk, or a mailbox [CB1307]
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

describe('a policy that observes', () => {
  const SOME = GOOD.replace('carrier-a: {', 'carrier-a: { mode: decide,')
    .replace('version: 1', 'version: 1\nmode: observe')
    .replace('  - {', '  - { digits: "00*", trunks: [carrier-b, carrier-a] }\n  - {');
  const ARI = { CRANKBACK_ARI_URL: 'http://x' };
  const out = (text: string, environment: Readonly<Record<string, string>> = ARI) =>
    checked(file(text), {}, pbxAtHand(environment)).out.split('\n');

  it('only, says so', () => {
    expect(out(`${GOOD}mode: observe\n`)).toEqual([
      expect.stringMatching(/, policy \w{12}, mode: observe: no call is decided$/),
    ]);
  });

  it('some routes, says which are decided, and what deciding needs', () => {
    expect(out(SOME)).toEqual([
      expect.stringMatching(/, mode: observe on 1 of 2 routes: their calls are not decided$/),
      'note: decided: "*" (line 9); only observed: "00*" (line 8)',
      'note: who decides has to write: on Asterisk the ARI user needs read_only = no',
    ]);
    expect(out(SOME, { CRANKBACK_ESL_HOST: 'x' })).toHaveLength(2);
  });

  it('many, names some of them', () => {
    const more = [...'1234567'].map((digit) => `  - { digits: "${digit}", trunks: [carrier-b] }\n`);
    const [, note] = out(SOME.replace('routes:\n', `routes:\n${more.join('')}`));
    expect(note).toMatch(/; only observed: "1" \(line 8\), .*, "5" \(line 12\) and 3 more$/);
    const none = SOME.replace('[112]', '[]').replace(/  - .*carrier-a, carrier-b\] \}\n/, '');
    expect(out(none)[1]).toMatch(/^note: decided: no route; only/);
  });
});

describe('a policy that travels', () => {
  const POLICY = `version: 1
emergency: [112]
travel: on
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, caller_id: { allowed: "49*", else: "100" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" }, caller_id: { allowed: "1", else: "101" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" }, caller_id: { allowed: "2", else: "102" } }
  few: { dial: { asterisk: "PJSIP/{number}@d" }, limits: { concurrent_calls: 2 } }
routes:
  - { digits: "1*", trunks: [a, b] }
  - { digits: "2*", trunks: [a, b, c] }
  - { digits: "3*", trunks: [few, a] }
  - { digits: "4*", trunks: [a, b], time: "Mo-Fr 08:00-18:00" }
  - { digits: "5*", trunks: [b, a], time: "Mo-Fr 08:00-18:00" }
  - { digits: "6*", refuse: 403 }
  - { digits: "7*", trunks: [a, b], strategy: round-robin }
timezone: Europe/Berlin
`;
  const notes = (text: string) => checked(file(text), {}, pbxAtHand({})).out.split('\n').slice(1);

  it('says of which routes calls ask all the same, and why', () => {
    expect(notes(POLICY)).toEqual([
      'note: with travel: on calls of "2*" (line 11) ask: caller_id tells callers apart in more than two ways',
      'note: with travel: on calls of "3*" (line 12) ask: limits of a trunk count',
      'note: with travel: on calls of "4*" (line 13), "5*" (line 14) ask: their time counts',
      'note: with travel: on calls of "6*" (line 15) ask: they are refused',
      'note: with travel: on calls of "7*" (line 16) ask: a turn counts',
    ]);
    expect(notes(POLICY.replace('travel: on', 'travel: off'))).toEqual([]);
  });

  it('says for which routes there is no room', () => {
    const head = POLICY.slice(0, POLICY.indexOf('  - ')).replace('[112]', '[]');
    const of = (count: number) =>
      Array.from({ length: count }, (_, at) => `  - { digits: "1${100 + at}*", trunks: [a] }\n`);
    const rest = '  - { digits: "*", trunks: [few] }\n  - { digits: "2*", trunks: [a] }\n';
    const limited = (line: number) =>
      `note: with travel: on calls of "*" (line ${line}) ask: limits of a trunk count`;
    // Each counts twice, as its callers are told apart.
    expect(notes(`${head}${of(15).join('')}${rest}`)).toEqual([limited(25)]);
    expect(notes(`${head}${of(16).join('')}${rest}`)).toEqual([
      limited(26),
      'note: with travel: on calls of "2*" (line 27) ask: there is no room for them behind the routes that are found before them',
    ]);
  });
});

describe('what FreeSWITCH does about first_response', () => {
  const BOTH = GOOD.replaceAll(
    /dial: \{ asterisk: "PJSIP\/\{number\}@(carrier-[ab])" \}/g,
    'dial: { freeswitch: "sofia/gateway/$1/{number}" }',
  ).replace(
    'carrier-b/{number}" } }',
    'carrier-b/{number}" }, first_response: 1s, ring_timeout: 9s }',
  );
  const ESL = { CRANKBACK_ESL_HOST: '127.0.0.1' };
  const HEP = { CRANKBACK_HEP_PORT: '9060' };
  const notes = (text: string, environment: Readonly<Record<string, string>>) =>
    checked(file(text), {}, pbxAtHand(environment)).out.split('\n').slice(1);

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'it mirrors its SIP',
      { ...ESL, ...HEP },
      /^note: FreeSWITCH's SIP is mirrored .* first_response: 1 s \(carrier-b\), 4 s \(carrier-a\)\. It needs/,
    ],
    [
      'it does not',
      ESL,
      /^note: FreeSWITCH's SIP is not mirrored .* for 9 s \(carrier-b\), 15 s \(carrier-a\), or for timer-T1X64/,
    ],
    ['nobody has told', {}, /^note: FreeSWITCH sees silence only with mirrored SIP .* 1 s .* 9 s /],
    [
      'an Asterisk is served too',
      { ...ESL, CRANKBACK_ARI_URL: 'http://x' },
      /^note: .* not mirrored/,
    ],
  ])('is said where %s', (_, environment, expected) => {
    expect(notes(BOTH, environment)).toEqual([expect.stringMatching(expected)]);
  });

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['only an Asterisk is served', BOTH, { CRANKBACK_ARI_URL: 'http://x' }],
    ['no trunk is dialled there', GOOD, ESL],
  ])('is not said where %s', (_, text, environment) => {
    expect(notes(text, environment)).toEqual([]);
  });

  it('is no warning, and is in the JSON', () => {
    const strict = checked(file(BOTH), { strict: true, json: true }, pbxAtHand(ESL));
    expect(strict.code).toBe(0);
    expect(JSON.parse(strict.out)).toMatchObject({
      warnings: [],
      notes: [expect.stringContaining('not mirrored')],
    });
  });

  it('names eight trunks of a kind at most', () => {
    const many = Array.from(
      { length: 12 },
      (_, index) => `  t${index}: { dial: { freeswitch: "sofia/gateway/t${index}/{number}" } }`,
    );
    const names = many.map((_, index) => `t${index}`).join(', ');
    const text = BOTH.replace('routes:', `${many.join('\n')}\nroutes:`).replace(
      'carrier-b]',
      `carrier-b, ${names}]`,
    );
    expect(notes(text, { ...ESL, ...HEP })[0]).toMatch(/4 s \(carrier-a(, t\d){7} and 5 more\)/);
  });
});
