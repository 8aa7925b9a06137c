import { isWebrtc, profileOf } from '../media-profile';
import { ipVersionOf, isMulticast, isPrivate, isUnspecified } from '../private-address';
import { codecKey, distinct } from '../registry';
import type { Remedy } from '../remedy';
import type { Sides } from '../sides';
import { addressesOf } from './addresses';
import { isOn } from './streams';

/** Whether a remedy changes our offer; true if the part in question is not known. Never advise what is in force. */
export function changesOffer(remedy: Remedy, { description, offer, offered }: Sides): boolean {
  const streams = description?.streams;
  const ours = offer && profileOf(offer);
  switch (remedy.kind) {
    case 'codecs': {
      const audio = remedy.codecs.slice(0, offered?.length).map(codecKey).join();
      const same =
        audio === (offered ?? []).map(codecKey).join() &&
        distinct(remedy.codecs).length <= allCodecs(offered, streams);
      return !same || (remedy.ptime !== undefined && (offer?.ptime ?? 20) !== remedy.ptime);
    }
    case 'encryption':
      return !ours || ours.keying !== remedy.wanted;
    case 'strict-encryption':
      return !ours || ours.secure !== remedy.strict;
    case 'feedback':
      return !ours || ours.feedback !== remedy.on;
    case 'webrtc-on':
      return !ours || !isWebrtc(ours) || !ours.ice || !ours.feedback;
    case 'webrtc-off':
      return !ours || isWebrtc(ours);
    case 'short-profile':
      return !offer || /TLS/i.test(offer.profile) === remedy.short;
    case 'suites':
      return remedy.suites.join() !== offer?.suites?.join();
    case 'fingerprint':
      return remedy.hash !== offer?.fingerprint;
    case 'either-dtls-role':
      return offer?.setup !== 'actpass';
    case 'without-streams':
      return (
        !streams || streams.some((stream) => isOn(stream) && remedy.types.includes(stream.type))
      );
    case 'bundle':
      return !streams || streams.some(({ bundled }) => bundled === true) !== remedy.on;
    case 'ice':
      return !streams || streams.some(({ ice }) => ice === true) !== remedy.on;
    case 'telephone-event':
      return !offer || offer.telephoneEvent.length === 0;
    case 'public-address':
      return !streams || addressesOf(description).some(isUnreachable);
    case 'ip-version':
      return !streams || addressesOf(description).some((it) => ipVersionOf(it) !== remedy.version);
    case 'format-parameters':
    case 'without-body':
      return true;
  }
}

function allCodecs(
  offered: readonly unknown[] | undefined,
  streams: readonly { readonly type: string; readonly codecs: readonly unknown[] }[] | undefined,
): number {
  const others = (streams ?? []).filter(({ type }) => type !== 'audio');
  return (offered?.length ?? 0) + others.reduce((sum, { codecs }) => sum + codecs.length, 0);
}

function isUnreachable(address: string): boolean {
  return isPrivate(address) || isMulticast(address) || isUnspecified(address);
}
