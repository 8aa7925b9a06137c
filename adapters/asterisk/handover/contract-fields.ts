const ALWAYS = 'every event';
const AFTER_DIAL = '`failed`, `failed-only`, `mailbox-missing`';
const OWN = '`failed`, `mailbox-missing`';

/** The arguments of `Stasis(crankback,<version>,<event>,<name>=<value>,…)` in their order. */
export const FIELDS = [
  {
    name: 'number',
    sentWith: ALWAYS,
    holds: 'the number that the call is for, `0-9A-D*#+`, 32 at most; empty with `invalid-number`',
  },
  { name: 'state', sentWith: ALWAYS, holds: "the call's own memory, see below" },
  {
    name: 'session',
    sentWith: ALWAYS,
    holds:
      'what crankback has published as `CRANKBACK_SESSION`; another one or none: Asterisk has lost what it was told, and is told again before the call is answered',
  },
  {
    name: 'mailbox',
    sentWith: ALWAYS,
    holds: "the callee's mailbox as the user's dialplan set it, percent-encoded; empty: not set",
  },
  { name: 'context', sentWith: ALWAYS, holds: "the user's context that the call came from" },
  {
    name: 'diverting',
    sentWith: ALWAYS,
    holds: 'the number that diverted the call here; empty: the call was not diverted',
  },
  {
    name: 'native',
    sentWith: ALWAYS,
    holds: "leg A's formats by Asterisk's names, `|` between them, the one in use first",
  },
  {
    name: 'raw',
    sentWith: '`invalid-number`',
    holds: 'what the caller sent, 64 characters at most, percent-encoded twice',
  },
  { name: 'trunk', sentWith: OWN, holds: 'the trunk of the attempt' },
  {
    name: 'offer',
    sentWith: OWN,
    holds:
      'the formats that leg B was told to offer, `-` between them; empty: as its endpoint is configured',
  },
  {
    name: 'leg',
    sentWith: AFTER_DIAL,
    holds:
      "leg B's channel name; empty: no leg was made. With `failed-only` once for each leg, `~` for characters that would end the argument",
  },
  { name: 'dialstatus', sentWith: AFTER_DIAL, holds: '`DIALSTATUS`' },
  { name: 'cause', sentWith: AFTER_DIAL, holds: '`HANGUPCAUSE` of leg A, Q.850' },
  { name: 'elapsed_ms', sentWith: OWN, holds: 'from `Dial()` to its end, milliseconds' },
  {
    name: 'ring_ms',
    sentWith: AFTER_DIAL,
    holds: 'from `Dial()` to ringing, milliseconds; empty: it never rang',
  },
  {
    name: 'progress_ms',
    sentWith: AFTER_DIAL,
    holds: 'from `Dial()` to early media, milliseconds; empty: there was none',
  },
  {
    name: 'tech',
    sentWith: AFTER_DIAL,
    holds:
      '`SIP <status> <phrase>`, percent-encoded twice; with `failed-only` behind each `leg`. Empty: nothing came back',
  },
] as const;

export type FieldName = (typeof FIELDS)[number]['name'];

/** The arguments of a report, only by the names of this contract. */
export interface Fields {
  get(name: FieldName): string | undefined;
  has(name: FieldName): boolean;
}
