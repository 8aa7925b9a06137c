import { integer, timeOf, type ChannelData, type ChannelTime } from '../esl/channel-data';

/** FreeSWITCH's clock was set if the difference changes by more. Milliseconds. */
const SET_MS = 1_000;

/**
 * FreeSWITCH's times by our clock. The difference stays the same from event to event, though one comes sooner than
 * the other: otherwise an attempt could seem to begin before the end of the one that it followed.
 */
export class PbxClock {
  private shift: number | undefined;

  /** @param now Unix time in milliseconds */
  constructor(private readonly now: () => number) {}

  /** The times of an event; Unix time in whole milliseconds. */
  at(event: ChannelData): (name: ChannelTime) => number | undefined {
    const shift = this.shiftBy(event);
    return (name) => {
      const at = timeOf(event, name);
      return at === undefined ? undefined : Math.floor(at + shift);
    };
  }

  private shiftBy(event: ChannelData): number {
    const sentAt = integer(event['Event-Date-Timestamp']);
    if (sentAt === undefined) return this.shift ?? 0;
    const latest = this.now() - sentAt / 1000;
    if (this.shift === undefined || Math.abs(latest - this.shift) > SET_MS) this.shift = latest;
    return this.shift;
  }
}
