import type { Change, Course, Evidence, Incident, Subject } from './incident';
import { ALERTS, TEST, type AlertName, type Severity } from './names';

/** What a receiver gets in one piece; as JSON it is the template `crankback`. Times are RFC 3339, durations seconds. */
export interface Message {
  readonly version: 1;
  /** The same for the same content, so that one that comes twice is known. */
  readonly id: string;
  readonly at: string;
  /** Name of this instance of the service. */
  readonly instance: string;
  readonly incidents: readonly ToldIncident[];
  /** Conditions that are not told of, because too many incidents are open. */
  readonly leftOut: number;
}

export interface ToldIncident {
  readonly id: string;
  readonly alert: AlertName | typeof TEST;
  /** Of words of ours and names of the policy alone. */
  readonly title: string;
  readonly course: Course;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly about?: string;
  /** Untrusted, as the evidence is. */
  readonly why: string;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly closedAt?: string;
  readonly seconds: number;
  readonly evidence: Evidence;
  readonly calls: readonly string[];
  readonly links: readonly Link[];
  /** For the shell of the machine that crankback runs on. */
  readonly commands: readonly string[];
}

export interface Link {
  readonly text: string;
  readonly href: string;
}

export interface MessageParts {
  /** Unix time in milliseconds. */
  readonly now: number;
  readonly instance: string;
  /** See `AlertSettings`. */
  readonly links?: string | undefined;
  readonly leftOut?: number;
  /** A short text that is the same for the same text. */
  readonly digest: (text: string) => string;
}

/** @param changes not empty */
export function messageOf(changes: readonly Change[], parts: MessageParts): Message {
  const { now, instance, links, leftOut = 0, digest } = parts;
  const content = changes.map(({ course, incident: { id, revision } }) => [course, id, revision]);
  return {
    version: 1,
    id: digest(JSON.stringify([instance, content])),
    at: timeOf(now),
    instance,
    incidents: changes.map(({ course, incident }) => toldIncident(course, incident, now, links)),
    leftOut,
  };
}

/** Says that messages arrive, and nothing else. */
export function testMessage({ now, instance, links, digest }: MessageParts): Message {
  return {
    version: 1,
    id: digest(`${TEST} ${instance} ${now}`),
    at: timeOf(now),
    instance,
    incidents: [
      {
        ...{ id: `${now.toString(36)}.${TEST}`, alert: TEST, title: 'crankback: a test' },
        ...{ course: 'opened', severity: 'warning', seconds: 0 },
        subject: { kind: 'service', name: 'crankback' },
        why: 'somebody asked for this message; nothing is wrong',
        ...{ openedAt: timeOf(now), changedAt: timeOf(now), evidence: {}, calls: [] },
        links: links === undefined ? [] : [{ text: 'the service', href: `${links}/ready` }],
        commands: ['crankback doctor'],
      },
    ],
    leftOut: 0,
  };
}

export function toldIncident(
  course: Course,
  incident: Incident,
  now: number,
  links?: string,
): ToldIncident {
  const { id, alert, subject, about, severity, why, evidence, calls } = incident;
  const { openedAt, changedAt, closedAt } = incident;
  return {
    ...{ id, alert, title: `${subject.name}: ${ALERTS[alert].title}`, course, severity, subject },
    ...(about !== '' && { about }),
    ...{ why, openedAt: timeOf(openedAt), changedAt: timeOf(changedAt) },
    ...(closedAt !== undefined && { closedAt: timeOf(closedAt) }),
    seconds: Math.max(0, Math.round(((closedAt ?? now) - openedAt) / 1_000)),
    ...{ evidence, calls },
    links: links === undefined ? [] : linksOf(incident, links),
    commands: commandsOf(incident),
  };
}

function linksOf({ subject, calls, evidence }: Incident, base: string): readonly Link[] {
  const name = encodeURIComponent(subject.name);
  const ofTrunk: readonly Link[] =
    subject.kind === 'trunk'
      ? [
          { text: 'the trunk', href: `${base}/v1/trunks/${name}` },
          { text: 'its calls', href: `${base}/v1/calls?trunk=${name}${classQuery(evidence)}` },
        ]
      : [];
  const ofService: readonly Link[] =
    subject.kind === 'trunk' ? [] : [{ text: 'the service', href: `${base}/ready` }];
  return [
    ...ofTrunk,
    ...ofService,
    ...calls.slice(0, 3).map((hunt) => ({
      text: 'a call',
      href: `${base}/v1/calls/${encodeURIComponent(hunt)}`,
    })),
  ];
}

function classQuery({ class: name }: Evidence): string {
  return typeof name === 'string' && /^[a-z-]+$/.test(name) ? `&class=${name}` : '';
}

/** No text of anybody else's stands in a line for a shell. */
function commandsOf({ alert, subject, calls }: Incident): readonly string[] {
  const ofCalls = calls
    .filter((hunt) => /^[\w.@-]{1,128}$/.test(hunt) && !hunt.startsWith('-'))
    .slice(0, 3)
    .map((hunt) => `crankback why ${hunt}`);
  switch (subject.kind) {
    case 'trunk':
      return [`crankback trunks list ${subject.name}`, ...ofCalls];
    case 'policy':
      return ['crankback check'];
    case 'pbx':
      return ['crankback doctor', ...ofCalls];
    case 'journal':
    case 'service':
      return alert === 'rule' ? ofCalls : ['crankback doctor', ...ofCalls];
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
