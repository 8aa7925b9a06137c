import { VARIABLES as CONTRACT, type ContractVariable } from '../handover/contract-variables';

/** Headers of messages, events and channel data that are read. */
const HEADERS = [
  'Content-Type',
  'Content-Length',
  'Reply-Text',
  'Event-Name',
  'Event-Subclass',
  'Event-Date-Timestamp',
  'Unique-ID',
  'Channel-Name',
  'Call-Direction',
  'Answer-State',
  'Hangup-Cause',
  'Caller-Caller-ID-Name',
  'Caller-Caller-ID-Number',
  'Caller-Destination-Number',
  'Caller-Dialplan',
  'Caller-Channel-Created-Time',
  'Caller-Channel-Progress-Time',
  'Caller-Channel-Progress-Media-Time',
  'Caller-Channel-Answered-Time',
  'Caller-Channel-Hangup-Time',
  'Other-Leg-Channel-Name',
  'Other-Leg-Destination-Number',
  'Other-Leg-Caller-ID-Number',
  'Other-Leg-Context',
  // Of sofia::gateway_state.
  'Gateway',
  'Status',
] as const;

/** Channel variables that are read besides those of the contract. */
const VARIABLES = [
  'crankback_delay',
  'crankback_dial',
  'crankback_next',
  'crankback_ours',
  'crankback_probe',
  'dialed_domain',
  'dialed_group',
  'dialed_user',
  'last_arg',
  'last_bridge_hangup_cause',
  'last_bridge_proto_specific_hangup_cause',
  'loopback_app',
  'originate_disposition',
  'originated_legs',
  'originator',
  'other_loopback_leg_uuid',
  'proto_specific_hangup_cause',
  'rtp_local_sdp_str',
  'sip_call_id',
  'sip_gateway_name',
  'sip_hangup_disposition',
  'sip_invite_failure_phrase',
  'sip_invite_failure_status',
  'sip_network_port',
  'sip_reason',
  'sip_reply_host',
  'sip_term_status',
] as const;

export type VariableName = (typeof VARIABLES)[number] | ContractVariable;
export type HeaderName = (typeof HEADERS)[number] | `variable_${VariableName}`;

const NAMES: ReadonlyMap<string, HeaderName> = new Map(
  [
    ...HEADERS,
    ...[...VARIABLES, ...CONTRACT.map(({ name }) => name)].map(
      (name) => `variable_${name}` as const,
    ),
  ].map((name) => [name, name]),
);

/** Length and last letter of each: hardly another name has both, and so needs no looking up. */
const ENDS: ReadonlySet<number> = new Set(
  [...NAMES.keys()].map((name) => endOf(name, 0, name.length)),
);

function endOf(text: string, start: number, end: number): number {
  return (end - start) * 256 + text.charCodeAt(end - 1);
}

/** The name that stands there in a text; undefined for one that nobody reads. */
export function headerAt(text: string, start: number, end: number): HeaderName | undefined {
  return ENDS.has(endOf(text, start, end)) ? NAMES.get(text.slice(start, end)) : undefined;
}

/** The name as a header that is read; undefined for any other one. */
export function headerNamed(name: string): HeaderName | undefined {
  return NAMES.get(name);
}
