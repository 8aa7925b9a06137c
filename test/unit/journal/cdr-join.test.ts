import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { JournalWriter } from '../../../src/journal/writer';

const PAGE = readFileSync(join(__dirname, '../../../docs/cdr.md'), 'utf8');
const AT = Date.UTC(2026, 0, 31, 12);

/** Lines of cdr_custom as the lab's Asterisk wrote them, of three calls; the last one is of another. */
const RECORDS = `
"1795839559.2","2","1-13@172.30.77.30","280","crankback-attempt","Dial","FAILED","0","outcome=dial trunk=carrier-a attempts=1 class= sip="
"1795839559.2","4","1-13@172.30.77.30","280","crankback-attempt","Dial","ANSWERED","0","outcome=dial trunk=carrier-b attempts=2 class= sip="
"1795839559.5","6","1-14@172.30.77.30","279","crankback-attempt","Dial","FAILED","0","outcome=dial trunk=carrier-a attempts=1 class= sip="
"1795839559.5","8","1-14@172.30.77.30","279","crankback-attempt","Dial","NO ANSWER","0","outcome=dial trunk=carrier-b attempts=2 class= sip="
"1795839559.5","10","1-14@172.30.77.30","404.invalid-number","crankback-relay","PJSIPHangup","NO ANSWER","0","outcome=relay trunk=carrier-b attempts=2 class=invalid-number sip=404"
"crankback-look-2a67ce09-1;2","1","","look","crankback-contract","","FAILED","0",""
`;

/** The page's queries over a journal of the same calls. */
function asked(): Record<string, unknown>[][] {
  const { database } = openJournal(':memory:', AT);
  const call = (
    id: string,
    callId: string,
    number: string,
    at: number,
    legs: [string, number?][],
  ) => {
    const of = { pbx: 'asterisk', hunt: `${id}@${at}`, at };
    return [
      { kind: 'hunt', ...of, leg: 'l', callerCallId: callId, number, policy: 'p' },
      ...legs.flatMap(([trunk, sip], index): JournalEntry[] => {
        const detail = { class: 'unknown', fault: 'trunk', rang: false, detail: '{}' };
        const times = { id: `${id}${index}`, callId: `leg-b-${trunk}`, invitedAt: at };
        const end: JournalEntry =
          sip === undefined
            ? { kind: 'answered', ...of, trunk }
            : {
                kind: 'attempt-end',
                ...of,
                trunk,
                completes: false,
                failure: { ...detail, sip, phrase: `said ${sip}` },
              };
        return [
          { kind: 'decision', ...of, on: 'route', outcome: 'dial', trunk, detail: '{}' },
          { kind: 'timed', ...of, trunk, times },
          end,
        ];
      }),
    ] as JournalEntry[];
  };
  new JournalWriter(database).write([
    ...call('1795839559.2', '1-13@172.30.77.30', '280', AT, [['carrier-a', 503], ['carrier-b']]),
    ...call('1795839559.5', '1-14@172.30.77.30', '279', AT + 9, [
      ['carrier-a', 503],
      ['carrier-b', 404],
    ]),
  ]);
  const sql = [...PAGE.matchAll(/```sql\n([^`]+)```/g)].map(([, text = '']) => text);
  const table = sql.join('\n').match(/CREATE TABLE cdr[^;]+;/)?.[0] ?? '';
  database.exec(table);
  for (const line of RECORDS.trim().split('\n')) {
    database.run('INSERT INTO cdr VALUES(?,?,?,?,?,?,?,?,?)', JSON.parse(`[${line}]`) as string[]);
  }
  return sql
    .filter((text) => text.startsWith('SELECT'))
    .map((text) => database.all(text) as Record<string, unknown>[]);
}

describe('the queries of docs/cdr.md', () => {
  it('tell what became of each record, what the carriers said, and what is in no journal', () => {
    const [byUniqueId = [], byCallId = [], others] = asked();
    expect(byUniqueId.map((row) => Object.values(row).join(' '))).toEqual([
      '1795839559.2 280 FAILED 0 answered carrier-b unknown 1',
      '1795839559.2 280 ANSWERED 0 answered carrier-b unknown 1',
      '1795839559.5 279 FAILED 0 dial carrier-b unknown 2',
      '1795839559.5 279 NO ANSWER 0 dial carrier-b unknown 2',
      '1795839559.5 404.invalid-number NO ANSWER 0 dial carrier-b unknown 2',
    ]);
    expect(byCallId.map((row) => Object.values(row).join(' '))).toEqual([
      '1-13@172.30.77.30 280 carrier-a 503 said 503 leg-b-carrier-a 0',
      '1-13@172.30.77.30 280 carrier-b   leg-b-carrier-b 0',
      '1-14@172.30.77.30 279 carrier-a 503 said 503 leg-b-carrier-a 0',
      '1-14@172.30.77.30 279 carrier-b 404 said 404 leg-b-carrier-b 0',
    ]);
    expect(others).toEqual([
      { uniqueid: 'crankback-look-2a67ce09-1;2', dst: 'look', disposition: 'FAILED' },
    ]);
  });

  it('read the file that the lab’s Asterisk writes', () => {
    const custom = readFileSync(
      join(__dirname, '../../../lab/pbx/asterisk/cdr_custom.conf'),
      'utf8',
    );
    const mapping = /^Joined\.csv => .+$/m;
    expect(mapping.exec(PAGE)?.[0]).toBe(mapping.exec(custom)?.[0]);
    const names = [...(mapping.exec(PAGE)?.[0] ?? '').matchAll(/CDR\((\w+)\)/g)].map(
      ([, name]) => name,
    );
    expect(PAGE).toContain(`CREATE TABLE cdr(${names.join(', ')});`);
  });
});
