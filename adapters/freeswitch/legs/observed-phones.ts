import { BoundedSet } from '../../shared/bounded';
import { variable, type ChannelData } from '../esl/channel-data';
import type { TrunkNames } from '../trunks/trunk-names';
import { attemptsOf } from './at-once';
import type { EndedLeg, EndedLegs } from './legs';

/** Callers with an answered phone whose end was missed. */
const MOST_CALLERS = 5_000;

/**
 * Phones that the user's own bridges rang. Several that ring at once are one attempt, and events do not tell how many
 * there are. So their ends wait until a handover reports them, or until their caller is gone.
 */
export class ObservedPhones {
  private readonly answered = new BoundedSet<string>(MOST_CALLERS);

  constructor(
    private readonly ended: Pick<EndedLegs, 'get' | 'uncountedOf'>,
    private readonly trunkNames: () => TrunkNames,
  ) {}

  get size(): number {
    return this.answered.size;
  }

  /** Whether the end of a leg waits. A leg without a caller, or whose caller is gone, is told at once. */
  waits({ callerId, data, uuid }: EndedLeg): boolean {
    if (callerId === undefined || this.ended.get(uuid) === undefined) return false;
    return this.isPhone(data);
  }

  /** A leg has been answered: the other phones that rang are no failure. */
  answeredBy(leg: ChannelData): void {
    const callerId = variable(leg, 'originator');
    if (callerId !== undefined && this.isPhone(leg)) this.answered.add(callerId);
  }

  /** The attempts of a caller that is gone, as the ends of their legs: those that no handover has reported. */
  takeOf(callerId: string): readonly (readonly ChannelData[])[] {
    const hasAnswered = this.answered.delete(callerId);
    const legs = this.ended.uncountedOf(callerId).flatMap((leg) => {
      leg.counted = true;
      const trunk = this.trunkNames().trunkOf(leg.data);
      return trunk === undefined ? [] : [{ trunk, data: leg.data }];
    });
    if (hasAnswered) return [];
    return attemptsOf(legs, this.trunkNames()).map((attempt) =>
      attempt.legs.map(({ data }) => data),
    );
  }

  private isPhone(leg: ChannelData): boolean {
    const trunk = this.trunkNames().trunkOf(leg);
    return trunk !== undefined && this.trunkNames().mayFork(trunk);
  }
}
