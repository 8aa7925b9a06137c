import type { MediaStream } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import { isWebrtc, profileOf, profileText } from '../media-profile';
import type { Polarity } from '../polarity';
import type { Remedy } from '../remedy';
import { has, type Said } from './words';

/** Encryption, WebRTC and feedback in the far side's words. */
export function saidOfKeying(said: Said): readonly MediaDifference[] {
  const { topics } = said.spoken;
  const { offer } = said;
  const webrtc = topics.get('webrtc');
  const feedback = topics.get('feedback');
  const encryption = topics.get('encryption') ?? (has(said, 308) ? 'named' : undefined);
  const ours = offer && profileOf(offer);
  if (webrtc && offer && ours) {
    if (webrtc === 'refused') return isWebrtc(ours) ? [tooMuch(offer)] : [];
    if (!isWebrtc(ours))
      return [
        {
          cause: 'webrtc',
          why: `the far side wants WebRTC, and we offered ${profileText(offer)}`,
          remedies: [{ kind: 'webrtc-on' }],
        },
      ];
  }
  if (encryption) return [ofEncryption(encryption, offer)];
  if (feedback && ours && ours.feedback === (feedback === 'refused'))
    return [
      {
        cause: 'profile',
        why: `the far side ${ours.feedback ? 'takes no' : 'wants'} feedback (AVPF), and we offered ${offer?.profile ?? ''}`,
        remedies: [{ kind: 'feedback', on: !ours.feedback }],
      },
    ];
  if (has(said, 306, 307) && ours && ours.keying !== 'none') return [tooMuch(offer)];
  if (!has(said, 302)) return [];
  if (ours && ours.keying !== 'none') return [tooMuch(offer)];
  return [
    {
      cause: 'profile',
      why: offer
        ? `the far side does not take the transport profile of our offer, ${offer.profile} (Warning 302)${
            ours?.feedback ? '' : ': it may want encryption (RTP/SAVP) or feedback (RTP/AVPF)'
          }`
        : 'the far side does not take the transport profile of our offer (Warning 302)',
      remedies: ours?.feedback ? [{ kind: 'feedback', on: false }] : [],
    },
  ];
}

function ofEncryption(polarity: Polarity, offer: MediaStream | undefined): MediaDifference {
  if (!offer)
    return {
      cause: 'profile',
      why: 'the far side speaks of encryption; ours is not known',
      remedies: [],
    };
  const text = profileText(offer);
  if (profileOf(offer).keying !== 'none') {
    if (polarity !== 'wanted') return tooMuch(offer);
    const why = `the far side wants encryption, and we offered ${text}: it may want other keys`;
    return { cause: 'profile', why, remedies: [] };
  }
  if (polarity === 'refused')
    return {
      cause: 'profile',
      why: `the far side says that it takes no encryption, and we offered none (${text})`,
      remedies: [],
    };
  return {
    cause: 'profile',
    why: `the far side wants encryption, and we offered ${text} without any`,
    remedies: [{ kind: 'encryption', wanted: 'sdes' }],
  };
}

function tooMuch(offer: MediaStream): MediaDifference {
  return {
    cause: isWebrtc(profileOf(offer)) ? 'webrtc' : 'profile',
    why: `the far side does not take the encryption of our offer, ${profileText(offer)}`,
    remedies: [withoutEncryption(offer)],
  };
}

export function withoutEncryption(offer: MediaStream): Remedy {
  return isWebrtc(profileOf(offer))
    ? { kind: 'webrtc-off', encryption: 'none', feedback: false }
    : { kind: 'encryption', wanted: 'none' };
}
