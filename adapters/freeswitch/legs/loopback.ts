import { variable, type ChannelData } from '../esl/channel-data';

/** On the near half of a loopback leg, which we dial: the uuid of its far half, which dials on. */
export const FAR_HALF = 'variable_other_loopback_leg_uuid';

/** What a loopback leg lacks, and the leg that was dialled behind it has. */
export const FROM_INNER = [
  'variable_sip_term_status',
  'variable_proto_specific_hangup_cause',
  'variable_sip_network_port',
  'variable_sip_reply_host',
  'variable_sip_hangup_disposition',
  'variable_sip_invite_failure_phrase',
  'variable_sip_reason',
  'variable_sip_call_id',
  'variable_rtp_local_sdp_str',
] as const;

/** The far half, whose own legs say what ended a leg; undefined for a leg that is no loopback leg. */
export function farHalfOf(leg: ChannelData): string | undefined {
  return leg[FAR_HALF] || undefined;
}

/** A leg to an application of FreeSWITCH itself, such as `loopback/app=voicemail:…` of the vanilla dialplan. */
export function isApplication(leg: ChannelData): boolean {
  return (variable(leg, 'loopback_app') ?? '') !== '';
}

/** A loopback leg with what was said to the last leg behind it, if that is what ended it. */
export function withInner(leg: ChannelData, inner: ChannelData): ChannelData {
  // After another failure the far half has gone on by itself.
  if (inner['Hangup-Cause'] !== leg['Hangup-Cause']) return leg;
  return { ...leg, ...Object.fromEntries(FROM_INNER.map((name) => [name, inner[name]])) };
}
