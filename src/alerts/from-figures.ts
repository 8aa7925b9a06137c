import type { FailureClass, Fault } from '../model/classes';
import { FAULT_OF } from '../model/classes';
import type { Counts, Tally } from '../figures/counts';
import { figuresOf, seizuresOf } from '../figures/figures';
import type { AlertRules, DelayBound, Rise, ShareBound } from '../policy/alert-settings';
import type { Condition, Evidence } from './incident';
import { ALERTS, type AlertName, type Severity } from './names';

/** Counts of one trunk. */
export interface TrunkCounts {
  readonly trunk: string;
  /** Of the window of each alert. */
  readonly recent: Readonly<Partial<Record<FigureAlert, Counts>>>;
  /** Of the day before the window of `rising`. */
  readonly before?: Counts;
}

export type FigureAlert = Extract<AlertName, 'asr' | 'ner' | 'pdd' | 'rising'>;

/** A measure that is about its bound would open and close all the time. Milliseconds. */
const QUIET_MS = 300_000;
/** Without so many attempts on the day before, nothing is known to rise. */
const ENOUGH_BEFORE = 100;
/** A share that was smaller on the day before counts as this one. */
const LEAST_BEFORE = 0.01;
/** What the called side says rises and falls with whom people call. */
const LEFT_OUT: readonly Fault[] = ['callee', 'caller'];
const STATUSES_LEFT_OUT = ['none', '480', '486', '487', '600', '603'];

/** Of the figures of each trunk, what is beyond the bounds. */
export function figureConditions(
  trunks: readonly TrunkCounts[],
  { asr, ner, pdd, rising }: AlertRules,
): readonly Condition[] {
  return trunks.flatMap((of) => [
    ...(asr && of.recent.asr ? shareBelow('asr', of.trunk, of.recent.asr, asr) : []),
    ...(ner && of.recent.ner ? shareBelow('ner', of.trunk, of.recent.ner, ner) : []),
    ...(pdd && of.recent.pdd ? delayAbove(of.trunk, of.recent.pdd, pdd) : []),
    ...(rising && of.recent.rising && of.before
      ? risingAt(of.trunk, of.recent.rising, of.before, rising)
      : []),
  ]);
}

function shareBelow(
  alert: 'asr' | 'ner',
  trunk: string,
  counts: Counts,
  { below, attempts, window }: ShareBound,
): readonly Condition[] {
  const seizures = seizuresOf(counts);
  const share = figuresOf(counts)[alert];
  if (share === undefined || seizures < attempts || share >= below) return [];
  const isDeep = share < below / 2;
  return [
    condition(alert, trunk, {
      severity: isDeep ? 'critical' : ALERTS[alert].severity,
      level: isDeep ? 1 : 0,
      why: `${alert.toUpperCase()} ${percent(share)} of ${seizures} attempts, below ${percent(below)}`,
      evidence: {
        [alert]: percent(share),
        bound: percent(below),
        ...{ attempts: seizures, answered: counts.answered, seconds: window / 1_000 },
        ...reasons(counts),
      },
    }),
  ];
}

function delayAbove(
  trunk: string,
  counts: Counts,
  { above, attempts, window }: DelayBound,
): readonly Condition[] {
  const { pddMs } = figuresOf(counts);
  const rang = Object.values(counts.pdd).reduce((sum, count) => sum + count, 0);
  if (!pddMs || rang < attempts || pddMs.p95 <= above) return [];
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  return [
    condition('pdd', trunk, {
      level: pddMs.p95 > 2 * above ? 1 : 0,
      why: `95% of ${rang} attempts rang within ${seconds(pddMs.p95)} s, above ${seconds(above)} s`,
      evidence: {
        ...{ p50: `${seconds(pddMs.p50)} s`, p95: `${seconds(pddMs.p95)} s` },
        ...{ p99: `${seconds(pddMs.p99)} s`, attempts: rang, seconds: window / 1_000 },
      },
    }),
  ];
}

function risingAt(trunk: string, recent: Counts, before: Counts, rise: Rise): readonly Condition[] {
  if (before.attempts < ENOUGH_BEFORE || recent.attempts === 0) return [];
  const grown = (kind: 'class' | 'status', now: Tally, then: Tally, isMeant: Meant) =>
    Object.entries(now).flatMap(([name, count]): Condition[] => {
      const share = count / recent.attempts;
      const usual = (then[name] ?? 0) / before.attempts;
      const isRisen =
        count >= rise.failures &&
        share >= rise.share &&
        share >= rise.times * Math.max(usual, LEAST_BEFORE);
      if (!isMeant(name) || !isRisen) return [];
      return [
        condition('rising', trunk, {
          about: `${kind} ${name}`,
          level: Math.floor(share * 4),
          why: `${kind} ${name}: ${percent(share)} of ${recent.attempts} attempts; the day before ${percent(usual)}`,
          evidence: {
            ...{ [kind]: name, failures: count, attempts: recent.attempts, share: percent(share) },
            ...{ before: percent(usual), seconds: rise.window / 1_000 },
            ...(kind === 'class' && reasons(recent)),
          },
        }),
      ];
    });
  const classes = grown('class', recent.classes, before.classes, isOurs);
  // A class tells what its statuses would tell once more.
  return classes.length > 0
    ? classes
    : grown(
        ...(['status', recent.statuses, before.statuses] as const),
        (status) => !STATUSES_LEFT_OUT.includes(status),
      );
}

type Meant = (name: string) => boolean;

function isOurs(name: string): boolean {
  return !LEFT_OUT.includes(FAULT_OF[name as FailureClass]);
}

function condition(
  alert: FigureAlert,
  trunk: string,
  {
    about = '',
    severity = ALERTS[alert].severity,
    ...rest
  }: Pick<Condition, 'why' | 'level' | 'evidence'> & { about?: string; severity?: Severity },
): Condition {
  return {
    ...{ alert, subject: { kind: 'trunk', name: trunk }, about, severity, story: '' },
    ...{ calls: [], for: 0, quiet: QUIET_MS },
    ...rest,
  };
}

/** What the attempts failed with, most first. */
function reasons({ classes, statuses }: Counts): Evidence {
  const most = (tally: Tally) =>
    Object.entries(tally)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 5)
      .map(([name, count]) => `${name} (${count})`)
      .join(', ');
  return { classes: most(classes), statuses: most(statuses) };
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10}%`;
}
