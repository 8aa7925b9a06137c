import type { TrunkReport } from '../journal/read/report';
import { csvRows } from '../report/csv-rows';
import { html } from '../report/html';
import { markdown } from '../report/markdown';
import { maskedReport } from '../report/masked';
import { reportSheet } from '../report/report-sheet';
import { csv } from './csv';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { ReportAnswer } from './report-answer';
import { askService, type ServiceFlags } from './service-client';
import { momentOf } from './since';

export interface ReportFlags extends ServiceFlags {
  readonly since: string;
  readonly until?: string;
  readonly format: string;
  readonly mask?: true;
}

const FORMATS: Readonly<Record<string, (report: TrunkReport) => string>> = {
  md: (report) => markdown(reportSheet(report)),
  html: (report) => html(reportSheet(report)),
  csv: (report) => csv(csvRows(report)),
};

/** `crankback report TRUNK`: what one sends to a carrier's desk, of that trunk alone. */
export async function report(trunk: string, flags: ReportFlags): Promise<void> {
  const now = Date.now();
  const format = FORMATS[flags.format];
  const since = momentOf(flags.since, now);
  const until = flags.until === undefined ? now : momentOf(flags.until, now);
  const wrong = (text: string): void => {
    printProblem(text);
    process.exitCode = EXIT.usage;
  };
  const expected = 'Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z';
  if (!format) return wrong(`--format: unexpected "${flags.format}". Expected md, html or csv`);
  if (since === undefined) return wrong(`--since: unexpected "${flags.since}". ${expected}`);
  if (until === undefined) return wrong(`--until: unexpected "${flags.until ?? ''}". ${expected}`);
  const query = new URLSearchParams({ trunk, since: String(since), until: String(until) });
  await askService(flags, { method: 'GET', path: `/reports?${query.toString()}` }, (answer) => {
    const told: TrunkReport = ReportAnswer.parse(answer);
    const given = flags.mask ? maskedReport(told) : told;
    print(flags.json ? JSON.stringify(given, null, 2) : format(given).trimEnd());
  });
}
