const ALWAYS = 'every event';
const OWN = '`failed`, `mailbox-missing`, a planned step';

/** Variables of leg A that make up a handover. `docs/architecture.md` is generated from it. */
export const VARIABLES = [
  { name: 'crankback_contract', sentWith: ALWAYS, holds: 'the version of this contract' },
  {
    name: 'crankback_asked',
    sentWith: 'every event, no planned step',
    holds: 'a UUID that names this handover; the answer brings it back',
  },
  {
    name: 'crankback_proof',
    sentWith: 'every event, no planned step',
    holds: 'MD5 of `secret/Unique-ID/state`, see `crankback_secret`',
  },
  {
    name: 'crankback_event',
    sentWith: ALWAYS,
    holds: 'the event; `failed` with a planned step',
  },
  {
    name: 'crankback_number',
    sentWith: ALWAYS,
    holds: 'the number that the call is for, `0-9A-D*#+`, 32 at most; empty with `invalid-number`',
  },
  { name: 'crankback_state', sentWith: ALWAYS, holds: "the call's own memory, see below" },
  {
    name: 'crankback_mailbox',
    sentWith: ALWAYS,
    holds: "the callee's mailbox as the user's dialplan set it; absent: not set",
  },
  {
    name: 'crankback_context',
    sentWith: ALWAYS,
    holds: "the user's context that the call came from, as their dialplan set it",
  },
  {
    name: 'effective_caller_id_number',
    sentWith: ALWAYS,
    holds:
      "the number that is shown where the user's dialplan has set one; otherwise leg A's `Caller-ID`",
  },
  {
    name: 'effective_caller_id_name',
    sentWith: 'every event, no planned step',
    holds: 'the name that is shown, as the number; one that sofia cannot send is not sent',
  },
  {
    name: 'sip_h_Diversion',
    sentWith: ALWAYS,
    holds: "leg A's header; its first number diverted the call here",
  },
  {
    name: 'crankback_raw',
    sentWith: '`invalid-number`',
    holds: 'what the caller sent, percent-encoded; 64 characters of it are read',
  },
  { name: 'crankback_trunk', sentWith: OWN, holds: 'the trunk of the attempt' },
  { name: 'crankback_leg', sentWith: OWN, holds: 'names the attempt, on leg A and on each leg B' },
  {
    name: 'crankback_dialled',
    sentWith: OWN,
    holds: 'when `bridge` began, microseconds since the Unix epoch',
  },
  { name: 'crankback_rang', sentWith: OWN, holds: '`1`: this leg rang' },
  {
    name: 'crankback_planned',
    sentWith: '`failed`',
    holds: '`1`: a planned step came before; an event reports it',
  },
  { name: 'crankback_sip', sentWith: 'a planned step', holds: 'the status that the step follows' },
  {
    name: 'crankback_progress',
    sentWith: 'a planned step',
    holds: '`a`: after progress (ringing or early media), `b`: before it',
  },
] as const;

export type ContractVariable = (typeof VARIABLES)[number]['name'];
