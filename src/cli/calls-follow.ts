import { printable } from '../model/printable';
import { setTimeout as pause } from 'node:timers/promises';
import { CallList, csvHead, csvRow, HEAD, rowOf, type ListedCall } from './calls-text';
import { EXIT } from './exit';
import { print, printError } from './print';
import { NoAnswer, serviceOf, tellNoAnswer, type ServiceFlags } from './service-client';

export interface FollowFlags extends ServiceFlags {
  readonly csv?: true;
}

/** How often the service is asked. Milliseconds. */
const EVERY = 1_000;
/** What happened may be written so much later, and another clock may have dated it. Milliseconds. */
const LATE = 5_000;
const PAGE = 1_000;
/** Of one answer: bounds what is kept in memory. */
const MOST_PAGES = 5;

/** What a follower needs of the world. */
export interface Following {
  /** Rejects with NoAnswer. */
  readonly ask: (path: string) => Promise<unknown>;
  /** New and changed calls, the earliest first. */
  readonly show: (calls: readonly ListedCall[]) => void;
  /** For the operator, beside the calls. */
  readonly tell: (line: string) => void;
  /** Resolves before the next time to ask; rejects if the following has ended. */
  readonly rest: () => Promise<unknown>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/**
 * `crankback calls --follow`: until Ctrl-C, or until nobody reads any more.
 * @param since calls from then on first; Unix time in milliseconds
 */
export async function followCalls(
  flags: FollowFlags,
  filter: URLSearchParams,
  since: number | undefined,
): Promise<void> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // A pipe that was closed.
  process.stdout.on('error', stop);
  try {
    const service = serviceOf(flags);
    const following: Following = {
      ask: (path) => service({ method: 'GET', path }),
      show: shower(flags),
      tell: printError,
      rest: () => pause(EVERY, undefined, { signal: end.signal }),
      now: Date.now,
    };
    await follow(following, filter, since);
  } catch (error) {
    if (end.signal.aborted) return;
    if (!(error instanceof NoAnswer)) throw error;
    tellNoAnswer(error);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    process.stdout.off('error', stop);
  }
}

/**
 * Shows what is new or changed, again and again. A service that cannot answer now is told once and asked again.
 * @throws NoAnswer for what the service refuses, and whatever `rest` rejects with
 */
export async function follow(
  { ask, show, tell, rest, now }: Following,
  filter: URLSearchParams,
  since: number | undefined,
): Promise<never> {
  let changed = since ?? now();
  /** Calls of the last answer as they were shown: each change stays in the answers for LATE. */
  let shown = new Map<string, string>();
  let away = false;
  for (;;) {
    const at = now();
    try {
      const { calls, more } = await changedCalls(ask, filter, changed);
      if (away) tell('the service answers again');
      away = false;
      if (more) tell(`more than ${calls.length} calls changed: the latest of them follow`);
      const texts = new Map(calls.map((call) => [keyOf(call), JSON.stringify(call)]));
      const fresh = calls.filter((call) => {
        const key = keyOf(call);
        return shown.get(key) !== texts.get(key);
      });
      if (fresh.length > 0) show(fresh);
      shown = texts;
      // Before `since` nobody asked.
      changed = Math.max(changed, at - LATE);
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.code !== EXIT.failed) throw error;
      if (!away) tell(`${error.message}; asked again until it answers`);
      away = true;
    }
    await rest();
  }
}

function keyOf({ instance = '', pbx, hunt }: ListedCall): string {
  return `${instance} ${pbx} ${hunt}`;
}

/** All calls that changed since then, the earliest first; `more` if there are too many. */
async function changedCalls(ask: Following['ask'], filter: URLSearchParams, changed: number) {
  const calls: ListedCall[] = [];
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams(filter);
    query.set('changed', String(changed));
    query.set('limit', String(PAGE));
    if (before !== undefined) query.set('before', before);
    const list = CallList.parse(await ask(`/calls?${query.toString()}`));
    calls.push(...list.calls);
    before = list.next;
    if (before === undefined) break;
  }
  // A call of two pages has changed in between.
  const once = new Map(calls.map((call) => [keyOf(call), call]));
  const inOrder = [...once.values()].sort((a, b) => a.startedAt - b.startedAt);
  return { calls: inOrder, more: before !== undefined };
}

/** Of a fleet alone: behind the hunt. */
function instanceCell({ instance }: ListedCall): readonly string[] {
  return instance === undefined ? [] : [printable(instance)];
}

/** Prints calls as a table whose columns grow, as CSV, or as one JSON object a line. */
export function shower(
  { json, csv }: Pick<FollowFlags, 'json' | 'csv'>,
  write: (line: string) => void = print,
): (calls: readonly ListedCall[]) => void {
  if (json) {
    return (calls) => calls.forEach((call) => write(JSON.stringify(call)));
  }
  if (csv) {
    write(csvHead());
    return (calls) => calls.forEach((call) => write(csvRow(call)));
  }
  const widths = [20, 12, 12, 5, 12, 18, 18, 0];
  const line = (cells: readonly string[]): void => {
    cells.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
    write(
      cells
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  };
  line(HEAD);
  return (calls) => calls.forEach((call) => line([...rowOf(call), ...instanceCell(call)]));
}
