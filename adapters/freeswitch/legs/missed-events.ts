import * as z from 'zod';
import { piecesOf, readElements } from '../../shared/json-elements';
import type { ChannelData } from '../esl/channel-data';

/** A row of `show channels`. */
export interface ChannelRow {
  readonly uuid: string;
  readonly outbound: boolean;
  /** Answered and not yet hung up, on hold included. */
  readonly up: boolean;
}

const UP = new Set(['ACTIVE', 'HELD', 'UNHELD']);

const Rows = z.object({ rows: z.record(z.string(), z.unknown()).array().optional() });

/**
 * Parses the output of `show … as json`; undefined for any other output, as of a FreeSWITCH without its
 * core database, which cannot list anything. An empty list has no `rows`.
 */
export function readRows(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const read = Rows.safeParse(JSON.parse(text));
    return read.success ? (read.data.rows ?? []) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the output of `show channels as json` in slices, because it may be long: calls are decided between them.
 * @returns undefined if FreeSWITCH cannot list them
 */
export async function readChannels(text: string): Promise<readonly ChannelRow[] | undefined> {
  const channels: ChannelRow[] = [];
  try {
    const isList = await readElements(piecesOf(text), (row) => channels.push(...channelIn(row)));
    if (isList) return channels;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
  // Without channels there are no rows.
  return text.length <= LONGEST_EMPTY && readRows(text) ? [] : undefined;
}

const Row = z.object({
  uuid: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  direction: z.unknown(),
  callstate: z.unknown(),
});
/** `{"row_count":0}`. Characters. */
const LONGEST_EMPTY = 1_000;

function channelIn(element: unknown): readonly ChannelRow[] {
  const row = Row.safeParse(element);
  if (!row.success) return [];
  const { uuid, direction, callstate } = row.data;
  return [{ uuid, outbound: direction === 'outbound', up: UP.has(String(callstate)) }];
}

/**
 * Legs B that were answered while disconnected, read by `uuid_dump` one after the other.
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
