import { parse } from 'sdp-transform';
import type { MediaDescription } from '../model/media';
import { readStream } from './sdp-stream';

/** No PBX makes a description with more lines, or with a longer line. */
const MOST_LINES = 512;
const LONGEST_LINE = 512;
const MOST_STREAMS = 16;

/** Only lines used below reach the parser, so that its other patterns never see untrusted text. */
const USED =
  /^(?:[vosct]=|m=|a=(?:(?:rtpmap|fmtp|ptime|maxptime|crypto|fingerprint|setup|group|mid|ice-ufrag):|(?:bundle-only|sendonly|recvonly|inactive)$))/;

/**
 * Reads a session description (RFC 8866), even if a carrier has mangled it: parts that cannot be understood
 * are dropped. Never throws; linear in its length.
 * @returns undefined if no media line is left
 */
export function parseSdp(text: string): MediaDescription | undefined {
  const lines = text.split('\n', MOST_LINES).map((line) => line.trimEnd());
  const kept = lines
    .filter((line) => line.length <= LONGEST_LINE && USED.test(line))
    // The parser does not accept a number of ports: `m=audio 4000/2 RTP/AVP 0`.
    .map((line) => line.replace(/^(m=\S+ \d+)\/\d+/, '$1'));
  const session = parse(kept.join('\n'));
  const streams = session.media
    .slice(0, MOST_STREAMS)
    .flatMap((media) => readStream(media, session));
  return streams.length === 0 ? undefined : { streams };
}
