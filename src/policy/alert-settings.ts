import type { AlertName, Severity } from '../alerts/names';

/** `alerts:` of the policy file: what somebody is told, and how. All times in milliseconds. */
export interface AlertSettings {
  /** Where operators reach this service, `https://pbx.example.com:8090`, for links; absent: no links. */
  readonly links?: string;
  readonly when: AlertRules;
  readonly receivers: readonly AlertReceiver[];
}

/** What opens an incident; an alert that is absent is off. */
export interface AlertRules {
  readonly lasting: Readonly<Partial<Record<LastingAlert, Lasting>>>;
  readonly counted: Readonly<Partial<Record<CountedAlert, Often>>>;
  readonly asr?: ShareBound;
  readonly ner?: ShareBound;
  readonly pdd?: DelayBound;
  readonly rising?: Rise;
}

export type LastingAlert = Extract<
  AlertName,
  'trunk-held' | 'pbx-gone' | 'policy-refused' | 'journal' | 'degraded'
>;

export type CountedAlert = Extract<
  AlertName,
  | 'no-credit'
  | 'auth-failed'
  | 'codec-mismatch'
  | 'caller-blocked'
  | 'late-answers'
  | 'fallbacks'
  | 'rule'
>;

export interface Lasting {
  /** It must have been so for this long. */
  readonly for: number;
}

export interface Often {
  /** So often within the window. */
  readonly count: number;
  readonly window: number;
}

export interface ShareBound {
  /** 0 to 1. */
  readonly below: number;
  /** Fewer attempts than this in the window do not count. */
  readonly attempts: number;
  readonly window: number;
}

export interface DelayBound {
  /** Of the 95th percentile. */
  readonly above: number;
  readonly attempts: number;
  readonly window: number;
}

export interface Rise {
  /** So many times the share of the day before. */
  readonly times: number;
  /** At least this share of the attempts, 0 to 1. */
  readonly share: number;
  /** At least so many failures in the window. */
  readonly failures: number;
  readonly window: number;
}

export interface AlertReceiver {
  readonly name: string;
  readonly way: Way;
  /** Absent: all. */
  readonly only?: readonly AlertName[];
  /** Absent: all. */
  readonly least?: Severity;
  /** Of one delivery. */
  readonly timeout: number;
}

export type Way = WebhookWay | MailWay | CommandWay;

export type Template = 'crankback' | 'alertmanager' | 'slack' | 'teams' | 'pagerduty';

/** Names of secrets are those of `CRANKBACK_ALERT_SECRET_<name>`; no secret stands in a policy file. */
export interface WebhookWay {
  readonly kind: 'webhook';
  /** One of both. */
  readonly url?: string;
  readonly urlSecret?: string;
  readonly template: Template;
  /** Signs what is sent. */
  readonly sign?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** PagerDuty's. */
  readonly routingKey?: string;
}

export interface MailWay {
  readonly kind: 'mail';
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  readonly to: readonly string[];
}

export interface CommandWay {
  readonly kind: 'command';
  /** The program's path, and its arguments as they are. */
  readonly argv: readonly string[];
}
