import { newLeg, type LegRecord, type Legs } from './legs';
import type { ChannelView } from '../ari/rest';

/** Where the shipped dialplan dials; leg A stays there while its leg B is under way. */
const DIALLING = 'crankback-attempt';

/**
 * The legs that our own dialplan is dialling and of which nothing has come yet, dialled while nobody
 * listened: their first-response timers have to be armed anew.
 * @param linkedId asks the PBX for which channel a leg was dialled
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
