import type { AlertRules, LastingAlert } from '../policy/alert-settings';
import type { Hold } from '../trunks/health/breaker/state';
import type { Condition, Subject } from './incident';
import { ALERTS } from './names';

/** What is so now, beside calls. Sentences end with the code of their finding, `[CB6002]`. */
export interface StateNow {
  /** Held or on trial, with what holds them. */
  readonly held: ReadonlyMap<string, Hold>;
  /** Why a PBX hands no calls over, by its name. */
  readonly gone: ReadonlyMap<string, string>;
  readonly policyFile: string;
  /** Warnings of `/ready`. */
  readonly warnings: readonly string[];
}

/** A trunk that flaps is told of once; a PBX that is restarted as well. Milliseconds. */
const QUIET_MS: Readonly<Record<LastingAlert, number>> = {
  'trunk-held': 60_000,
  'pbx-gone': 30_000,
  'policy-refused': 0,
  journal: 60_000,
  degraded: 60_000,
};

const OF_FINDING: Readonly<Record<string, LastingAlert>> = {
  CB1401: 'policy-refused',
  CB6001: 'journal',
  CB6002: 'journal',
  CB6010: 'journal',
  CB6102: 'journal',
};
/** What an operator has chosen, and what alerts say of themselves. */
const LEFT_OUT = ['CB1402', 'CB6201', 'CB6202'];

/** What of it somebody wants to be told. */
export function stateConditions(
  { held, gone, policyFile, warnings }: StateNow,
  { lasting }: AlertRules,
): readonly Condition[] {
  const about = (
    alert: LastingAlert,
    subject: Subject,
    more: Pick<Condition, 'why' | 'evidence'> & Partial<Condition>,
  ): readonly Condition[] => {
    const rule = lasting[alert];
    if (!rule) return [];
    return [
      {
        ...{ alert, subject, about: '', severity: ALERTS[alert].severity, story: '', level: 0 },
        ...{ calls: [], for: rule.for, quiet: QUIET_MS[alert] },
        ...more,
      },
    ];
  };
  return [
    ...[...held].flatMap(([trunk, hold]) =>
      about(
        'trunk-held',
        { kind: 'trunk', name: trunk },
        {
          why: hold.why,
          // Not even the last resort: its calls are lost where it is the only one.
          severity: hold.absolute && hold.cause !== 'operator' ? 'critical' : 'warning',
          story: `${hold.cause} ${hold.class ?? ''}`,
          evidence: heldBy(hold),
        },
      ),
    ),
    ...[...gone].flatMap(([pbx, why]) =>
      about('pbx-gone', { kind: 'pbx', name: pbx }, { why, evidence: findingIn(why) }),
    ),
    ...warnings.flatMap((why) => {
      const finding = findingOf(why);
      if (LEFT_OUT.includes(finding)) return [];
      const alert = OF_FINDING[finding] ?? 'degraded';
      const subject: Subject =
        alert === 'policy-refused'
          ? { kind: 'policy', name: policyFile }
          : alert === 'journal'
            ? { kind: 'journal', name: 'records' }
            : { kind: 'service', name: 'crankback' };
      // Another mistake in the file is worth another word.
      const story = alert === 'policy-refused' ? why : '';
      return about(alert, subject, { about: finding, why, story, evidence: findingIn(why) });
    }),
  ];
}

function heldBy({ cause, class: failureClass, since, until }: Hold) {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    cause,
    ...(failureClass !== undefined && { class: failureClass }),
    since: time(since),
    until: until === undefined ? 'it is cleared' : time(until),
  };
}

function findingIn(why: string) {
  const finding = findingOf(why);
  return finding === '' ? {} : { finding };
}

function findingOf(why: string): string {
  return /\[(CB\d{4})\]$/.exec(why)?.[1] ?? '';
}
