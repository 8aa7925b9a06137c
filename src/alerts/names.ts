/** What somebody may be told of. */
export interface AlertKind {
  /** One line, without a full stop; the subject's name follows. */
  readonly title: string;
  readonly severity: Severity;
  /** For docs and the API: what the evidence says. */
  readonly means: string;
}

/** `critical`: calls are lost, or will be; somebody should get up. `warning`: worse than it could be. */
export type Severity = 'critical' | 'warning';

/** Every alert by its name, in the order of docs/alerts.md. */
export const ALERTS = {
  'trunk-held': {
    title: 'trunk held',
    severity: 'warning',
    means: 'why, since when and until when; closed: it is back',
  },
  asr: {
    title: 'few calls are answered',
    severity: 'warning',
    means: 'answer-seizure ratio of the window, and what it is made of',
  },
  ner: {
    title: 'the network delivers few calls',
    severity: 'warning',
    means: 'network effectiveness ratio of the window, and what it is made of',
  },
  pdd: {
    title: 'callers wait long for a ring',
    severity: 'warning',
    means: 'post-dial delay of the window: median, 95th and 99th percentile',
  },
  rising: {
    title: 'failures are rising',
    severity: 'warning',
    means: 'a class or a status: its share of the window, and of the day before',
  },
  'no-credit': {
    title: 'no credit left',
    severity: 'critical',
    means: 'what the carrier said, how often, and calls',
  },
  'auth-failed': {
    title: 'the carrier does not know us',
    severity: 'critical',
    means: 'what the carrier said, how often, and calls',
  },
  'codec-mismatch': {
    title: 'the codecs do not fit',
    severity: 'warning',
    means: 'what the carrier said, how often, and calls',
  },
  'caller-blocked': {
    title: 'caller numbers are blocked',
    severity: 'warning',
    means: 'which numbers, where to complain, how often, and calls',
  },
  'late-answers': {
    title: 'answers come after the call was given up',
    severity: 'warning',
    means: 'how often, and calls',
  },
  fallbacks: {
    title: 'calls take the static fallback',
    severity: 'critical',
    means: 'where in the dialplan, how often, and calls',
  },
  'pbx-gone': {
    title: 'the PBX hands no calls over',
    severity: 'critical',
    means: 'the reason that `/ready` has',
  },
  'policy-refused': {
    title: 'the policy file is refused',
    severity: 'warning',
    means: 'its first problems with line and field; the last good policy stays in force',
  },
  journal: {
    title: 'records are not kept',
    severity: 'warning',
    means: 'what is wrong with journal or state file, most often a full disk',
  },
  degraded: {
    title: 'something needs mending',
    severity: 'warning',
    means: 'any other warning of `/ready`, by its finding',
  },
  rule: {
    title: 'a rule raised its alert',
    severity: 'warning',
    means: 'the alert and line of the policy, how often, and calls',
  },
} as const satisfies Readonly<Record<string, AlertKind>>;

export type AlertName = keyof typeof ALERTS;

export const ALERT_NAMES = Object.keys(ALERTS) as readonly AlertName[];

/** The name of a message that says only that messages arrive. */
export const TEST = 'test';
