import type { MediaDifference } from '../media-difference';
import { profileOf } from '../media-profile';
import { isMulticast } from '../private-address';
import type { Topic } from '../spoken';
import { addressesOf, otherVersion, privateAddresses, versionsOf } from './addresses';
import { saidOfKeying } from './said-keying';
import { streamText } from './streams';
import { has, type Said } from './words';

/**
 * What Warnings (RFC 3261 20.43 and IANA's list; 308 is a vendor's for encryption) and the phrase name as the
 * reason, most telling first. A remedy is given only where the direction is known.
 */
export function saidDifferences(said: Said): readonly MediaDifference[] {
  return [
    ...ofAddress(said),
    ...ofVersion(said),
    ...saidOfKeying(said),
    ...ofStreams(said),
    ...ofDtmf(said),
    ...ofPacketTime(said),
    ...ofBandwidth(said),
    ...ofAttributes(said),
  ];
}

function ofAddress(said: Said): readonly MediaDifference[] {
  const { description } = said;
  const hidden = privateAddresses(description);
  const addresses = addressesOf(description);
  const known = addresses.length > 0 ? `: ${addresses.join(', ')}` : '';
  const format = has(said, 301);
  if (said.spoken.topics.has('private-address') || (format && hidden.length > 0))
    return [
      {
        cause: 'private-address',
        why: `the far side refuses the media address of our offer${
          hidden.length > 0 ? `: ${hidden.join(', ')} cannot be reached from outside` : known
        }`,
        remedies: hidden.length > 0 || !description ? [{ kind: 'public-address' }] : [],
      },
    ];
  if (has(said, 330, 331) || said.spoken.topics.has('multicast'))
    return [
      {
        cause: 'media-address',
        why: `the far side has no multicast, or no unicast, for our media address (Warning 330 or 331)${known}`,
        remedies: addresses.some(isMulticast) ? [{ kind: 'public-address' }] : [],
      },
    ];
  if (!format || versionsOf(description).has(6)) return [];
  const why = `the far side does not take the format of our media address (Warning 301)${known}`;
  return [{ cause: 'media-address', why, remedies: [] }];
}

function ofVersion(said: Said): readonly MediaDifference[] {
  const [ours] = versionsOf(said.description);
  const protocol = has(said, 300);
  const spoken = said.spoken.topics.get('ip-version');
  if (ours === 6 && (protocol || has(said, 301) || spoken)) return [otherVersion(6)];
  if (ours === 4 && (protocol || spoken === 'wanted')) return [otherVersion(4)];
  if (!protocol && !spoken) return [];
  const why = 'the far side does not take the network protocol of our offer: IPv4 or IPv6';
  return [{ cause: 'ip-version', why, remedies: [] }];
}

function ofStreams(said: Said): readonly MediaDifference[] {
  const { topics, wanted, refused } = said.spoken;
  const others = (said.description?.streams ?? []).filter(
    ({ type, port, bundleOnly }) => type !== 'audio' && (port > 0 || bundleOnly === true),
  );
  const asked: readonly (readonly [Topic, string])[] = [
    ['video', 'video'],
    ['fax', 'image'],
  ];
  const named = asked.flatMap(([topic, type]) => {
    const polarity = topics.get(topic);
    return polarity === undefined || polarity === 'wanted' ? [] : [type];
  });
  const blamed = others.filter(({ type }) => named.includes(type));
  const unavailable = has(said, 304) && wanted.length === 0 && refused.length === 0;
  const streams = blamed.length > 0 ? blamed : unavailable ? others : [];
  if (streams.length > 0)
    return [
      {
        cause: 'media-type',
        why: `our offer has a kind of media that the far side does not take: ${streams.map(streamText).join(', ')}`,
        remedies: [
          { kind: 'without-streams', types: [...new Set(streams.map(({ type }) => type))] },
        ],
      },
    ];
  if (!unavailable) return [];
  const ours = said.description ? ', and our offer has audio alone' : '';
  const why = `the far side says that a kind of media is not available there (Warning 304)${ours}`;
  return [{ cause: 'media-type', why, remedies: [] }];
}

function ofDtmf({ spoken, offer }: Said): readonly MediaDifference[] {
  const polarity = spoken.topics.get('telephone-event');
  if (!polarity || !offer) return [];
  const missing = offer.telephoneEvent.length === 0;
  if (missing && polarity !== 'refused')
    return [
      {
        cause: 'telephone-event',
        why: 'the far side wants telephone-event (DTMF), which we did not offer',
        remedies: [{ kind: 'telephone-event' }],
      },
    ];
  const ours = missing ? 'none' : `it at ${offer.telephoneEvent.join(', ')} Hz`;
  const why = `the far side speaks of telephone-event (DTMF), and we offered ${ours}`;
  return [{ cause: 'telephone-event', why, remedies: [] }];
}

function ofPacketTime({ spoken, offer }: Said): readonly MediaDifference[] {
  if (!spoken.topics.has('ptime')) return [];
  const ours = offer ? `, and we offered packets of ${offer.ptime ?? 20} ms` : '';
  return [{ cause: 'ptime', why: `the far side speaks of the packet time${ours}`, remedies: [] }];
}

function ofBandwidth(said: Said): readonly MediaDifference[] {
  if (said.spoken.topics.has('encryption')) return [];
  if (!has(said, 303, 370) && !said.spoken.topics.has('bandwidth')) return [];
  const video = said.description?.streams.some(({ type, port }) => type === 'video' && port > 0);
  return [
    {
      cause: 'bandwidth',
      why: 'the far side has not the bandwidth for our offer',
      remedies: video ? [{ kind: 'without-streams', types: ['video'] }] : [],
    },
  ];
}

function ofAttributes(said: Said): readonly MediaDifference[] {
  const spoken = ['encryption', 'webrtc', 'feedback', 'telephone-event', 'ptime'] as const;
  if (!has(said, 306, 307) || spoken.some((topic) => said.spoken.topics.has(topic))) return [];
  if (said.offer && profileOf(said.offer).keying !== 'none') return [];
  const ice = said.description?.streams.some((stream) => stream.ice) === true;
  return [
    {
      cause: 'attribute',
      why: `the far side does not understand an attribute of our offer (Warning 306 or 307)${ice ? ', perhaps those of ICE' : ''}`,
      remedies: ice ? [{ kind: 'ice', on: false }] : [],
    },
  ];
}
