import { newLeg, type LegRecord, type Legs } from './legs';
import type { ChannelView } from '../ari/rest';

/** Where the shipped dialplan dials; leg A stays there while its leg B is in progress. */
const DIALLING = 'crankback-attempt';

/**
 * The legs that our dialplan dialled while this process was not connected, without a response so far. Their
 * first-response timers must be armed again.
 * @param linkedId returns the channel for which a leg was dialled
 */
export async function unseenLegs(
  channels: readonly ChannelView[],
  legs: Pick<Legs, 'isKnown'>,
  linkedId: (channelId: string) => Promise<string | undefined>,
): Promise<LegRecord[]> {
  const callers = new Set(
    channels.filter(({ dialplan }) => dialplan?.context === DIALLING).map(({ id }) => id),
  );
  if (callers.size === 0) return [];
  const silent = channels.filter(({ id, state }) => state === 'Down' && !legs.isKnown(id));
  const found = await Promise.all(
    silent.map(async (channel) => {
      const callerId = await linkedId(channel.id);
      return callerId !== undefined && callerId !== channel.id && callers.has(callerId)
        ? [newLeg(channel, callerId, Date.parse(channel.creationtime ?? ''))]
        : [];
    }),
  );
  return found.flat();
}
