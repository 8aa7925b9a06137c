import { timeOf, type ChannelData } from '../esl/channel-data';
import type { TrunkNames } from '../trunks/trunk-names';

/** A leg B that has ended, with its trunk. */
export interface TrunkLegEnd {
  readonly trunk: string;
  readonly data: ChannelData;
}

/** Legs of one attempt; never empty. */
export interface LegsAtOnce<Leg extends TrunkLegEnd> {
  readonly trunk: string;
  readonly legs: readonly Leg[];
}

/** Legs as attempts, in order. Legs to phones of one trunk are one attempt if they were under way at once. */
export function attemptsOf<Leg extends TrunkLegEnd>(
  legs: readonly Leg[],
  trunkNames: Pick<TrunkNames, 'mayFork'>,
): readonly LegsAtOnce<Leg>[] {
  const attempts: { trunk: string; legs: Leg[] }[] = [];
  for (const one of legs) {
    const before = attempts.findLast(({ trunk }) => trunk === one.trunk);
    if (before && trunkNames.mayFork(one.trunk) && before.legs.some((leg) => overlap(leg, one)))
      before.legs.push(one);
    else attempts.push({ trunk: one.trunk, legs: [one] });
  }
  return attempts;
}

function overlap({ data: one }: TrunkLegEnd, { data: other }: TrunkLegEnd): boolean {
  return began(one) <= ended(other) && began(other) <= ended(one);
}

/** Unix time in milliseconds; a time that FreeSWITCH does not report sets no limit. */
function began(leg: ChannelData): number {
  return timeOf(leg, 'Created') ?? 0;
}

function ended(leg: ChannelData): number {
  return timeOf(leg, 'Hangup') ?? Infinity;
}
