import * as z from 'zod';
import { EXIT } from './exit';
import { followCalls } from './calls-follow';
import { CallList, callsTable, csv, missingLines } from './calls-text';
import { NoAnswer, serviceOf, tellNoAnswer, type ServiceFlags } from './service-client';
import { print, printProblem } from './print';
import { momentOf } from './since';

export interface CallsFlags extends ServiceFlags {
  readonly since?: string;
  readonly trunk?: string;
  readonly to?: string;
  readonly from?: string;
  readonly class?: string;
  readonly sip?: string;
  readonly pbx?: string;
  readonly instance?: string;
  readonly limit?: string;
  readonly saved?: true;
  readonly failed?: true;
  readonly fallback?: true;
  readonly answered?: true;
  readonly csv?: true;
  readonly follow?: true;
}

const RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;

/** `crankback calls`: recorded calls, the latest first; with `--follow` as they come. */
export async function calls(flags: CallsFlags): Promise<void> {
  const { since, limit = '50', trunk, to, from, class: name, sip, pbx, instance } = flags;
  const moment = since === undefined ? undefined : momentOf(since, Date.now());
  if (since !== undefined && moment === undefined) {
    printProblem(`--since: unexpected "${since}". Expected 30m, 1h, 7d, or 2026-01-31T22:00:00Z`);
    process.exitCode = EXIT.usage;
    return;
  }
  const results = RESULTS.filter((result) => flags[result]);
  if (results.length > 1) {
    printProblem(`--${results.join(', --')}: Expected one of them`);
    process.exitCode = EXIT.usage;
    return;
  }
  const filter = queryOf({
    ...{ trunk, to, from, class: name, sip, pbx, instance },
    result: results[0],
  });
  if (flags.follow) return followCalls(flags, filter, moment);
  for (const [key, value] of queryOf({ since: moment?.toString() })) filter.set(key, value);
  try {
    const service = serviceOf(flags);
    const list = await listed((path) => service({ method: 'GET', path }), filter, limit);
    if (flags.json) return print(JSON.stringify(list, null, 2));
    const { calls: found, next, missing = [] } = CallList.parse(list);
    if (flags.csv) return print(csv(found));
    print(callsTable(found));
    if (next !== undefined) print(`the latest ${found.length}; --limit for more, --since for less`);
    for (const line of missingLines(missing)) print(line);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    tellNoAnswer(error);
  }
}

const Page = z.object({
  calls: z.array(
    z.looseObject({ instance: z.string().optional(), pbx: z.string(), hunt: z.string() }),
  ),
  next: z.string().optional(),
  missing: z.array(z.unknown()).optional(),
});

/** So many calls, or all that there are: a page that takes long to look for ends before. @throws NoAnswer */
export async function listed(
  ask: (path: string) => Promise<unknown>,
  filter: URLSearchParams,
  limit: string,
): Promise<z.output<typeof Page>> {
  const calls = new Map<string, z.output<typeof Page>['calls'][number]>();
  const missing: unknown[] = [];
  const query = new URLSearchParams(filter);
  query.set('limit', limit);
  for (;;) {
    const page = Page.parse(await ask(`/calls?${query.toString()}`));
    // A call whose attempts are on two pages is one call.
    for (const call of page.calls)
      calls.set(JSON.stringify([call.instance, call.pbx, call.hunt]), call);
    missing.push(...(page.missing ?? []));
    const { next } = page;
    const left = Number(limit) - calls.size;
    if (next !== undefined && left > 0) {
      query.set('limit', String(left));
      query.set('before', next);
      continue;
    }
    return {
      calls: [...calls.values()],
      ...(next !== undefined && { next }),
      ...(missing.length > 0 && { missing }),
    };
  }
}

function queryOf(asked: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) if (value) query.set(key, value);
  return query;
}
