/** When a message was on the wire, and where it went; as far as a text says so. */
export interface Stamp {
  readonly at?: number;
  readonly destination?: string;
}

const PLACE = String.raw`\[?[0-9A-Fa-f.:]{3,45}\]?[:.]\d{1,5}`;
/** sngrep: `2026/11/27 23:12:01.123456 192.0.2.1:5060 -> 198.51.100.7:5060`; ngrep writes a `U` before it. */
const SNGREP = new RegExp(
  String.raw`^(?:[UT] )?(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\d* (${PLACE}) -> (${PLACE})(?: |$)`,
);
/** Asterisk, `pjsip set logger on`. */
const ASTERISK =
  /^<--- (?:Transmitting|Received) SIP (?:request|response) \(\d+ bytes\) (to|from) \w+:(\S+) --->$/;
/** FreeSWITCH, `sofia global siptrace on`; its messages are indented, between two dashed lines. */
const FREESWITCH = /^(send|recv) \d+ bytes (?:to|from) \w+\/(\S+) at /;

/** The line that a tool writes before a message; undefined for any other line. */
export function stampIn(line: string): Stamp | undefined {
  const text = line.trim();
  const [, year, month, day, hour, minute, second, part = '', , to] = SNGREP.exec(text) ?? [];
  if (to !== undefined) {
    const whole = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    return { at: whole + Number(part.padEnd(6, '0')) / 1000, destination: to };
  }
  const [, way, place] = ASTERISK.exec(text) ?? FREESWITCH.exec(text) ?? [];
  if (place === undefined) return undefined;
  return way === 'to' || way === 'send' ? { destination: place } : {};
}
