import type { HealthChange } from '../trunks/health/health-store';
import type { Side } from '../trunks/health/attempt-outcome';
import type { Hold } from '../trunks/health/breaker/state';

/** Trunks that are held now, as the events tell. */
export class HeldTrunks {
  private readonly bySide = new Map<string, Map<Side, Hold>>();

  follow({ trunk, side, to }: HealthChange): void {
    const sides = this.bySide.get(trunk) ?? new Map<Side, Hold>();
    if (to.phase === 'closed') sides.delete(side);
    else sides.set(side, to.hold);
    if (sides.size > 0) this.bySide.set(trunk, sides);
    else this.bySide.delete(trunk);
  }

  /** A trunk that both sides hold is held as the stricter one says; one that is no trunk any more is forgotten. */
  worst(isTrunk: (name: string) => boolean): ReadonlyMap<string, Hold> {
    for (const trunk of this.bySide.keys()) if (!isTrunk(trunk)) this.bySide.delete(trunk);
    return new Map(
      [...this.bySide].flatMap(([trunk, sides]) => {
        const [worst] = [...sides.values()].sort((a, b) => Number(b.absolute) - Number(a.absolute));
        return worst ? [[trunk, worst] as const] : [];
      }),
    );
  }
}
