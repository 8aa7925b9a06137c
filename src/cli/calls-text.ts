import * as z from 'zod';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { csvLine } from './csv';
import { table } from './table';

/** Of `GET /calls`. */
export const CallList = z.object({
  calls: z.array(
    z.object({
      instance: z.string().optional(),
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
  missing: z
    .array(
      z.object({
        since: z.number().optional(),
        until: z.number(),
        count: z.number().optional(),
        why: z.string(),
      }),
    )
    .optional(),
});

/** What the record lacks, a line each. */
export function missingLines(
  missing: NonNullable<z.output<typeof CallList>['missing']>,
): readonly string[] {
  return missing.map(({ since, until, count, why }) => {
    const time = (at: number): string => new Date(at).toISOString();
    const what = count === undefined ? 'records may be missing' : `${count} records are missing`;
    const from = since === undefined ? '' : ` from ${time(since)}`;
    return `${what}${from} until ${time(until)}: ${printable(why)}`;
  });
}

export type ListedCall = z.output<typeof CallList>['calls'][number];

/** Of the table whose rows `rowOf` makes. */
export const HEAD = ['STARTED', 'NUMBER', 'CALLER', 'TRIED', 'LAST', 'FAILURE', 'END', 'HUNT'];

export function rowOf(call: ListedCall): readonly string[] {
  return [
    timeText(call.startedAt),
    call.number,
    call.caller ?? '-',
    String(call.attempts),
    call.trunk ?? '-',
    call.class ?? '-',
    endOf(call),
    call.hunt,
  ].map(printable);
}

/** Of several instances, each row says its own. */
export function callsTable(calls: readonly ListedCall[]): string {
  if (calls.every(({ instance }) => instance === undefined)) return table(HEAD, calls.map(rowOf));
  return table(
    ['INSTANCE', ...HEAD],
    calls.map((call) => [printable(call.instance ?? '-'), ...rowOf(call)]),
  );
}

function endOf({ outcome, sip, fellBack, saved, endedAt }: ListedCall): string {
  if (fellBack) return 'fallback';
  const text = outcome === 'dial' ? (endedAt === undefined ? 'dialling' : 'caller left') : outcome;
  return `${text ?? '-'}${sip === undefined ? '' : ` ${sip}`}${saved ? ', saved' : ''}`;
}

const COLUMNS = [
  ...(['hunt', 'pbx', 'number', 'caller', 'startedAt', 'endedAt', 'outcome', 'trunk'] as const),
  ...(['sip', 'class', 'attempts', 'failures', 'fellBack', 'saved', 'instance'] as const),
];

export function csv(list: readonly ListedCall[]): string {
  return [csvHead(), ...list.map(csvRow)].join('\n');
}

export function csvHead(): string {
  return csvLine(COLUMNS);
}

export function csvRow(call: ListedCall): string {
  return csvLine(COLUMNS.map((name) => call[name]));
}
