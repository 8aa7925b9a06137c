// Own reader: tshark's text is for people, and no package reads it back.
import type { Remarks, TracedMessage } from './trace';

const FRAME = /^Frame \d+: \d+ bytes/;
const EPOCH = /^ +Epoch (?:Arrival )?Time: (\d{1,12})(\.\d{1,9})?/;
const ADDRESSES = /^Internet Protocol Version [46], Src: \S+, Dst: (\S+)/;
const PORTS = /^(?:User Datagram|Transmission Control) Protocol, Src Port: \d+, Dst Port: (\d+)/;
const SIP = /^Session Initiation Protocol(?: \((?!.*Unknown)[^)]*\))?\s*$/;
const START = /^ {4}(?:Request-Line|Status-Line): (.*)$/;
/** `Session Name (s): -` and the like: a line of the description with its letter. */
const SDP_LINE = /^ +[A-Z][^():]{2,60} \(([a-z])\): ?(.*)$/;
/** `Content-Type: application/sdp\r\n\r\n`: the head of a part, whose line ends are written out. */
const PART = /^ +Encapsulated multipart part:/;
const PART_TYPE = /^ +Content-Type: (.*?)(?:\\r\\n)*$/i;

/** Whether a text is what `tshark -V` or `tshark -O sip,sdp` prints. */
export function isTsharkTree(text: string): boolean {
  return /^Frame \d+: \d+ bytes/m.test(text) && /^Session Initiation Protocol/m.test(text);
}

/** Puts messages together again from what tshark prints of them, field by field. */
export function readTsharkTree(text: string, remarks: Remarks): readonly TracedMessage[] {
  const messages: TracedMessage[] = [];
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  let at: number | undefined;
  let [address, port] = ['', ''];
  for (const [index, line] of lines.entries()) {
    if (FRAME.test(line)) {
      at = undefined;
      [address, port] = ['', ''];
    }
    const [, whole, part = ''] = EPOCH.exec(line) ?? [];
    if (whole !== undefined) at = Number(whole) * 1000 + Number(`0${part}`) * 1000;
    address = ADDRESSES.exec(line)?.[1] ?? address;
    port = PORTS.exec(line)?.[1] ?? port;
    if (!SIP.test(line)) continue;
    const payload = payloadOf(below(lines, index), index + 1, remarks);
    if (!payload) continue;
    const destination =
      address === '' ? '' : `${address.includes(':') ? `[${address}]` : address}:${port}`;
    messages.push({
      payload,
      line: index + 1,
      ...(at !== undefined && { at }),
      ...(destination !== '' && { destination }),
    });
  }
  return messages;
}

/** The indented lines that follow. */
function below(lines: readonly string[], index: number): readonly string[] {
  let end = index + 1;
  while (end < lines.length && /^ /.test(lines[end] ?? '')) end++;
  return lines.slice(index + 1, end);
}

/** One message, from the lines below `Session Initiation Protocol`. */
function payloadOf(lines: readonly string[], line: number, remarks: Remarks): Buffer | undefined {
  const start = lines.map((one) => START.exec(one)?.[1]).find((one) => one !== undefined);
  if (start === undefined) return undefined;
  const headers: string[] = [];
  const body: string[] = [];
  const parts: string[] = [];
  let where: 'start' | 'header' | 'body' = 'start';
  for (const one of lines) {
    if (/^ {4}Message Header\s*$/.test(one)) where = 'header';
    else if (/^ {4}Message Body\s*$/.test(one)) where = 'body';
    else if (where === 'header') headers.push(...headerIn(one));
    else if (where === 'body') {
      const [, letter, value = ''] = SDP_LINE.exec(one) ?? [];
      if (letter !== undefined) body.push(`${letter}=${value}`);
      else if (PART.test(one)) parts.push('');
      else if (parts.at(-1) === '') parts[parts.length - 1] = PART_TYPE.exec(one)?.[1] ?? '';
    }
  }
  const kept = headers.filter((header) => !/^(?:content-length|l)[ \t]*:/i.test(header));
  const isSdp = headers.some((header) =>
    /^(?:content-type|c)[ \t]*:[ \t]*application\/sdp/i.test(header),
  );
  if (isSdp && body.length === 0) remarks.add(line, 'no-sdp-in-export');
  return Buffer.from([start, ...kept, '', bodyText(headers, body, parts)].join('\r\n'), 'latin1');
}

/** A header field; tshark marks one that it has cut. */
function headerIn(line: string): readonly string[] {
  const [, field] = /^ {8}(?:\[truncated\] ?)?([^\s[].*)$/.exec(line) ?? [];
  return field === undefined ? [] : [field.replace(/ \[(?:truncated|\u2026|\xe2\x80\xa6)\]:/, ':')];
}

/** A multipart body has its parts' types again, and the session description in its place. */
function bodyText(
  headers: readonly string[],
  sdp: readonly string[],
  parts: readonly string[],
): string {
  const description = sdp.map((one) => `${one}\r\n`).join('');
  const boundary = headers
    .map((header) => /^(?:content-type|c)[ \t]*:.*boundary="?([^";\s]{1,70})/i.exec(header)?.[1])
    .find((one) => one !== undefined);
  if (boundary === undefined || parts.length === 0) return description;
  const written = parts.map(
    (type) =>
      `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${/^application\/sdp/i.test(type) ? description : '\r\n'}\r\n`,
  );
  return `${written.join('')}--${boundary}--\r\n`;
}
