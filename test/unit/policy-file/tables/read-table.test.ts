import { tableRoute } from '../../../../src/policy/routes/tables';
import { renderProblem } from '../../../../src/policy-file/problems/problems';
import { readTable } from '../../../../src/policy-file/tables/read-table';
import type { TableColumns } from '../../../../src/policy-file/tables/table-spec';

const TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c'];
const PREFERENCE: TableColumns = {
  prefix: 'Prefix',
  trunks: { kind: 'preference', columns: ['First', 'Second'] },
};
const COST: TableColumns = {
  prefix: 'Prefix',
  trunks: { kind: 'cost', of: { 'carrier-b': 'B', 'carrier-a': 'A' } },
};
const SHARED = { strategy: { kind: 'in-order' }, rules: [] } as const;

function read(text: string | Buffer, columns = PREFERENCE) {
  return readTable({ file: 'rates.csv', columns }, Buffer.from(text), TRUNKS);
}

/** `line prefix trunk trunk` of each row. */
function rows(text: string, columns?: TableColumns): readonly string[] {
  const made = read(text, columns);
  if (!('rows' in made)) throw new Error(made.problems.map(renderProblem).join('\n'));
  const tables = [{ file: 'rates.csv', shared: SHARED, rows: made.rows }];
  return Array.from(made.rows.lines, (_, row) => {
    const { at, digits, trunks } = tableRoute(tables, row);
    return [at.line, digits[0], ...trunks].join(' ');
  });
}

function problems(text: string | Buffer, columns?: TableColumns): readonly string[] {
  const made = read(text, columns);
  return 'rows' in made ? [] : made.problems.map(renderProblem);
}

describe('a table', () => {
  it('has a route for each row, with the trunks by preference; other columns are ignored', () => {
    const text =
      'Land,Prefix,First,Rate,Second\nDE,49,carrier-a,1,carrier-b\nAT,+43,carrier-b,2,\n';
    expect(rows(text)).toEqual(['2 49* carrier-a carrier-b', '3 +43* carrier-b']);
  });

  it('may have all trunks of a row in one column', () => {
    const columns: TableColumns = { ...PREFERENCE, trunks: { kind: 'preference', columns: ['t'] } };
    const text = 'Prefix;t\n1;carrier-c carrier-a\n2;carrier-a|carrier-b\n';
    expect(rows(text, columns)).toEqual(['2 1* carrier-c carrier-a', '3 2* carrier-a carrier-b']);
  });

  it('by cost has the cheapest first, of the same cost the one named first, none where nothing is', () => {
    const text = 'Prefix;A;B\n1;0,02;0,010\n2;0.5;0.50\n3;0.1;\n';
    const expected = ['2 1* carrier-b carrier-a', '3 2* carrier-b carrier-a', '4 3* carrier-a'];
    expect(rows(text, COST)).toEqual(expected);
  });

  it.each([
    ['semicolons', 'Prefix;First;Second\n1;carrier-a;carrier-b\n'],
    ['tabs', 'Prefix\tFirst\tSecond\n1\tcarrier-a\tcarrier-b\n'],
    ['lines of Windows', 'Prefix,First,Second\r\n1,carrier-a,carrier-b\r\n'],
    ['a byte order mark', '\uFEFFPrefix,First,Second\n1,carrier-a,carrier-b'],
    ['quotes and blanks', '"Prefix", First ,Second\n"1", carrier-a,"carrier-b"\r\n'],
  ])('may have %s', (_, text) => {
    expect(rows(text)).toEqual(['2 1* carrier-a carrier-b']);
  });

  it('names the line in which a row begins, also behind empty lines and values of several lines', () => {
    const text =
      'Prefix,First,Second,Note\n\n1,carrier-a,,"one\ntwo"\n2,carrier-a,,"a ""b"""\n,,,\n'.replace(
        ',,,\n',
        '',
      );
    expect(rows(text)).toEqual(['3 1* carrier-a', '5 2* carrier-a']);
  });
});

describe('what is wrong with a table', () => {
  it.each([
    ['', 'rates.csv:1:1: the file is empty [CB1003]'],
    ['Prefix,First,Second\n', 'rates.csv:1:1: the table has no rows [CB1003]'],
    [Buffer.from([0x50, 0xff, 0x0a]), 'rates.csv:1:1: not UTF-8 text [CB1002]'],
    [
      'Prefix,Fist,Second\n1,carrier-a,\n',
      'rates.csv:1:1: no column "First"; did you mean "Fist"? Columns of the table: Prefix, Fist, Second [CB1215]\nPrefix,Fist,Second\n^',
    ],
    [
      'Prefix,First,Second\n1,carrier-a,carrier-x\n',
      'rates.csv:2:13: Second: unknown trunk "carrier-x"; did you mean "carrier-a"? Known trunks: carrier-a, carrier-b, carrier-c [CB1215]\n1,carrier-a,carrier-x\n            ^',
    ],
    [
      'Prefix,First,Second\n1,carrier-a,carrier-a\n',
      'rates.csv:2:13: Second: trunk "carrier-a" twice in one row. A hunt tries each trunk once [CB1215]\n1,carrier-a,carrier-a\n            ^',
    ],
    [
      'Note,Prefix,First,Second\n"a, b",49 30,carrier-a,\n',
      'rates.csv:2:8: Prefix: not a prefix: "49 30"; did you mean "4930"? Expected up to 31 digits, with a + before them or not [CB1215]\n"a, b",49 30,carrier-a,\n       ^',
    ],
    [
      'Prefix,First,Second\n,carrier-a,\n',
      'rates.csv:2:1: Prefix: no prefix. Expected up to 31 digits, with a + before them or not [CB1215]\n,carrier-a,\n^',
    ],
    [
      'Prefix,First,Second\n49,,\n',
      'rates.csv:2:4: First: no trunk for 49. Expected at least one trunk [CB1215]\n49,,\n   ^',
    ],
    [
      'Prefix,First,Second\n49,"carrier-a,\n50,carrier-a,\n',
      'rates.csv:2:1: a quote without its end. Expected "" for a quote within quotes [CB1215]\n49,"carrier-a,\n^',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it('by cost: what is no cost', () => {
    expect(problems('Prefix,A,B\n1,-1,2\n', COST)).toEqual([
      'rates.csv:2:3: A: not a cost: "-1". Expected a cost such as 0.0125, or nothing where the trunk does not take these numbers [CB1215]\n1,-1,2\n  ^',
    ]);
  });

  it('is more rows than a table may have', () => {
    const text = Buffer.from(`Prefix,First,Second\n${'49,carrier-a,\n'.repeat(4)}`);
    const about = { file: 'rates.csv', columns: PREFERENCE };
    expect(readTable(about, text, TRUNKS, 4)).toHaveProperty('rows');
    expect(readTable(about, text, TRUNKS, 3)).toMatchObject({
      problems: [{ line: 5, message: 'more than 3 rows' }],
    });
  });

  it('is shown a hundred times at most, and counted', () => {
    const made = read(`Prefix,First,Second\n${'x,carrier-a,\n'.repeat(250)}`);
    expect('rows' in made ? undefined : [made.problems.length, made.count]).toEqual([100, 250]);
  });
});
