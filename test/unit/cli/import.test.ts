import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checked } from '../../../src/cli/check';
import { importFrom, type ImportFlags } from '../../../src/cli/import';
import { IMPORTERS } from '../../../src/pbx-readers';

let folder: string;
let out: string;
let err: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-import-'));
  out = '';
  err = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => void (out += `${text}\n`));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void (err += `${text}\n`));
});
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function path(name: string): string {
  return join(folder, name);
}

function text(name: string): string {
  return readFileSync(path(name), 'utf8');
}

async function imported(
  kind: string,
  files: Readonly<Record<string, string>>,
  flags: ImportFlags = {},
): Promise<number> {
  for (const [name, content] of Object.entries(files)) writeFileSync(path(name), content);
  await importFrom(kind, Object.keys(files).map(path), flags, IMPORTERS);
  return Number(process.exitCode ?? 0);
}

const RATES = `Prefix,Carrier,Rate,Country
44,Alpha Telecom,0.012,UK
44,beta,0.01,UK
447,beta,"0,03",UK
+1 204,"Alpha Telecom",.5,Canada
1x,beta,1,
49,beta,free,DE
`;

describe('crankback import lcr', () => {
  it('writes a route table, the cheapest trunk first, and a policy that has it', async () => {
    expect(await imported('lcr', { 'r.csv': RATES }, { out: path('p.yaml') })).toBe(0);
    expect(text('p.routes.csv')).toBe(
      'prefix,trunks\n44,beta alpha-telecom\n447,beta\n+1204,alpha-telecom\n',
    );
    expect(text('p.yaml')).toContain("routes_from:\n  - { file: 'p.routes.csv' }\n");
    expect(text('p.yaml')).toContain('asterisk: PJSIP/{number}@alpha-telecom');
    expect(text('p.yaml')).toMatch(
      /r\.csv:6: 1x,beta,1, -- not a prefix\n.*:7: 49,beta,free,DE -- not a rate/,
    );
    expect(err).toBe(
      `${path('p.yaml')}: 3 routes, 2 trunks, 3 lines not translated: see the comments at its end\n`,
    );
    expect(checked(path('p.yaml'), {}).code).toBe(0);
  });

  it('takes a sheet of each carrier, whose trunk is the name of its file', async () => {
    const sheets = {
      'north.csv': 'code;price\n49;0.02\n',
      'south.csv': 'code;price\n49;0.01\n491;0.5\n',
    };
    await imported('lcr', sheets, { table: path('t.csv'), pbx: 'freeswitch' });
    expect(text('t.csv')).toBe('prefix,trunks\n49,south north\n491,south\n');
    expect(out).toContain('freeswitch: sofia/gateway/north/{number}');
  });

  it('takes columns by the names that are given', async () => {
    const file = { 'r.csv': 'a,b,c\nnorth,0.1,49\nsouth,0.2,49\n' };
    const named = { prefix: 'C', trunk: 'a', rate: 'b', table: path('t.csv') };
    await imported('lcr', file, named);
    expect(text('t.csv')).toBe('prefix,trunks\n49,north south\n');
  });

  it.each<[string, string, ImportFlags, string]>([
    [
      'a column that is not there',
      'a,b\n1,2\n',
      { prefix: 'c' },
      'r.csv:1: no column "c" (--prefix). Columns: a, b',
    ],
    [
      'no prefix',
      'a,b\n1,2\n',
      {},
      'r.csv:1: no column with the prefix: name it by --prefix. Columns: a, b',
    ],
    ['nothing', '', {}, 'r.csv: the file is empty'],
    ['no row', 'prefix,trunk\nx,a\n', {}, 'r.csv: no row became a route'],
    ['an open quote', 'prefix,trunk\n49,"a\n50,b\n', {}, 'r.csv:2: a quote without its end'],
  ])('says where it cannot: %s', async (_, content, flags, expected) => {
    const code = await imported('lcr', { 'r.csv': content }, { table: path('t.csv'), ...flags });
    expect(err).toContain(expected);
    expect(code).toBe(2);
    expect(out).toBe('');
  });

  it('asks for the place of the table', async () => {
    expect(await imported('lcr', { 'r.csv': RATES })).toBe(2);
    expect(err).toContain('--table');
  });

  it('overwrites nothing', async () => {
    writeFileSync(path('p.yaml'), 'mine');
    writeFileSync(path('t.csv'), 'mine');
    expect(await imported('lcr', { 'r.csv': RATES }, { table: path('t.csv') })).toBe(2);
    expect(err).toContain(`${path('t.csv')} exists: name another file`);
    expect(await imported('lcr', { 'r.csv': RATES }, { out: path('p.yaml') })).toBe(2);
    const dialplan = '[a]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@b)\n';
    expect(await imported('asterisk', { 'e.conf': dialplan }, { out: path('p.yaml') })).toBe(2);
    expect([text('p.yaml'), text('t.csv')]).toEqual(['mine', 'mine']);
  });
});

describe('crankback import', () => {
  it('says why nothing came of a file, with its lines', async () => {
    expect(await imported('asterisk', { 'e.conf': '[a]\nexten => 1,1,Queue(x)\n' })).toBe(2);
    expect(err).toContain('e.conf: no Dial() leads out by the number that was dialled');
    expect(err).toContain('e.conf:2: 1: Queue(x): no Dial()');
  });

  it('tells no password of a line that it did not translate', async () => {
    const dialplan = '[a]\nexten => _5X,1,Dial(IAX2/user:hunter2@example.com/${EXTEN})\n';
    expect(await imported('asterisk', { 'e.conf': dialplan })).toBe(2);
    expect(err).toContain('e.conf:2: Dial(IAX2/user:***@example.com/${EXTEN})');
  });

  it('knows what Asterisk prints of its dialplan, and names the file to read', async () => {
    const shown =
      "[ Context 'a' created by 'pbx_config' ]\n  '_X.' =>          1. Dial(PJSIP/${EXTEN}@b)                       [extensions.conf:2]\n";
    expect(await imported('asterisk', { 'show.txt': shown })).toBe(2);
    expect(err).toContain('show.txt: this is what `dialplan show` prints. Name the file');
  });

  it('says what it knows, and what is missing', async () => {
    expect(await imported('avaya', {})).toBe(2);
    expect(err).toContain('unexpected "avaya". Expected asterisk, ');
    await importFrom('asterisk', [path('none.conf')], {}, IMPORTERS);
    expect(err).toContain('none.conf: cannot be read');
    await imported('asterisk', { 'e.conf': '' }, { rate: 'x' });
    expect(err).toContain('--rate: only with lcr, not with asterisk');
  });

  /** FreePBX's tables, with a second route that has this time group. */
  function tables(group: string, channel = 'carrier-a', tech = 'pjsip') {
    return {
      'trunks.csv': `trunkid,name,tech,channelid\n1,a,${tech},${channel}\n`,
      'outbound_routes.csv': `route_id,name,time_group_id\n1,good,\n2,bad,"${group}"\n`,
      'outbound_route_patterns.csv': 'route_id,match_pattern_pass\n1,NXXXXXX\n2,ZXXXXXX\n',
      'outbound_route_trunks.csv': 'route_id,trunk_id,seq\n1,1,0\n2,1,0\n',
    };
  }

  it('writes nothing of a file as a key of the policy', async () => {
    const hostile = '7\nrules: [{ when: { sip: 503 }, do: { relay: true } }] #';
    expect(await imported('freepbx', tables(hostile))).toBe(0);
    expect(out).toContain('# outbound_routes.csv:3: bad -- its time group 7');
    expect(out).not.toMatch(/^rules/m);
  });

  it('quotes a dial string that YAML would take for more', async () => {
    expect(await imported('freepbx', tables('', 'SIP/$OUTNUM$@192.0.2.1:', 'custom'))).toBe(0);
    expect(out).toContain("asterisk: 'SIP/{number}@192.0.2.1:'");
  });

  it('shows no password of the other system, and nothing that steers a terminal', async () => {
    const hostile =
      '[a]\nexten => _X.,1,Dial(IAX2/me:hush@192.0.2.1/${EXTEN})\n same => n,Playback(\u001b[2J)\n' +
      ' same => n,Dial(PJSIP/${EXTEN}@b)\n';
    await imported('asterisk', { 'e.conf': hostile });
    expect(out).toContain('IAX2/me:***@192.0.2.1');
    expect(out).not.toMatch(/hush|\u001b/);
  });

  it('ends on a dialplan that calls itself for ever', async () => {
    const loops = Array.from(
      { length: 40 },
      (_, n) => `exten => _${n}X.,1,Macro(m,\${EXTEN})\n same => n,Goto(1)`,
    );
    const macro = '[macro-m]\nexten => s,1,Macro(m,${ARG1}${ARG1})\n';
    expect(await imported('asterisk', { 'e.conf': `${macro}[a]\n${loops.join('\n')}\n` })).toBe(2);
    expect(err).toContain('does not end, or is too long to follow');
  });

  /** Contexts that each have an extension, and include the next one. */
  const chain = (contexts: number, next: (index: number) => number) =>
    Array.from(
      { length: contexts },
      (_, at) => `[c${at}]\nexten => _${at}X,1,Dial(PJSIP/\${EXTEN}@t)\ninclude => c${next(at)}\n`,
    ).join('');

  it('follows includes in circles, and as far as Asterisk does', async () => {
    const circle = chain(200, (at) => (at + 1) % 200);
    expect(await imported('asterisk', { 'e.conf': circle })).toBe(0);
    const [route = ''] = out.split('\n').filter((line) => line.includes("'_127X'"));
    expect(route).toContain("'c0'");
    const [behind = ''] = out.split('\n').filter((line) => line.includes("'_128X'"));
    expect(behind).not.toMatch(/'c0'/);
  });

  it('takes no deeper includes than a policy can say', async () => {
    const deep = chain(6_000, (at) => at + 1);
    expect(await imported('asterisk', { 'e.conf': deep })).toBe(2);
    expect(err).toContain('patterns and contexts: more than 500000. Name fewer files');
  });

  it('follows no subroutines that only call each other', async () => {
    const macro = '[macro-m]\nexten => s,1,Macro(m,${ARG1})\n';
    const route = '[a]\nexten => _9X.,1,Macro(m,1)\n same => n,Dial(PJSIP/${EXTEN:1}@b)\n';
    expect(await imported('asterisk', { 'e.conf': macro + route })).toBe(0);
    expect(out).toContain('-- a subroutine that is not followed: what it dials comes before');
    expect(out).toContain("- { digits: '_9X.', number: { strip: '9' }, trunks: [b] }");
  });

  it('refuses elements in elements without end', async () => {
    const deep = `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`;
    expect(await imported('fusionpbx', { 'd.xml': deep })).toBe(2);
    expect(err).toContain('d.xml:1: elements in elements, more than 100: no XML');
  });
});
