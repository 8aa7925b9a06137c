import { figureConditions, type FigureAlert, type TrunkCounts } from '../alerts/from-figures';
import type { Condition } from '../alerts/incident';
import type { AlertsParts, NamedTrunk } from './alerts-parts';

const DAY_MS = 24 * 3_600_000;
const FIGURE_ALERTS: readonly FigureAlert[] = ['asr', 'ner', 'pdd', 'rising'];

/** What the figures say is wrong, as of the last look at them. */
export class FigureLook {
  conditions: readonly Condition[] = [];
  private isCounting = false;

  constructor(
    private readonly parts: Pick<AlertsParts, 'settings' | 'now' | 'figures' | 'isTrunk'>,
  ) {}

  forget(): void {
    this.conditions = [];
  }

  /** Asks for the figures, one period after the other. */
  async look(): Promise<void> {
    const { settings, now, figures, isTrunk } = this.parts;
    const when = settings()?.when;
    if (!when || this.isCounting || FIGURE_ALERTS.every((name) => when[name] === undefined)) return;
    this.isCounting = true;
    try {
      const at = now();
      const periods = new Map<number, readonly NamedTrunk[]>();
      for (const name of FIGURE_ALERTS) {
        const window = when[name]?.window;
        if (window !== undefined && !periods.has(window))
          periods.set(window, await figures(at - window, at));
      }
      const start = at - (when.rising?.window ?? 0);
      const before = when.rising ? await figures(start - DAY_MS, start) : [];
      const names = new Set([...periods.values()].flat().map(({ name }) => name));
      const ofTrunk = (period: readonly NamedTrunk[] | undefined, trunk: string) =>
        period?.find(({ name }) => name === trunk)?.counts;
      this.conditions = figureConditions(
        [...names].filter(isTrunk).map((trunk): TrunkCounts => {
          const then = ofTrunk(before, trunk);
          const recent = FIGURE_ALERTS.flatMap((name) => {
            const counts = ofTrunk(periods.get(when[name]?.window ?? -1), trunk);
            return counts ? [[name, counts] as const] : [];
          });
          return { trunk, recent: Object.fromEntries(recent), ...(then && { before: then }) };
        }),
        when,
      );
    } catch {
      // The journal is busy, and says so itself; what was known a minute ago holds until the next look.
    } finally {
      this.isCounting = false;
    }
  }
}
