import type { ChannelData } from './channel-data';

/** A row of `show channels`. */
export interface ChannelRow {
  readonly uuid: string;
  readonly outbound: boolean;
  /** Answered and not yet hung up, on hold included. */
  readonly up: boolean;
}

const UP = new Set(['ACTIVE', 'HELD', 'UNHELD']);

/**
 * What `show channels as json` prints; undefined where FreeSWITCH runs without its core database and
 * cannot list them. Without channels there are no `rows`.
 */
export function readChannels(text: string): readonly ChannelRow[] | undefined {
  if (text.startsWith('-ERR')) return undefined;
  const { rows = [] } = JSON.parse(text) as { rows?: readonly Record<string, unknown>[] };
  return rows.flatMap(({ uuid, direction, callstate }) =>
    typeof uuid === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(uuid)
      ? [{ uuid, outbound: direction === 'outbound', up: UP.has(String(callstate)) }]
      : [],
  );
}

/**
 * Legs B that were answered while nobody listened, one after the other, as `uuid_dump` has them.
 * @param isKnown whether the answer was seen
 */
export async function missedAnswers(
  channels: readonly ChannelRow[],
  isKnown: (uuid: string) => boolean,
  dump: (uuid: string) => Promise<ChannelData | undefined>,
): Promise<ChannelData[]> {
  const missed: ChannelData[] = [];
  for (const { uuid, outbound, up } of channels) {
    if (!outbound || !up || isKnown(uuid)) continue;
    const data = await dump(uuid);
    if (data) missed.push(data);
  }
  return missed;
}
