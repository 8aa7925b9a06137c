import { newLeg, type LegRecord, type Legs } from './legs';
import type { ChannelView } from '../ari/rest';

/** Where the shipped dialplan dials; leg A stays there while its leg B is in progress. */
const DIALLING = 'crankback-attempt';

/** How many legs are asked for at once: as many as there are connections. */
const AT_ONCE = 16;

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
  const found: LegRecord[] = [];
  for (let next = 0; next < silent.length; next += AT_ONCE) {
    const asked = silent.slice(next, next + AT_ONCE);
    const linked = await Promise.all(asked.map(({ id }) => linkedId(id)));
    for (const [index, channel] of asked.entries()) {
      const callerId = linked[index];
      if (callerId === undefined || callerId === channel.id || !callers.has(callerId)) continue;
      found.push(newLeg(channel, callerId, Date.parse(channel.creationtime ?? '')));
    }
  }
  return found;
}
