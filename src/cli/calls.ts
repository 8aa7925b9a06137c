import { EXIT } from './exit';
import { followCalls } from './calls-follow';
import { CallList, callsTable, csv } from './calls-text';
import { askService, type ServiceFlags } from './service-client';
import { print, printError } from './print';
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
  const filter = queryOf({
    ...{ trunk, to, from, class: name, sip, pbx, instance },
    result: results[0],
  });
  if (flags.follow) return followCalls(flags, filter, moment);
  for (const [key, value] of queryOf({ limit, since: moment?.toString() })) filter.set(key, value);
  await askService(flags, { method: 'GET', path: `/calls?${filter.toString()}` }, (answer) => {
    if (flags.json) return print(JSON.stringify(answer, null, 2));
    const { calls: found, next } = CallList.parse(answer);
    if (flags.csv) return print(csv(found));
    print(callsTable(found));
    if (next !== undefined) print(`the latest ${found.length}; --limit for more, --since for less`);
  });
}

function queryOf(asked: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) if (value) query.set(key, value);
  return query;
}
