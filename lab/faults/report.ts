import type { PlayedFault } from './fault-lab';
import { describe, type Verdict } from './verdict';

const HEADINGS = [
  'fault',
  'what is done',
  'calls',
  'harmed',
  'by the fallback',
  'longest wait',
  'longest at a silent carrier',
  'recovery',
];

/** One fault in figures. */
export interface Figures {
  readonly name: string;
  readonly about: string;
  readonly calls: number;
  readonly harmed: number;
  /** Channels that stayed in the PBX. */
  readonly left: number;
  readonly byFallback: number;
  /** Milliseconds. */
  readonly waitedMs: number;
  readonly silenceMs: number;
  /** Undefined if the policy decided every call; null if it never decided again. */
  readonly recoveryMs: number | null | undefined;
}

export function figuresOf({ fault, verdicts, recoveryMs, left }: PlayedFault): Figures {
  const count = (what: (verdict: Verdict) => boolean) => verdicts.filter(what).length;
  return {
    name: fault.name,
    about: fault.about,
    calls: verdicts.length,
    harmed: count(({ harms }) => harms.length > 0),
    left: left.length,
    byFallback: count(({ by }) => by === 'fallback'),
    waitedMs: Math.max(...verdicts.map(({ waitedMs }) => waitedMs)),
    silenceMs: Math.max(...verdicts.map(({ silenceMs }) => silenceMs)),
    recoveryMs: recoveryMs === Infinity ? null : recoveryMs,
  };
}

/** Whether no call was harmed and nothing stayed. */
export function isFine({ harmed, left }: Figures): boolean {
  return harmed === 0 && left === 0;
}

/** One line for the console. */
export function inShort(figures: Figures): string {
  const { name, calls, harmed, left, byFallback, waitedMs, silenceMs, recoveryMs } = figures;
  return [
    `${isFine(figures) ? 'ok    ' : 'HARMED'} ${name}: ${calls} calls, ${harmed} harmed`,
    `${byFallback} by the fallback, longest wait ${seconds(waitedMs)}`,
    `at a silent carrier ${seconds(silenceMs)}, recovery ${recovery(recoveryMs)}`,
    ...(left > 0 ? [`${left} channels left`] : []),
  ].join(', ');
}

/** A table in Markdown. */
export function asMarkdown(all: readonly Figures[]): string {
  const rows = all.map((it) => [
    `\`${it.name}\``,
    it.about,
    String(it.calls),
    `${it.harmed}${it.left > 0 ? `; ${it.left} channels left` : ''}`,
    String(it.byFallback),
    seconds(it.waitedMs),
    seconds(it.silenceMs),
    recovery(it.recoveryMs),
  ]);
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** How calls were harmed: each harm with the number of calls, the sorts of calls, and one example. */
export function harmsOf({ verdicts, moments, left }: PlayedFault): string[] {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts.filter(({ harms }) => harms.length > 0)) {
    const what = `${verdict.call.kind.name}: ${verdict.harms.join('; ')}`;
    groups.set(what, [...(groups.get(what) ?? []), verdict]);
  }
  const lines = [...groups].map(([what, all]) => {
    const [{ seen, call } = { seen: undefined, call: undefined }] = all;
    const at = seen ? ((seen.invitedAt - moments.brokenAt) / 1000).toFixed(1) : '?';
    const example = `${call?.number} at ${at} s (${seen ? describe(seen) : 'not seen'})`;
    return `${all.length} × ${what}; for example ${example}`;
  });
  return left.length === 0 ? lines : [...lines, `channels left: ${left.join(', ')}`];
}

function recovery(ms: number | null | undefined): string {
  if (ms === undefined) return 'nothing lost';
  return ms === null ? 'never' : seconds(ms);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 100 ? 2 : 1)} s`;
}
