import type { CodecMismatch } from '../codecs/mismatch';

/** Of every line. */
const OF_LINE = {
  timestamp: 'When it happened, RFC 3339 in UTC, not when it was written.',
  level: '`error`, `warn`, `info`, `debug`.',
  message: 'What happened: one of the list below.',
  finding: 'Code of what is wrong, `CB3101`: [findings](findings.md).',
};

const OF_CALL = {
  pbx: '`asterisk` or `freeswitch`.',
  hunt: 'Names the call: `crankback why HUNT`.',
  call: 'Names a call that was only observed.',
  leg: 'The PBX’s name of a leg.',
  number: 'The number that the call is for; masked with `CRANKBACK_MASK_NUMBERS`.',
  trunk: 'Name in the policy; of an observed attempt that of the far end.',
  outcome: 'What was decided: `dial carrier-b`, `relay 486`.',
  rule: 'File and line of the rule that matched.',
  why: 'A sentence for people.',
  refused: 'Refusals of the policy that the decision met.',
  passed_over: 'Trunks that were skipped, each with the reason.',
  degraded: '`relay-degraded`: the caller gets the status in a poorer form.',
  planned: 'The PBX went on by a plan; in `plan mismatch`: what the plan said.',
  decided: 'In `plan mismatch`: what the policy says.',
  alert: 'Name of an alert in the policy; of an incident its kind.',
  seconds: 'How long a trunk is held.',
  place: 'Where in the dialplan a call took the fallback.',
  did: 'What the dialplan did; what an operator did.',
  would: 'What the policy would have done.',
  waited_ms: 'How long the caller had waited. Milliseconds.',
  observed: 'An attempt of the user’s own dialplan.',
  answered: 'The callee answered.',
  ms: 'From dialling to the end or the answer. Milliseconds.',
  codecs: 'A learned offer, in order.',
  hours: 'How long it counts.',
};

const OF_FAILURE = {
  sip: 'Final status; absent: none came.',
  phrase: 'Its phrase, as the carrier sent it.',
  q850: 'Q.850 cause.',
  location: 'Its location (RFC 8606).',
  class: 'Failure class: [the policy](policy.md).',
  fault: 'Whose fault it is.',
  list: 'Whose list of phrases or statuses gave the class.',
  rang: 'The callee’s phone rang.',
  reasons: 'Reason headers as sent.',
  redressUrl: 'Where to complain about a block.',
  redressPhone: 'The same by telephone.',
  otherLegs: 'What other phones of the attempt said.',
  earlier: 'INVITEs of the attempt that were followed by another: 407, 422, the next SRV host.',
};

const OF_MISMATCH: Readonly<Record<Exclude<keyof CodecMismatch, keyof typeof OF_CALL>, string>> = {
  refusedWith: 'Status and phrase of a refusal of our media.',
  offered: 'Our codecs in order.',
  accepts: 'Codecs that the far side accepts.',
  acceptsFrom: 'What says so: `body`, `warning`, `phrase`.',
  common: 'Codecs of both sides.',
  profile: 'Profiles of both sides, where they differ.',
  ptime: 'Packet times of both sides, where they differ.',
  telephoneEvent: 'Whether each side has DTMF events, where they differ.',
  mediaTypes: 'Kinds of stream that the far side does not take.',
  privateAddresses: 'Addresses in our offer that nobody reaches from outside.',
  warnings: 'Warning headers as sent.',
  cause: 'The most telling difference: [causes](hep.md#codec-mismatch-488).',
  configuration: 'The line to change, and where it is.',
  differences: 'Every difference by itself.',
  missing: 'What is not seen without mirrored SIP.',
};

const OF_TRUNK = {
  from: 'Phase before.',
  side: '`local`: this PBX’s own fault holds the trunk.',
  until: 'When a hold, or a time without records, ends.',
  learnt: 'Another instance said so.',
};

const OF_ALERTS = {
  incident: 'Names an incident, as in [what is told of it](alerts.md).',
  course: '`opened`, `changed`, `closed`.',
  severity: '`critical`, `warning`.',
  subject: 'A PBX, a file, or the service itself.',
  receiver: 'Name of a receiver in the policy.',
  answer: 'What it answered, or why it did not.',
};

const OF_SERVICE = {
  version: 'Of crankback, or of the PBX.',
  policy: 'Path of the policy file.',
  hash: 'Of the policy in force.',
  before: 'Hash, or what stood there, before.',
  problems: 'How many problems the file has.',
  problem: 'One of them, with file, line and column.',
  http: 'Where HTTP listens.',
  signal: 'What ends the service.',
  host: 'Where mirrored SIP is received.',
  port: 'The same.',
  password: 'Whether a password is asked for.',
  expected: 'What would be right.',
  collector: 'Another HEP collector, as in `CRANKBACK_HEP_FORWARD`.',
  consumer: 'What could not take a record.',
  event: 'Kind of the record.',
  error: 'Text of an error.',
  file: 'Path of the state file or the journal.',
  setAside: 'Where a damaged file is now.',
  aside: 'The same of the state file.',
  since: 'Begin of a time without records.',
  trunks: 'Names of trunks.',
  remarks: 'What is unusual about the PBX.',
  reason: 'Why a message of the PBX was dropped.',
  what: 'What kind of value it was.',
  lines: 'In `log lines lost`: how many.',
};

/** Every field of the log with what it means, as docs/logs.md has them. */
export const LOG_FIELDS = {
  'every line': OF_LINE,
  'calls and decisions': OF_CALL,
  'a failed attempt': OF_FAILURE,
  'a refusal of our media': OF_MISMATCH,
  'trunk health': OF_TRUNK,
  alerts: OF_ALERTS,
  'the service': OF_SERVICE,
};

type Fields = typeof OF_LINE &
  typeof OF_CALL &
  typeof OF_FAILURE &
  typeof OF_MISMATCH &
  typeof OF_TRUNK &
  typeof OF_ALERTS &
  typeof OF_SERVICE;

/** Fields of one line; no other name is legal. */
export type LogFields = { readonly [Name in keyof Fields]?: unknown };
