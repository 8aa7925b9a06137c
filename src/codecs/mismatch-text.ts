import type { Codec, MediaStream } from '../model/media';
import type { ConfigurationDialect } from './dialect';
import type { MismatchCause } from './mismatch-cause';
import { codecText } from './registry';
import type { KnownSides } from './sides';

interface Known extends KnownSides {
  readonly cause: MismatchCause;
  readonly trunk: string;
  /** The far side's audio stream; absent if the refusal had no body. */
  readonly accepted: MediaStream | undefined;
}

interface Explanation {
  readonly why: string;
  readonly configuration?: string;
}

/** One sentence with the probable cause, and the line of the PBX's configuration to change. */
export function explainMismatch(known: Known, dialect: ConfigurationDialect): Explanation {
  const { trunk, cause, accepts = [], common = [], accepted } = known;
  const offer = known.offered ? `we offered ${list(known.offered)}` : 'our offer is not known';
  switch (cause) {
    case 'private-address':
      return {
        why: `the far side refuses the media address of our offer${
          known.privateAddresses.length > 0
            ? `: ${known.privateAddresses.join(', ')} cannot be reached from outside`
            : ''
        }`,
        configuration: dialect.mediaAddress(trunk),
      };
    case 'profile': {
      const wanted = accepted ? encryptionWanted(accepted) : undefined;
      return {
        why: known.profile
          ? `we offered ${known.profile.offered} and the far side takes ${known.profile.accepted}`
          : 'the far side does not take the transport profile of our offer (Warning 302)',
        ...(wanted !== undefined && { configuration: dialect.encryption(trunk, wanted) }),
      };
    }
    case 'media-type':
      return {
        why: `our offer has a kind of media that the far side does not take${
          known.mediaTypes.length > 0 ? `: ${known.mediaTypes.join(', ')}` : ' (Warning 304)'
        }`,
        configuration: dialect.audioOnly(trunk),
      };
    case 'no-common-codec':
      return {
        why: `no codec in common: ${offer}, the far side takes ${list(accepts)}`,
        configuration: dialect.codecs(trunk, accepts),
      };
    case 'ptime':
      return {
        why: `${list(common)} would fit, but we offered packets of ${known.ptime?.offered} ms and the far side takes ${known.ptime?.accepted} ms`,
        configuration: dialect.ptime(trunk, common, known.ptime?.accepted ?? 20),
      };
    case 'telephone-event':
      return {
        why: `${list(common)} would fit, but the far side wants telephone-event (DTMF), which we did not offer`,
        configuration: dialect.telephoneEvent(trunk),
      };
    case 'offer-too-wide':
      return {
        why: `${offer}, and the far side takes ${list(accepts)}: it seems to want nothing else beside ${list(common)}`,
        configuration: dialect.codecs(trunk, common),
      };
    case 'not-said':
      return {
        why: `the far side did not say which codecs it takes; ${offer}: compare with the carrier's interface description`,
        ...(known.offered && { configuration: dialect.codecs(trunk, known.offered) }),
      };
  }
}

function encryptionWanted({ profile, encryption }: MediaStream): MediaStream['encryption'] {
  if (encryption !== 'none') return encryption;
  return /\bSAVPF?$/i.test(profile) ? 'sdes' : 'none';
}

function list(codecs: readonly Codec[]): string {
  return codecs.length === 0 ? 'none' : codecs.map(codecText).join(', ');
}
