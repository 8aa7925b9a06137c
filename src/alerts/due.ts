import type { AlertReceiver } from '../policy/alert-settings';
import { isOpen } from './incidents';
import type { Change, Course, Incident } from './incident';

/** Of one receiver: the revision of each incident that it was told last, by the incident's id. */
export type Told = ReadonlyMap<string, number>;

/** What a receiver has to be told now, and what it need not know any more. */
export interface Due {
  readonly changes: readonly Change[];
  /** What it was told, without incidents that nobody has any more. */
  readonly told: Told;
}

/**
 * What a receiver is to be told: what is true now and new to it, and the end of what it was told. What began and ended
 * while it was away is not told at all.
 */
export function dueFor(
  { only, least }: Pick<AlertReceiver, 'only' | 'least'>,
  incidents: readonly Incident[],
  told: Told,
): Due {
  const kept = new Map<string, number>();
  const changes: Change[] = [];
  for (const incident of incidents) {
    const { id, revision, alert, severity } = incident;
    const known = told.get(id);
    if (known !== undefined) kept.set(id, known);
    if (known !== undefined && known >= revision) continue;
    // Whoever was told that it is there is told that it is over, whatever is wanted since.
    const isWanted =
      (only === undefined || only.includes(alert)) &&
      (least !== 'critical' || severity === 'critical');
    const course = courseOf(incident, known);
    if (course !== undefined && (isWanted || known !== undefined))
      changes.push({ course, incident });
  }
  return { changes, told: kept };
}

function courseOf(incident: Incident, known: number | undefined): Course | undefined {
  if (!isOpen(incident)) return known === undefined ? undefined : 'closed';
  return known === undefined ? 'opened' : 'changed';
}

/** Beyond this, all subjects are told of in one message. */
const MOST_MESSAGES = 5;
/** In one message; the others come with the next one. */
export const MOST_IN_MESSAGE = 100;

/** Changes by message: one for each subject, or one for all where there are many. */
export function grouped(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { kind, name } = change.incident.subject;
    const key = JSON.stringify([kind, name]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const all = groups.size > MOST_MESSAGES ? [changes] : [...groups.values()];
  return all.map((group) => group.slice(0, MOST_IN_MESSAGE));
}

/** What a receiver knows once it has taken these. */
export function withTold(told: Told, changes: readonly Change[]): Told {
  const next = new Map(told);
  for (const { incident } of changes) next.set(incident.id, incident.revision);
  return next;
}
