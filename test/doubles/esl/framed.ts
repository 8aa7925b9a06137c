/** What FreeSWITCH has sent on one connection, one character a byte: whole messages' bodies, and the bytes of one that is not whole yet. */
export function framed(text: string): {
  readonly bodies: readonly string[];
  readonly rest: string;
} {
  const bytes = Buffer.from(text, 'latin1');
  const bodies: string[] = [];
  let at = 0;
  for (;;) {
    const head = bytes.indexOf('\n\n', at);
    const [, length] =
      /Content-Length: (\d+)/.exec(bytes.toString('latin1', at, Math.max(at, head))) ?? [];
    const end = head + 2 + Number(length ?? 0);
    if (head < 0 || end > bytes.length) return { bodies, rest: bytes.toString('latin1', at) };
    bodies.push(bytes.toString('utf8', head + 2, end));
    at = end;
  }
}
