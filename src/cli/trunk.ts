import * as z from 'zod';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { print, printProblem } from './print';
import { ReportAnswer } from './report-answer';
import { NoAnswer, serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';
import { TrunkAnswer, trunkTable } from './trunks';
import { recordText, type TrunkRecord } from './trunk-record';
import { EXIT } from './exit';

/** The part of `GET /trunks/<name>` that the command shows. */
const Answer = TrunkAnswer.extend({
  unclassified: z
    .object({
      seen: z.array(
        z.object({
          said: z.string(),
          kind: z.enum(['phrase', 'reason']),
          count: z.number(),
          lastAt: z.number(),
          class: z.string(),
          line: z.string().optional(),
        }),
      ),
      leftOut: z.number(),
    })
    .optional(),
});

type Unclassified = NonNullable<z.output<typeof Answer>['unclassified']>;

export interface TrunkFlags extends ServiceFlags {
  readonly since?: string;
}

/** `crankback trunks NAME`: a trunk's state, what the record has of it, and what it said that nothing classifies. */
export async function trunk(name: string, flags: TrunkFlags): Promise<void> {
  const { since = '24h', json } = flags;
  const now = Date.now();
  const from = momentOf(since, now);
  if (from === undefined || from >= now) {
    printProblem(`--since: unexpected "${since}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`);
    process.exitCode = EXIT.usage;
    return;
  }
  try {
    const ask = serviceOf(flags);
    const answer = await ask({ method: 'GET', path: `/trunks/${encodeURIComponent(name)}` });
    const query = new URLSearchParams({ trunk: name, since: String(from), until: String(now) });
    const recorded = await recordOf(() =>
      ask({ method: 'GET', path: `/reports?${query.toString()}` }),
    );
    if (json) return print(JSON.stringify({ ...(answer as object), recorded }, null, 2));
    const { unclassified, ...state } = Answer.parse(answer);
    const parts = [trunkTable([state]), recordText(recorded), unclassifiedText(unclassified)];
    print(parts.join('\n\n'));
  } catch (error) {
    tellFailure(error);
  }
}

/** Without the journal the trunk's state is still worth to be shown. */
async function recordOf(ask: () => Promise<unknown>): Promise<TrunkRecord> {
  try {
    return ReportAnswer.parse(await ask());
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { unknown: error.lines.join('; ') };
  }
}

function unclassifiedText(told: Unclassified | undefined): string {
  if (!told) return 'Every response since the start of the service was classified.';
  const { seen, leftOut } = told;
  const more = leftOut === 0 ? '' : `; ${leftOut} more were seen and are left out`;
  const head = `Responses that nothing classifies (${seen.length}${more}):`;
  const rows = seen.map(({ count, lastAt, class: name, kind, said }) => {
    const text = kind === 'reason' ? `Reason: ${said}` : said;
    return `${String(count).padStart(6)}  ${timeText(lastAt)}  ${name}  ${printable(text)}`;
  });
  const lines = seen.flatMap(({ line }) => (line === undefined ? [] : [`  ${printable(line)}`]));
  if (lines.length === 0) return [head, ...rows].join('\n');
  const advice = 'If the carrier means more by a phrase, give it its class in the policy file:';
  return [head, ...rows, '', advice, 'phrases:', ...lines].join('\n');
}
