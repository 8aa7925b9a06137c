import type { TrunkHealth } from '../health-store';

/** Compared number by number; less is better. */
export function badnessOf({ phase, hold, trips }: TrunkHealth): readonly number[] {
  return [
    // A trunk that this PBX cannot even send to is of no use.
    hold?.side === 'local' ? 1 : 0,
    phase === 'held' ? 1 : 0,
    // Some of its calls are answered, none where every one meets a fault.
    hold?.cause === 'quality' ? 0 : 1,
    trips,
    hold?.until ?? Infinity,
  ];
}
