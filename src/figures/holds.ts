/** A change of a trunk's phase. Times are Unix time in milliseconds. */
export interface PhaseChange {
  readonly trunk: string;
  /** Whose fault holds it: each side has a phase of its own. */
  readonly side: string;
  readonly at: number;
  readonly to: string;
  /** Of a hold: when it ends by itself. */
  readonly until?: number;
}

/** How often a trunk was held, and how long. */
export interface Holds {
  readonly holds: number;
  /** Milliseconds within the period. */
  readonly heldMs: number;
  /** It is held at the period's end. */
  readonly held: boolean;
}

interface Interval {
  readonly from: number;
  readonly to: number;
  /** It begins with a change to `held`, not with an extension of a hold. */
  readonly begins: boolean;
}

/**
 * Holds of each trunk within a period, both sides together.
 * @param changes in order of time, with the last change of each trunk and side before the period
 */
export function holdsOf(
  changes: readonly PhaseChange[],
  since: number,
  until: number,
): ReadonlyMap<string, Holds> {
  const found = new Map<string, Holds>();
  for (const [trunk, ofTrunk] of groupedBy(changes, ({ trunk }) => trunk)) {
    const sides = groupedBy(ofTrunk, ({ side }) => side);
    const list = [...sides.values()].flatMap((ofSide) => intervals(ofSide, until));
    const sum = within(list, since, until);
    if (sum.holds > 0 || sum.heldMs > 0) found.set(trunk, sum);
  }
  return found;
}

function groupedBy<Item>(items: readonly Item[], nameOf: (item: Item) => string) {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

function intervals(changes: readonly PhaseChange[], end: number): readonly Interval[] {
  return changes.flatMap(({ at, to, until = Infinity }, index) => {
    if (to !== 'held') return [];
    const next = changes[index + 1]?.at ?? end;
    const before = changes[index - 1];
    const goesOn = before?.to === 'held' && (before.until ?? Infinity) >= at;
    return [{ from: at, to: Math.min(next, until, end), begins: !goesOn }];
  });
}

/** Where two sides hold a trunk at once, the time counts once. */
function within(list: readonly Interval[], since: number, until: number): Holds {
  let heldMs = 0;
  let reached = since;
  for (const { from, to } of [...list].sort((one, other) => one.from - other.from)) {
    heldMs += Math.max(to - Math.max(from, reached), 0);
    reached = Math.max(reached, to);
  }
  return {
    holds: list.filter(({ from, begins }) => begins && from >= since).length,
    heldMs,
    held: list.some(({ to }) => to >= until),
  };
}
