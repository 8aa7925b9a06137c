import type { SentBody } from '../model/failure';
import { splitParameters } from '../normalize/header-values';
import { readHead, type Headers } from './sip-message';

/** ISUP beside SDP, with the SDP in multipart/alternative: real messages nest no deeper. */
const DEEPEST = 3;
const MOST_PARTS = 16;
/** A longer session description has no reason that crankback could explain. Bytes. */
const LONGEST_SDP = 16_384;

/** The session description of a message: its body, or the first such part of a multipart body. */
export function sdpOf(headers: Headers, body: Buffer, depth = 0): string | undefined {
  if (body.length === 0 || headers.has('content-encoding')) return undefined;
  const written = headers.get('content-type')?.[0];
  // Some gateways omit the type.
  if (written === undefined) return beginsLikeSdp(body) ? sdpText(body) : undefined;
  if (typeIn(written) === 'application/sdp') return sdpText(body);
  for (const part of partsIn(headers, body, depth)) {
    const sdp = sdpOf(part.headers, part.body, depth + 1);
    if (sdp !== undefined) return sdp;
  }
  return undefined;
}

/** Nearly every INVITE's. */
const PLAIN: SentBody = { types: ['application/sdp'] };

/** The types of a body, and its encoding; undefined without a body or a type. */
export function bodyOf(headers: Headers, body: Buffer): SentBody | undefined {
  if (body.length === 0) return undefined;
  const encoded = headers.has('content-encoding');
  if (!encoded && headers.get('content-type')?.[0] === 'application/sdp') return PLAIN;
  const types = typesOf(headers, body, 0).slice(0, MOST_PARTS);
  if (types.length === 0) return undefined;
  const encoding = headers.get('content-encoding')?.[0]?.trim().toLowerCase();
  return { types, ...(encoding !== undefined && isToken(encoding) && { encoding }) };
}

/** A multipart body's type before those of its parts. */
function typesOf(headers: Headers, body: Buffer, depth: number): string[] {
  const written = headers.get('content-type')?.[0];
  if (written === undefined) return [];
  const type = typeIn(written);
  if (!type.split('/').every(isToken)) return [];
  const parts = partsIn(headers, body, depth);
  return [type, ...parts.flatMap((part) => typesOf(part.headers, part.body, depth + 1))];
}

/** The media type of a Content-Type, in lower case. */
function typeIn(written: string): string {
  return splitParameters(written).value.trim().toLowerCase();
}

interface Part {
  readonly headers: Headers;
  readonly body: Buffer;
}

/** The parts of a multipart body; none of any other. */
function partsIn(headers: Headers, body: Buffer, depth: number): readonly Part[] {
  const written = headers.get('content-type')?.[0] ?? '';
  const boundary = splitParameters(written).parameters.get('boundary');
  if (!typeIn(written).startsWith('multipart/') || !boundary || depth >= DEEPEST) return [];
  return partsOf(body, boundary).map((part) => {
    // A part has no start line.
    const { headers: own, bodyAt } = readHead('\u0001\n' + part.toString('latin1'));
    return { headers: own, body: part.subarray(bodyAt - 2) };
  });
}

function isToken(text: string): boolean {
  return /^[A-Za-z0-9.!%*_+`'~-]{1,64}$/.test(text);
}

/** RFC 2046 5.1.1: the parts between the delimiter lines. Linear. */
function partsOf(body: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`, 'utf8');
  const parts: Buffer[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0 && parts.length < MOST_PARTS) {
    const lineEnd = body.indexOf(0x0a, at + delimiter.length);
    const last = body.toString('latin1', at + delimiter.length, at + delimiter.length + 2) === '--';
    if (last || lineEnd < 0) break;
    const next = body.indexOf(delimiter, lineEnd + 1);
    parts.push(body.subarray(lineEnd + 1, next < 0 ? body.length : next));
    at = next;
  }
  return parts;
}

function beginsLikeSdp(body: Buffer): boolean {
  return body.toString('latin1', 0, 3) === 'v=0';
}

function sdpText(body: Buffer): string | undefined {
  return body.length > LONGEST_SDP ? undefined : body.toString('utf8');
}
