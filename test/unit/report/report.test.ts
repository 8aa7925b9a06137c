import { openJournal } from '../../../src/journal/database';
import type { FailureColumns, JournalEntry } from '../../../src/journal/entry';
import { reportOf } from '../../../src/journal/read/report';
import { JournalWriter } from '../../../src/journal/writer';
import { attemptLadder } from '../../../src/report/ladder';
import { csvRows } from '../../../src/report/csv-rows';
import { html } from '../../../src/report/html';
import { markdown } from '../../../src/report/markdown';
import { maskedReport } from '../../../src/report/masked';
import { reportSheet } from '../../../src/report/report-sheet';
import { csv } from '../../../src/cli/csv';

const START = Date.UTC(2026, 0, 31, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Told {
  readonly id: string;
  readonly at: number;
  readonly trunk?: string;
  readonly failure?: Partial<FailureColumns> & {
    readonly evidence?: object;
    readonly redress?: object;
  };
  readonly late?: true;
}

function entries({ id, at, trunk = 'carrier-a', failure, late }: Told): JournalEntry[] {
  const of = { pbx: 'asterisk', hunt: id };
  const { evidence, redress, ...columns } = failure ?? {};
  const phrase = columns.phrase ?? 'Service Unavailable';
  const whole = {
    class: 'trunk-congested',
    fault: 'trunk',
    sip: 503,
    phrase,
    rang: false,
    ...columns,
  };
  const detail = JSON.stringify({
    ...{ sip: whole.sip, phrase, redress },
    evidence: evidence ? [{ source: 'hep', ...evidence }] : [],
  });
  return [
    {
      kind: 'hunt',
      at,
      ...of,
      leg: 'l',
      callerCallId: `${id}@phone`,
      number: '0301234567',
      policy: 'p',
    },
    {
      ...{ kind: 'decision', ...of, at, on: 'route', outcome: 'dial', trunk },
      ...{ caller: '0309876543', detail: '{}' },
    },
    failure
      ? {
          kind: 'attempt-end',
          ...of,
          at: at + 100,
          trunk,
          completes: false,
          failure: { ...whole, detail },
        }
      : { kind: 'answered', ...of, at: at + 100, trunk },
    {
      ...{ kind: 'timed', at, ...of, trunk },
      times: {
        ...{ id, callId: `${id}@pbx`, invitedAt: at + 2, endedAt: at + 100 },
        ...{ local: '192.0.2.1:5060', far: '192.0.2.2:5060' },
      },
    },
    ...(late ? [{ kind: 'late-answer', ...of, at: at + 900, trunk, leg: 'l' } as const] : []),
  ];
}

function reported(told: readonly Told[], most?: number) {
  const { database } = openJournal(':memory:', START);
  new JournalWriter(database).write(told.flatMap(entries));
  const asked = { trunk: 'carrier-a', since: START, until: START + DAY };
  return reportOf(database, asked, most);
}

const WIRE = {
  ...{ failedAfterMs: 40, reasons: [{ protocol: 'Q.850', cause: 34, text: 'No circuit' }] },
  ...{ warnings: [{ code: 399, agent: 'sbc', text: 'limit' }], retryAfterMs: 5000 },
  provisional: [{ sip: 100, phrase: 'Trying', sdp: false, afterMs: 1 }],
};
const TOLD: readonly Told[] = [
  { id: 'a1', at: START, failure: { evidence: WIRE } },
  { id: 'a2', at: START + 1000, failure: {} },
  { id: 'a3', at: START + HOUR, failure: {} },
  { id: 'a4', at: START + HOUR + 1, failure: {}, late: true },
  {
    id: 'a5',
    at: START + 2,
    failure: { sip: 486, phrase: 'Busy Here', class: 'busy', fault: 'callee' },
  },
  {
    ...{ id: 'a6', at: START + 3 },
    failure: {
      ...{ sip: 608, phrase: 'Rejected', class: 'blocked', fault: 'number' },
      redress: { redressUrl: 'https://complain.example/x' },
    },
  },
  { id: 'a7', at: START + 4 },
  { id: 'b1', at: START + 5, trunk: 'carrier-b', failure: { phrase: 'not theirs' } },
  { id: 'old', at: START - 1, failure: { phrase: 'too old' } },
];

describe("a trunk's report", () => {
  it('counts what the trunk did in the period, by kind and by hour, the most frequent first', () => {
    const report = reported(TOLD);
    expect(report).toMatchObject({ attempts: 7, answered: 1, more: false });
    expect(
      report.failures.map(({ sip, count, firstAt, lastAt }) => [sip, count, firstAt, lastAt]),
    ).toEqual([
      [503, 4, START, START + HOUR + 1],
      [608, 1, START + 3, START + 3],
      [486, 1, START + 2, START + 2],
    ]);
    expect(report.hours).toEqual([
      { at: START, attempts: 5, failures: 4 },
      { at: START + HOUR, attempts: 2, failures: 2 },
    ]);
  });

  it.each<[string, readonly Told[], number | undefined]>([
    ['no attempt was made', [], undefined],
    [
      'it answered last',
      [
        { id: 'f', at: START, failure: {} },
        { id: 'a', at: START + 1 },
      ],
      undefined,
    ],
    [
      'it has failed since its last answer',
      [
        { id: 'f1', at: START, failure: {} },
        { id: 'a', at: START + 10 },
        { id: 'f2', at: START + 20, failure: {} },
        { id: 'f3', at: START + 30, failure: {} },
      ],
      START + 20,
    ],
    ['it never answered', [{ id: 'f', at: START + 7, failure: {} }], START + 7],
    [
      'only callees were busy since, which is no fault of the trunk',
      [
        { id: 'a', at: START },
        { id: 'b', at: START + 1, failure: { sip: 486, class: 'busy', fault: 'callee' } },
      ],
      undefined,
    ],
  ])('says since when it fails: %s', (_, told, since) => {
    expect(reported(told).failingSince).toBe(since);
  });

  it('has the latest three of each kind, with both numbers and the times of the leg', () => {
    const [congested] = reported(TOLD).failures;
    expect(congested?.examples.map(({ times }) => times?.callId)).toEqual([
      ...['a4@pbx', 'a3@pbx', 'a2@pbx'],
    ]);
    expect(congested?.examples[0]).toMatchObject({ number: '0301234567', caller: '0309876543' });
    // It may be another carrier's.
    expect(congested?.examples[0]).not.toHaveProperty('callerCallId');
  });

  it('has late answers with the Call-IDs of both legs, and the callers that are blocked', () => {
    const { late, blocked } = reported(TOLD);
    expect(late).toMatchObject([{ callerCallId: 'a4@phone', times: { callId: 'a4@pbx' } }]);
    expect(blocked).toMatchObject([{ caller: '0309876543', sip: 608, count: 1, class: 'blocked' }]);
  });

  it('reads the latest only where there are too many, and says so', () => {
    expect(reported(TOLD, 2)).toMatchObject({ attempts: 2, more: true, hours: [{ attempts: 2 }] });
    expect(markdown(reportSheet(reported(TOLD, 2)))).toContain('the latest 2 of more');
  });

  it('tells from when on it has read, where there are too many', () => {
    expect(reported(TOLD, 2).coveredSince).toBe(START + HOUR);
    expect(reported(TOLD)).not.toHaveProperty('coveredSince');
  });

  it('of a trunk without attempts says so', () => {
    expect(markdown(reportSheet(reported([])))).toContain('0 attempts, 0 answered.');
  });
});

describe('a report as text', () => {
  const report = reported(TOLD.filter(({ id }) => id !== 'a2' && id !== 'a3'));

  it('shows what went over the wire, with the headers of that carrier', () => {
    expect(markdown(reportSheet(report))).toContain(
      [
        '    To 0301234567 from 0309876543',
        '    Call-ID a1@pbx',
        '       0.000 s  -> INVITE from 192.0.2.1:5060 to 192.0.2.2:5060',
        '       0.001 s  <- 100 Trying',
        '       0.040 s  <- 503 Service Unavailable',
        '                Reason: Q.850;cause=34;text="No circuit"',
        '                Warning: 399 sbc "limit"',
        '                Retry-After: 5',
      ].join('\n'),
    );
  });

  it('says when a leg without any response was given up, by the end of its attempt', () => {
    const { times, ...attempt } = reported(TOLD).failures[0]!.examples[0]!;
    const silent = { ...attempt, failure: { evidence: [], class: 'trunk-timeout' } };
    expect(attemptLadder({ ...silent, times: { id: 'b', invitedAt: times!.invitedAt } })).toEqual([
      '   0.000 s  -> INVITE',
      '   0.098 s  <- no final response',
    ]);
  });

  it('has nothing of any other carrier, and nothing older', () => {
    for (const text of [markdown(reportSheet(report)), html(reportSheet(report))])
      expect(text).not.toMatch(/not theirs|too old|carrier-b/);
  });

  it('has where to complain about a blocked number', () => {
    expect(html(reportSheet(report))).toContain('https://complain.example/x');
  });

  it('has no number where they are masked', () => {
    const hostile = reported([
      {
        id: 'm',
        at: START,
        failure: {
          phrase: '0301234567 is barred',
          evidence: { ...WIRE, warnings: [{ code: 399, agent: 'x', text: 'from 0309876543' }] },
        },
        late: true,
      },
    ]);
    const masked = maskedReport(hostile);
    const told = [
      markdown(reportSheet(masked)),
      html(reportSheet(masked)),
      csv(csvRows(masked)),
      JSON.stringify(masked),
    ];
    for (const text of told) {
      expect(text).not.toMatch(/0301234567|0309876543/);
      expect(text).toContain('m@pbx');
    }
  });
});

describe('a report for a spreadsheet', () => {
  it('has a row for each kind of failure, each late answer, each caller that is refused', () => {
    const [head, ...rows] = csvRows(reported(TOLD));
    expect(rows.every((row) => row.length === head?.length)).toBe(true);
    expect(rows.map(([what, status]) => [what, status])).toEqual([
      ['failure', 503],
      ['failure', 608],
      ['failure', 486],
      ['late answer', ''],
      ['blocked', 608],
    ]);
    expect(rows[3]).toEqual(expect.arrayContaining(['a4@pbx', 'a4@phone', '0301234567']));
    expect(rows[4]).toEqual(expect.arrayContaining(['0309876543', 'https://complain.example/x']));
  });
});

describe('a hostile phrase', () => {
  const HOSTILE =
    '<img src=x onerror=alert(1)>|a\u202eb [x](javascript:1) `c` https://evil.example =1+1';
  const report = reported([{ id: 'h', at: START, failure: { phrase: HOSTILE } }]);

  it('is no HTML, in a page or in Markdown', () => {
    expect(html(reportSheet(report))).not.toMatch(/<img|\u202e/);
    // Outside code, where nothing is markup.
    const text = markdown(reportSheet(report))
      .split('\n')
      .filter((line) => !line.startsWith('    '));
    expect(text.join('\n')).not.toMatch(/(?<!\\)[<`[]|\u202e|https:\/\/evil/);
  });

  it('makes no further cell in a table', () => {
    const line = markdown(reportSheet(report))
      .split('\n')
      .find((one) => one.includes('onerror'));
    expect(line?.match(/(?<!\\)\|/g)).toHaveLength(7);
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'])(
    'is no formula of a spreadsheet: %j',
    (phrase) => {
      const cells = csv([[phrase, 7]]);
      expect(cells.replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('keeps to its cell in a spreadsheet', () => {
    expect(csv([['a,"b"\nc', undefined, 1]])).toBe('"a,""b""\nc",,1');
  });
});
