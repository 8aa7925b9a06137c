import * as z from 'zod';
import { counts, merged, NONE, type Counts, type Tally } from '../figures/counts';
import { figuresOf } from '../figures/figures';
import { mergedNamed, type NamedCounts } from '../figures/named';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { EXIT } from './exit';
import { print, printProblem } from './print';
import { serviceOf, tellFailure, type ServiceFlags } from './service-client';
import { momentOf } from './since';
import { table } from './table';

export interface FiguresFlags extends ServiceFlags {
  readonly since?: string;
  readonly until?: string;
  readonly by: string;
  readonly trunk?: string;
  readonly route?: string;
  readonly pbx?: string;
  readonly instance?: string;
  /** More instances, `host:port`. */
  readonly with: readonly string[];
}

const Holds = z.object({ holds: z.number(), heldMs: z.number(), held: z.boolean() });
const Numbers = z.record(z.string(), z.union([z.number(), z.record(z.string(), z.number())]));
const Group = z.object({
  name: z.string(),
  counts: Numbers,
  holds: Holds.optional(),
  peak: z.number().optional(),
  limit: z.number().optional(),
});
const Answer = z.object({
  since: z.number(),
  until: z.number(),
  by: z.string(),
  groups: z.array(Group),
  uncounted: z.number(),
  first: z.number().optional(),
});

/** Without `--since`: what an operator looks at, from the present to the usual. */
const WINDOWS = ['1m', '1h', '24h', '7d'];

/** `crankback figures`: figures by trunk, route or PBX; of several instances together. */
export async function figures(flags: FiguresFlags): Promise<void> {
  const now = Date.now();
  const problem = problemOf(flags, now);
  if (problem !== undefined) {
    printProblem(problem);
    process.exitCode = EXIT.usage;
    return;
  }
  const windows = flags.since === undefined ? WINDOWS : [flags.since];
  const found: Period[] = [];
  try {
    const instances = [flags, ...flags.with.map((text) => instanceOf(flags, text))].map(serviceOf);
    for (const window of windows) {
      const path = `/figures?${queryOf(flags, window, now).toString()}`;
      const answers = await Promise.all(instances.map((ask) => ask({ method: 'GET', path })));
      found.push(
        periodOf(
          answers.map((answer) => Answer.parse(answer)),
          window,
        ),
      );
    }
  } catch (error) {
    return tellFailure(error);
  }
  if (flags.json) print(JSON.stringify(flags.since === undefined ? found : found[0], null, 2));
  else print(found.map(figuresText).join('\n\n'));
}

/** Figures of one period, of all instances that were asked. */
export interface Period {
  /** As it was asked for. */
  readonly asked: string;
  readonly since: number;
  readonly until: number;
  readonly by: string;
  readonly groups: readonly (NamedCounts & { readonly figures: ReturnType<typeof figuresOf> })[];
  readonly all: { readonly counts: Counts; readonly figures: ReturnType<typeof figuresOf> };
  readonly uncounted: number;
  readonly first?: number | undefined;
}

/** @param answers of `GET /figures`, one of each instance */
export function periodOf(answers: readonly z.output<typeof Answer>[], asked: string): Period {
  const lists = answers.map(({ groups }) =>
    groups.map((group) => ({ ...group, counts: counts(group.counts as Partial<Counts>) })),
  );
  const groups = mergedNamed(lists).map((group) => ({
    ...group,
    figures: figuresOf(group.counts),
  }));
  const all = groups.map((group) => group.counts).reduce(merged, NONE);
  return {
    asked,
    since: Math.min(...answers.map(({ since }) => since)),
    until: Math.max(...answers.map(({ until }) => until)),
    by: answers[0]?.by ?? '',
    groups,
    all: { counts: all, figures: figuresOf(all) },
    uncounted: answers.reduce((sum, { uncounted }) => sum + uncounted, 0),
    first: answers.map(({ first }) => first ?? Infinity).sort((one, other) => other - one)[0],
  };
}

function problemOf({ since, until, by, with: others }: FiguresFlags, now: number) {
  for (const [flag, text] of Object.entries({ since, until }))
    if (text !== undefined && momentOf(text, now) === undefined)
      return `--${flag}: unexpected "${text}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`;
  if (!['trunk', 'route', 'pbx', 'instance'].includes(by))
    return `--by: unexpected "${by}". Expected trunk, route, pbx or instance`;
  const wrong = others.find((text) => !/^\S+:\d{1,5}$/.test(text));
  return wrong === undefined ? undefined : `--with: unexpected "${wrong}". Expected host:port`;
}

function instanceOf(flags: FiguresFlags, text: string): ServiceFlags {
  const colon = text.lastIndexOf(':');
  const httpHost = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { ...flags, httpHost, httpPort: text.slice(colon + 1) };
}

function queryOf(flags: FiguresFlags, since: string, now: number): URLSearchParams {
  const query = new URLSearchParams({ since: String(momentOf(since, now)), by: flags.by });
  const { trunk, route, pbx, instance, until } = flags;
  if (until !== undefined) query.set('until', String(momentOf(until, now)));
  for (const [name, value] of Object.entries({ trunk, route, pbx, instance }))
    if (value !== undefined) query.set(name, value);
  return query;
}

const HEAD = [
  ...['CALLS', 'ATTEMPTS', 'ASR', 'NER', 'SEER', 'ACD', 'PDD 50/95/99', 'SAVED', 'VOICEMAIL'],
  ...['FALLBACK', 'GAVE UP', 'RETRIES'],
];

/** A table, and below it what failed how. */
export function figuresText({
  asked,
  since,
  until,
  by,
  groups,
  all,
  uncounted,
  first,
}: Period): string {
  const isTrunk = by === 'trunk';
  const sums = groups.length > 1 ? [{ name: 'all', ...all }] : [];
  const rows = [...groups, ...sums];
  const head = [by.toUpperCase(), ...HEAD, ...(isTrunk ? ['HOLDS', 'AT ONCE'] : [])];
  const failures = rows.filter(({ counts: { failed } }) => failed > 0);
  return [
    `last ${asked}: ${timeText(since)} to ${timeText(until)}`,
    ...(first !== undefined && first > since && first !== Infinity
      ? [`figures begin at ${timeText(first)}`]
      : []),
    ...(uncounted > 0 ? [`${uncounted} minutes are not counted yet: ask again later`] : []),
    groups.length === 0
      ? 'no calls'
      : table(
          head,
          // Of all trunks together nobody knows how many were held, or busy, at once.
          [
            ...groups.map((row) => [...cells(row), ...(isTrunk ? ofTrunk(row) : [])]),
            ...sums.map(cells),
          ],
        ),
    ...(failures.length > 0 ? ['', 'failed attempts'] : []),
    ...failures.map(
      ({ name, counts: { failed, classes, statuses } }) =>
        `  ${label(name)}: ${failed}: ${ranked(classes)}; ${ranked(statuses)}`,
    ),
  ].join('\n');
}

function label(name: string): string {
  return name === '' ? '(none)' : printable(name);
}

function cells({ name, counts: of }: Pick<NamedCounts, 'name' | 'counts'>): string[] {
  const { asr, ner, seer, acdMs, pddMs, retriesPerCall } = figuresOf(of);
  const perCall = retriesPerCall === undefined ? '' : ` (${retriesPerCall.toFixed(2)} a call)`;
  return [
    label(name),
    ...[of.calls, of.attempts].map(String),
    ...[asr, ner, seer].map(percent),
    acdMs === undefined ? '-' : length(acdMs),
    pddMs ? `${[pddMs.p50, pddMs.p95, pddMs.p99].map(seconds).join('/')} s` : '-',
    ...[of.saved, of.voicemailSaves, of.fallbacks].map(String),
    `${of.leftBeforeRinging}+${of.leftRinging}`,
    `${of.retries}${perCall}`,
  ];
}

/** Nothing where there is no trunk: calls that never reached one. */
function ofTrunk({ name, holds, peak, limit }: NamedCounts): string[] {
  if (name === '') return [];
  const held = holds ? `${holds.holds} (${length(holds.heldMs)}${holds.held ? ', now' : ''})` : '0';
  return [held, `${peak ?? 0}${limit === undefined ? '' : ` of ${limit}`}`];
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(100 * share).toFixed(1)}%`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

/** `1:02:03`, `2:03`. */
function length(ms: number): string {
  const all = Math.round(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** Most frequent first. */
function ranked(tally: Tally): string {
  return Object.entries(tally)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${printable(name)} ${count}`)
    .join(', ');
}
