import { z } from 'zod';
import { printable } from '../model/printable';
import { csv } from './csv';
import { EXIT } from './exit';
import { askService, type ServiceFlags } from './service-client';
import { print, printError } from './print';
import { momentOf } from './since';
import { table, time } from './table';

export interface CallsFlags extends ServiceFlags {
  readonly since?: string;
  readonly trunk?: string;
  readonly to?: string;
  readonly from?: string;
  readonly class?: string;
  readonly sip?: string;
  readonly pbx?: string;
  readonly limit?: string;
  readonly saved?: true;
  readonly failed?: true;
  readonly fallback?: true;
  readonly answered?: true;
  readonly csv?: true;
}

const Answer = z.object({
  calls: z.array(
    z.object({
      hunt: z.string(),
      pbx: z.string(),
      number: z.string(),
      caller: z.string().optional(),
      startedAt: z.number(),
      endedAt: z.number().optional(),
      outcome: z.string().optional(),
      trunk: z.string().optional(),
      sip: z.number().optional(),
      class: z.string().optional(),
      attempts: z.number(),
      failures: z.number(),
      fellBack: z.boolean(),
      saved: z.boolean(),
    }),
  ),
  next: z.string().optional(),
});

type Call = z.output<typeof Answer>['calls'][number];

const RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;
const HEAD = ['STARTED', 'NUMBER', 'CALLER', 'TRIED', 'LAST', 'FAILURE', 'END', 'HUNT'];

/** `crankback calls`: recorded calls, the latest first. */
export async function calls(flags: CallsFlags): Promise<void> {
  const { since, limit = '50', trunk, to, from, class: name, sip, pbx } = flags;
  const moment = since === undefined ? undefined : momentOf(since, Date.now());
  if (since !== undefined && moment === undefined) {
    printError(`--since: unexpected "${since}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`);
    process.exitCode = EXIT.usage;
    return;
  }
  const results = RESULTS.filter((result) => flags[result]);
  if (results.length > 1) {
    printError(`--${results.join(', --')}: Expected one of them`);
    process.exitCode = EXIT.usage;
    return;
  }
  const asked = {
    ...{ trunk, to, from, class: name, sip, pbx, limit, result: results[0] },
    since: moment === undefined ? undefined : String(moment),
  };
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) if (value) query.set(key, value);
  await askService(flags, { method: 'GET', path: `/calls?${query.toString()}` }, (answer) => {
    if (flags.json) return print(JSON.stringify(answer, null, 2));
    const { calls: found, next } = Answer.parse(answer);
    if (flags.csv) return print(csvOf(found));
    print(table(HEAD, found.map(rowOf)));
    if (next !== undefined) print(`the latest ${found.length}; --limit for more, --since for less`);
  });
}

function rowOf(call: Call): readonly string[] {
  return [
    time(call.startedAt),
    call.number,
    call.caller ?? '-',
    String(call.attempts),
    call.trunk ?? '-',
    call.class ?? '-',
    endOf(call),
    call.hunt,
  ].map(printable);
}

function endOf({ outcome, sip, fellBack, saved, endedAt }: Call): string {
  if (fellBack) return 'fallback';
  const text = outcome === 'dial' ? (endedAt === undefined ? 'dialling' : 'caller left') : outcome;
  return `${text ?? '-'}${sip === undefined ? '' : ` ${sip}`}${saved ? ', saved' : ''}`;
}

function csvOf(list: readonly Call[]): string {
  const names = [
    ...(['hunt', 'pbx', 'number', 'caller', 'startedAt', 'endedAt', 'outcome', 'trunk'] as const),
    ...(['sip', 'class', 'attempts', 'failures', 'fellBack', 'saved'] as const),
  ];
  return csv([names, ...list.map((call) => names.map((name) => call[name]))]);
}
