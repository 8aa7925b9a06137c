import type { AlertName, Severity } from './names';

/** What an incident is about; with `policy` and `journal` the name is the file's. */
export interface Subject {
  readonly kind: 'trunk' | 'pbx' | 'policy' | 'journal' | 'service';
  readonly name: string;
}

/** By names of ours; texts may be a caller's or a carrier's, and are untrusted. */
export type Evidence = Readonly<Record<string, string | number>>;

/** Something that is so now. */
export interface Condition {
  readonly alert: AlertName;
  readonly subject: Subject;
  /** Tells several of one alert and subject apart: a class, a finding; empty where there is one. */
  readonly about: string;
  readonly severity: Severity;
  /** One sentence; untrusted. */
  readonly why: string;
  /** With another one it is another story, and told again. */
  readonly story: string;
  /** With a higher one it is worse, and told again. */
  readonly level: number;
  readonly evidence: Evidence;
  /** Hunts, the latest first. */
  readonly calls: readonly string[];
  /** It opens once it has been so for this long. Milliseconds. */
  readonly for: number;
  /** It closes once it has not been so for this long. Milliseconds. */
  readonly quiet: number;
  /** When it was so last; absent: now. Unix time in milliseconds. */
  readonly at?: number;
}

/** Something that was told, or is to be told, once, with its course. Times are Unix time in milliseconds. */
export interface Incident extends Omit<Condition, 'for' | 'at'> {
  /** Unique for this instance of the service. */
  readonly id: string;
  readonly openedAt: number;
  readonly changedAt: number;
  /** When it was so last. */
  readonly seenAt: number;
  readonly closedAt?: number;
  /** Counts what was worth telling: opened 1, each change one more, closed one more. */
  readonly revision: number;
}

export type Course = 'opened' | 'changed' | 'closed';

/** What has just happened to an incident. */
export interface Change {
  readonly course: Course;
  readonly incident: Incident;
}
