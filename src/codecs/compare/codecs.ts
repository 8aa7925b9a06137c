import type { Codec, MediaStream } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import { codecKey, codecText, intersection } from '../registry';
import { commonFormats, compareFormats } from './formats';

export interface CodecLists {
  readonly offered: readonly Codec[] | undefined;
  readonly accepts: readonly Codec[] | undefined;
  /** Codecs that the far side refuses by name. */
  readonly refused: readonly Codec[];
  /** The streams behind the lists; absent if a list comes from elsewhere. */
  readonly offer: MediaStream | undefined;
  readonly accepted: MediaStream | undefined;
  /** Codecs of our other streams, which stay in the list. */
  readonly beside: readonly Codec[];
}

/** Codecs, their parameters, clock rates, packet time and DTMF of two streams of one type. */
export function compareCodecs(lists: CodecLists): readonly MediaDifference[] {
  const { offered, accepts, refused, offer, accepted, beside } = lists;
  const found: MediaDifference[] = [];
  const packets = offer && accepted ? packetTimes(offer, accepted) : undefined;
  const common = offered && accepts ? intersection(offered, accepts) : [];
  const rejected = offered ? intersection(offered, refused) : [];
  const remaining = (offered ?? []).filter((codec) => !rejected.includes(codec));
  if (accepts && accepts.length > 0 && common.length === 0)
    return [noCommon(lists, accepts, packets)];
  if (rejected.length > 0) {
    const left = accepts && accepts.length > 0 ? common : remaining;
    found.push({
      cause: 'codec-refused',
      why: `the far side refuses ${shown(rejected)}, which we offered`,
      remedies: left.length > 0 ? [{ kind: 'codecs', codecs: [...left, ...beside] }] : [],
    });
  }
  if (!accepts || accepts.length === 0) return found;
  const formats = offer && accepted ? commonFormats(offer, accepted) : undefined;
  if (formats) found.push(...compareFormats(formats));
  if (packets)
    found.push({
      cause: 'ptime',
      why: `${shown(common)} would fit, but we offered packets of ${packets.offered} ms and the far side takes ${packets.accepted} ms (ptime)`,
      remedies: [{ kind: 'codecs', codecs: [...common, ...beside], ...framing(packets) }],
    });
  if (offer && accepted) found.push(...dtmf(offer, accepted, common));
  if (offered && common.length < offered.length)
    found.push({
      cause: 'offer-too-wide',
      why: `we offered ${shown(offered)}, and the far side takes ${shown(accepts)}: it seems to want nothing else beside ${shown(common)}`,
      remedies: [{ kind: 'codecs', codecs: [...common, ...beside] }],
      weak: true,
    });
  return found;
}

function noCommon(
  { offered, beside }: CodecLists,
  accepts: readonly Codec[],
  packets: PacketTimes | undefined,
): MediaDifference {
  const rates = otherRates(offered ?? [], accepts);
  return {
    cause: 'no-common-codec',
    why: offered
      ? `no codec in common: we offered ${shown(offered)}, the far side takes ${shown(accepts)}${
          rates.length > 0 ? ` (${rates.join(', ')} with another clock rate)` : ''
        }`
      : `the far side takes ${shown(accepts)}, and our offer is not known: it may have none of them`,
    remedies: [
      { kind: 'codecs', codecs: [...accepts, ...beside], ...(packets && framing(packets)) },
    ],
  };
}

/** Names that both sides have with another clock rate or number of channels. */
function otherRates(offered: readonly Codec[], accepts: readonly Codec[]): readonly string[] {
  const names = new Set(offered.map(({ name }) => name.toUpperCase()));
  return [...new Set(accepts.map(({ name }) => name))].filter((it) => names.has(it.toUpperCase()));
}

/** Milliseconds. */
interface PacketTimes {
  readonly offered: number;
  readonly accepted: number;
}

function framing({ offered, accepted }: PacketTimes): { ptime: number; longer: boolean } {
  return { ptime: accepted, longer: accepted > offered };
}

/** RFC 3551 4.5: the default is 20 ms. A far side that states no packet time did not refuse for it. */
export function packetTimes(offer: MediaStream, accepted: MediaStream): PacketTimes | undefined {
  const wanted = accepted.ptime ?? accepted.maxptime;
  if (wanted === undefined) return undefined;
  const ours = offer.ptime ?? 20;
  const fits = accepted.ptime === undefined ? ours <= wanted : ours === wanted;
  return fits ? undefined : { offered: ours, accepted: wanted };
}

/** A side without DTMF leaves it out of its answer, so only what the far side has and we have not counts. */
function dtmf(
  offer: MediaStream,
  accepted: MediaStream,
  common: readonly Codec[],
): readonly MediaDifference[] {
  const [ours, theirs] = [offer.telephoneEvent, accepted.telephoneEvent];
  if (theirs.length === 0 || theirs.some((rate) => ours.includes(rate))) return [];
  if (ours.length === 0)
    return [
      {
        cause: 'telephone-event',
        why: `${shown(common)} would fit, but the far side wants telephone-event (DTMF), which we did not offer`,
        remedies: [{ kind: 'telephone-event' }],
      },
    ];
  const codecs = common.filter(({ clockRate }) => theirs.includes(clockRate));
  return [
    {
      cause: 'telephone-event',
      why: `we offered telephone-event (DTMF) at ${ours.join(', ')} Hz and the far side takes it at ${theirs.join(', ')} Hz: it goes with the codecs of that clock rate`,
      remedies:
        codecs.length > 0 && codecs.length < offer.codecs.length
          ? [{ kind: 'codecs', codecs }]
          : [],
    },
  ];
}

/** Whether both lists have the same codecs in another order. */
export function isOtherOrder(one: readonly Codec[], other: readonly Codec[]): boolean {
  const [first, second] = [one.map(codecKey), other.map(codecKey)];
  return (
    first.length === second.length &&
    first.join() !== second.join() &&
    [...first].sort().join() === [...second].sort().join()
  );
}

export function shown(codecs: readonly Codec[]): string {
  return codecs.length === 0 ? 'none' : codecs.map(codecText).join(', ');
}
