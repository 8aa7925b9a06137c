import type { Codec, MediaDescription, MediaStream } from '../model/media';

/** Static payload types of RFC 3551. */
const STATIC: Readonly<Record<string, number>> = {
  ...{ 'PCMU/8000': 0, 'GSM/8000': 3, 'G723/8000': 4, 'PCMA/8000': 8 },
  ...{ 'G722/8000': 9, 'G729/8000': 18 },
};
const PCMU: Codec = { name: 'PCMU', clockRate: 8000 };
const FIRST_DYNAMIC = 102;

/** Lines from `m=` on of an answer with the first of these codecs that the lab's PBX has. */
export function answerSdp(codecs: readonly string[]): readonly string[] {
  const alaw = /^(?:PCMA|alaw)\b/i.test(codecs[0] ?? '');
  return audio([alaw ? { name: 'PCMA', clockRate: 8000 } : PCMU]);
}

/** The same of what a refusal would take. */
export function refusalSdp({ streams }: MediaDescription): readonly string[] {
  return streams.slice(0, 4).flatMap((stream) => lines(stream));
}

function audio(codecs: readonly Codec[]): readonly string[] {
  return lines({
    ...{ type: 'audio', port: 1, profile: 'RTP/AVP', codecs, telephoneEvent: [] },
    encryption: 'none',
  });
}

function lines(stream: MediaStream): readonly string[] {
  const { codecs, telephoneEvent, otherFormats = [], ptime, maxptime, direction } = stream;
  let next = FIRST_DYNAMIC;
  const types = [
    ...codecs.filter(({ name }) => /^[\w.-]{1,32}$/.test(name)).slice(0, 20),
    ...telephoneEvent.slice(0, 4).map((clockRate) => ({ name: 'telephone-event', clockRate })),
  ].map((codec: Codec) => {
    const { name, clockRate, channels } = codec;
    const type = STATIC[`${name.toUpperCase()}/${clockRate}`] ?? next++;
    const map = `${name}/${clockRate}${channels === undefined ? '' : `/${channels}`}`;
    return { type, map: `a=rtpmap:${type} ${map}` };
  });
  const formats = [...types.map(({ type }) => type), ...otherFormats.filter(isToken)];
  const port = stream.port === 0 ? 0 : '[media_port]';
  return [
    `m=${isToken(stream.type) ? stream.type : 'audio'} ${port} ${profileOf(stream)} ${formats.join(' ')}`,
    ...types.map(({ map }) => map),
    ...(ptime === undefined ? [] : [`a=ptime:${ptime}`]),
    ...(maxptime === undefined ? [] : [`a=maxptime:${maxptime}`]),
    ...(direction === undefined ? [] : [`a=${direction}`]),
  ];
}

function profileOf({ profile }: MediaStream): string {
  return profile.split('/').every(isToken) ? profile : 'RTP/AVP';
}

function isToken(text: string): boolean {
  return /^[A-Za-z0-9-]{1,32}$/.test(text);
}
