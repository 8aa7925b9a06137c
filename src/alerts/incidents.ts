import type { Change, Condition, Incident } from './incident';

/** All incidents at one moment: those that are open, and those that have closed and somebody may not know it yet. */
export interface Incidents {
  readonly all: readonly Incident[];
  /** Since when something is so that has not been so for long enough, by its key. Unix time in milliseconds. */
  readonly pending: ReadonlyMap<string, number>;
  /** Conditions that were left out, because too much is open. */
  readonly leftOut: number;
}

export const NONE: Incidents = { all: [], pending: new Map(), leftOut: 0 };

/** Open at once. */
export const MOST_OPEN = 500;
/** Closed, and kept for receivers that have not been told. */
const MOST_CLOSED = 200;
const CLOSED_KEPT_MS = 24 * 3_600_000;
/** An incident that changes again and again is told again as often as this. Milliseconds. */
const SETTLE_MS = 300_000;

/**
 * What becomes of the incidents by what is so now.
 * @param now Unix time in milliseconds
 * @returns the incidents, and what happened to them, in the order in which it did
 */
export function advance(
  before: Incidents,
  conditions: readonly Condition[],
  now: number,
): { readonly incidents: Incidents; readonly changes: readonly Change[] } {
  const open = new Map(
    before.all.filter(isOpen).map((incident) => [keyOf(incident), incident] as const),
  );
  const closed = before.all.filter(
    ({ closedAt }) => closedAt !== undefined && now - closedAt < CLOSED_KEPT_MS,
  );
  const pending = new Map<string, number>();
  const changes: Change[] = [];
  const seen = new Set<string>();
  let leftOut = 0;
  for (const condition of conditions) {
    const key = keyOf(condition);
    if (seen.has(key)) continue;
    seen.add(key);
    const known = open.get(key);
    if (known) {
      const next = continued(known, condition, now);
      if (next.revision > known.revision) changes.push({ course: 'changed', incident: next });
      open.set(key, next);
      continue;
    }
    const since = before.pending.get(key) ?? now;
    if (now - since < condition.for) {
      if (pending.size < MOST_OPEN) pending.set(key, since);
      continue;
    }
    if (open.size >= MOST_OPEN) {
      leftOut += 1;
      continue;
    }
    const incident = opened(condition, now);
    open.set(key, incident);
    changes.push({ course: 'opened', incident });
  }
  for (const [key, incident] of open) {
    if (seen.has(key) || now - incident.seenAt < incident.quiet) continue;
    open.delete(key);
    const over = { ...incident, closedAt: now, revision: incident.revision + 1 };
    closed.push(over);
    changes.push({ course: 'closed', incident: over });
  }
  const all = [...closed.slice(-MOST_CLOSED), ...open.values()];
  return { incidents: { all, pending, leftOut }, changes };
}

export function isOpen({ closedAt }: Incident): boolean {
  return closedAt === undefined;
}

/** The same for what is one incident while it lasts. */
export function keyOf({
  alert,
  subject,
  about,
}: Pick<Condition, 'alert' | 'subject' | 'about'>): string {
  return JSON.stringify([alert, subject.kind, subject.name, about]);
}

function opened({ for: _, at, ...condition }: Condition, now: number): Incident {
  const { alert, subject, about } = condition;
  // What tells two that open in one moment apart; with the time it is never used again.
  const name = [alert, subject.kind, subject.name, about].filter(Boolean).join('.');
  const id = `${now.toString(36)}.${name.replace(/[^\w.-]/g, '_').slice(0, 120)}`;
  return {
    ...condition,
    ...{ id, openedAt: now, changedAt: now, seenAt: at ?? now, revision: 1 },
  };
}

/** The same incident with what is known of it now. */
function continued(
  known: Incident,
  { for: _, at, ...condition }: Condition,
  now: number,
): Incident {
  const isOther =
    condition.story !== known.story ||
    condition.level > known.level ||
    (condition.severity === 'critical' && known.severity !== 'critical');
  const isTold = isOther && now - known.changedAt >= SETTLE_MS;
  const { id, openedAt, changedAt, revision, severity, story, level } = known;
  const seenAt = Math.max(known.seenAt, at ?? now);
  if (!isTold) {
    // What would be worth telling stays so until it has been told.
    return { ...condition, severity, story, level, id, openedAt, changedAt, seenAt, revision };
  }
  const worst = Math.max(condition.level, level);
  return {
    ...condition,
    ...{ id, openedAt, changedAt: now, seenAt, revision: revision + 1, level: worst },
  };
}
