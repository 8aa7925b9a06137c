import type { Course } from '../../alerts/incident';
import type { ToldIncident } from '../../alerts/message';

const COURSES: Readonly<Record<Course, string>> = {
  opened: 'opened',
  changed: 'changed',
  closed: 'closed',
};

/** `opened: carrier-a: trunk held (critical)`; of words of ours and names of the policy alone. */
export function headline({ course, title, severity }: ToldIncident): string {
  return `${COURSES[course]}: ${title}${course === 'closed' ? '' : ` (${severity})`}`;
}

/** How long it has been, `2 min`. */
export function lasted({ seconds }: ToldIncident): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** What is known of an incident, in the order in which one wants to read it; values are untrusted. */
export function facts(incident: ToldIncident): readonly (readonly [name: string, value: string])[] {
  const { why, evidence, about, openedAt, closedAt } = incident;
  return [
    ['why', why],
    ...(about === undefined ? [] : [['about', about] as const]),
    ['since', openedAt],
    ...(closedAt === undefined
      ? []
      : [['until', `${closedAt}, after ${lasted(incident)}`] as const]),
    ...Object.entries(evidence)
      .filter(([name]) => name !== 'since')
      .map(([name, value]) => [name, String(value)] as const),
  ];
}
