import type { MediaDescription, MediaStream } from '../../model/media';
import { profileOf, profileText } from '../media-profile';
import { isPrivate, isUnspecified } from '../private-address';
import type { Remedy } from '../remedy';
import { addressesOf, versionsOf } from './addresses';
import { withoutEncryption } from './said-keying';
import { isOn, streamText } from './streams';

/** Something in our offer that some far sides refuse, and the change that takes it out. */
export interface Conspicuous {
  readonly text: string;
  readonly remedy?: Remedy;
}

/** More codecs than a trunk needs. */
const MANY_CODECS = 8;

/** What is conspicuous in our offer, most suspicious first; what the refusal has too is not. */
export function conspicuousIn(
  description: MediaDescription,
  refusal: MediaDescription | undefined,
): readonly Conspicuous[] {
  const audio = description.streams.find(({ type }) => type === 'audio');
  const found: Conspicuous[] = [];
  const hidden = addressesOf(description).filter((it) => isPrivate(it) && !isUnspecified(it));
  if (hidden.length > 0)
    found.push({
      text: `the private media address ${hidden.join(', ')}`,
      remedy: { kind: 'public-address' },
    });
  if (audio && !refusal) found.push(...unusualProfile(audio));
  if (!refusal && versionsOf(description).has(6))
    found.push({ text: 'media over IPv6', remedy: { kind: 'ip-version', version: 4 } });
  const others = description.streams.filter((stream) => stream.type !== 'audio' && isOn(stream));
  if (!refusal && others.length > 0)
    found.push({
      text: `${others.map(streamText).join(', ')} beside audio`,
      remedy: { kind: 'without-streams', types: [...new Set(others.map(({ type }) => type))] },
    });
  if (!audio) return [...found, { text: 'no audio' }];
  return [...found, ...unusualAudio(audio), ...unlistedDtmf(audio, refusal)];
}

/** Most sides leave it out of a refusal, so it is no difference; some refuse for it. */
function unlistedDtmf(
  { telephoneEvent }: MediaStream,
  refusal: MediaDescription | undefined,
): readonly Conspicuous[] {
  const theirs = refusal?.streams.filter(({ type }) => type === 'audio') ?? [];
  if (telephoneEvent.length === 0 || theirs.length === 0) return [];
  return theirs.some((stream) => stream.telephoneEvent.length > 0)
    ? []
    : [{ text: 'telephone-event (DTMF), which the refusal does not list' }];
}

function unusualProfile(audio: MediaStream): readonly Conspicuous[] {
  const { keying, feedback, ice } = profileOf(audio);
  if (keying !== 'none')
    return [{ text: `encryption (${profileText(audio)})`, remedy: withoutEncryption(audio) }];
  return [
    ...(feedback
      ? [{ text: `feedback (${audio.profile})`, remedy: { kind: 'feedback', on: false } as const }]
      : []),
    ...(ice ? [{ text: 'ICE', remedy: { kind: 'ice', on: false } as const }] : []),
  ];
}

function unusualAudio(audio: MediaStream): readonly Conspicuous[] {
  const found: Conspicuous[] = [];
  if (audio.direction !== undefined)
    found.push({ text: `audio that is ${audio.direction}, as of a call on hold` });
  if (audio.ptime !== undefined && audio.ptime !== 20)
    found.push({ text: `packets of ${audio.ptime} ms` });
  if (audio.codecs.length >= MANY_CODECS) found.push({ text: `${audio.codecs.length} codecs` });
  if (audio.codecs.length === 0) found.push({ text: 'no codec at all' });
  if (audio.telephoneEvent.length === 0) found.push({ text: 'no telephone-event (DTMF)' });
  return found;
}
