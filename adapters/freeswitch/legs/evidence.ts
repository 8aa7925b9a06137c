import { parseSdp } from '../../../src/codecs/sdp';
import type { Evidence, Reason } from '../../../src/model/failure';
import { readReasons } from '../../../src/normalize/reason-header';
import {
  CANCELLED_STATUS,
  freeswitchOf,
  meaningOf,
  numberOf,
  withoutResponse,
} from '../../../src/explain/pbx/freeswitch';
import { finalStatus, timeOf, variable, type ChannelData } from '../esl/channel-data';

/** sofia's locally generated status if no response has come. */
const TIMER_B_STATUS = 408;

/**
 * Evidence from the bridge's result in leg A's channel data, completed and corrected by leg B's own end.
 * Most trusted first.
 * @param leg CHANNEL_HANGUP_COMPLETE of leg B, if an observer saw it
 * @param startedAt start of the bridge, Unix time in milliseconds by FreeSWITCH's clock
 */
export function evidenceOf(
  data: ChannelData,
  leg: ChannelData | undefined,
  startedAt: number,
): Evidence[] {
  const dialplan = fromChannelData(data, startedAt);
  if (!leg) return [dialplan];
  const events = fromLeg(leg);
  // Leg A does not show a locally generated status; leg B does, and it had no other.
  if (events.sip === undefined && events.origin !== 'far') return [events];
  if (dialplan.sip !== undefined) return [dialplan, events];
  // Without a status leg B's own end counts before what leg A has kept of it.
  const { rang, progress, earlyMediaMs } = dialplan;
  return [
    {
      ...events,
      rang: events.rang || rang,
      progress: events.progress || progress,
      ...(earlyMediaMs !== undefined && { earlyMediaMs }),
    },
  ];
}

/** Evidence from CHANNEL_HANGUP_COMPLETE of an unanswered leg B. */
export function fromLeg(leg: ChannelData): Evidence {
  const end = endOfLeg(leg);
  const isRefused = end.origin === 'far' && termStatusOf(leg) !== undefined;
  const sdp = isRefused ? variable(leg, 'rtp_local_sdp_str') : undefined;
  const offer = sdp === undefined ? undefined : parseSdp(sdp);
  return { source: 'channel-events', ...progressOf(leg, 0), ...end, ...(offer && { offer }) };
}

/** Who ended an unanswered leg B, as in `fromLeg`. */
export function originOf(leg: ChannelData): Evidence['origin'] {
  return endOfLeg(leg).origin;
}

function endOfLeg(leg: ChannelData): ReturnType<typeof withoutResponse> & Partial<Answer> {
  const sip = termStatusOf(leg);
  if (sip === undefined) {
    const status = finalStatus(variable(leg, 'proto_specific_hangup_cause'));
    const cause = leg['Hangup-Cause'] ?? '';
    return endOf(cause, status, leg['Channel-Name'] ?? '');
  }
  if (isLocallyGenerated(leg)) return { origin: sip === TIMER_B_STATUS ? 'no-response' : 'local' };
  return { ...answerOf(leg, sip), origin: 'far' };
}

/** The status that ended the leg, of the far side or of sofia's own. */
function termStatusOf(leg: ChannelData): number | undefined {
  return finalStatus(variable(leg, 'sip_term_status'));
}

/** Evidence from leg A's channel data after a bridge that was not answered. */
export function fromChannelData(data: ChannelData, startedAt: number): Evidence {
  const source = 'dialplan';
  const progress = progressOf(data, startedAt);
  const cause = causeOf(data);
  const meaning = meaningOf(cause).kind;
  const sip = finalStatus(variable(data, 'sip_invite_failure_status'));
  if (sip === undefined || isOurEnd(data, sip, meaning)) {
    const status = finalStatus(variable(data, 'last_bridge_proto_specific_hangup_cause'));
    const dialled = variable(data, 'crankback_dial') ?? variable(data, 'last_arg') ?? '';
    return { source, ...progress, ...endOf(cause, status, dialled) };
  }
  return { source, ...progress, ...answerOf(data, sip), origin: 'far' };
}

/**
 * Whether we or the caller ended the leg. Sofia notes its own CANCEL as 487 with the phrase CANCEL. Any other 487
 * is the far side's own: sofia makes of it the cause of a caller who has left, but here the caller waits for us.
 */
function isOurEnd(data: ChannelData, sip: number, meaning: string): boolean {
  if (meaning === 'timeout') return true;
  if (meaning !== 'cancelled') return false;
  return sip !== CANCELLED_STATUS || variable(data, 'sip_invite_failure_phrase') === 'CANCEL';
}

/** After early media `originate_disposition` is SUCCESS, and only the bridge has the end's cause. */
function causeOf(data: ChannelData): string {
  const bridged = variable(data, 'last_bridge_hangup_cause') ?? '';
  const originated = variable(data, 'originate_disposition') ?? '';
  // Sofia reports a redirect as our own cancelling of the redirected leg.
  if (bridged === 'REDIRECTION_TO_NEW_DESTINATION') return bridged;
  return originated === 'SUCCESS' ? bridged : originated;
}

/** Whether sofia generated the response locally: it then has no source address. */
function isLocallyGenerated(leg: ChannelData): boolean {
  return variable(leg, 'sip_network_port') === '0' && !variable(leg, 'sip_reply_host');
}

interface Progress {
  readonly rang: boolean;
  readonly progress: boolean;
  readonly failedAfterMs?: number;
  readonly earlyMediaMs?: number;
}

/** Leg A keeps the progress of earlier attempts, so progress before this attempt does not count. */
function progressOf(data: ChannelData, since: number): Progress {
  const rangAt = timeOf(data, 'Progress');
  const mediaAt = timeOf(data, 'Progress-Media');
  const rang = rangAt !== undefined && rangAt >= since;
  const media = mediaAt !== undefined && mediaAt >= since ? mediaAt : undefined;
  const endedAt = timeOf(data, 'Hangup') ?? timestampOf(data);
  const beganAt = since > 0 ? since : timeOf(data, 'Created');
  return {
    rang,
    progress: rang || media !== undefined,
    ...(beganAt !== undefined &&
      endedAt !== undefined && { failedAfterMs: Math.max(0, Math.round(endedAt - beganAt)) }),
    ...(media !== undefined &&
      endedAt !== undefined && { earlyMediaMs: Math.max(0, Math.round(endedAt - media)) }),
  };
}

function timestampOf(data: ChannelData): number | undefined {
  const microseconds = Number(data['Event-Date-Timestamp']);
  return microseconds > 0 ? microseconds / 1000 : undefined;
}

type Answer = Pick<Evidence, 'sip' | 'phrase' | 'reasons'>;

/** A response of the far side. Its cause counts only if it came in a Reason header. */
function answerOf(data: ChannelData, sip: number): Answer {
  const phrase = variable(data, 'sip_invite_failure_phrase');
  const reasons = reasonsOf(data, sip);
  return {
    sip,
    ...(phrase !== undefined && { phrase }),
    ...(reasons.length > 0 && { reasons }),
  };
}

/**
 * The Reason header, which sofia leaves on leg A too. There it may come from an earlier attempt or from the
 * caller's own INVITE, so its Q.850 values count only if one of them became the hangup cause.
 */
function reasonsOf(data: ChannelData, sip: number): readonly Reason[] {
  const header = variable(data, 'sip_reason');
  if (header === undefined) return reasonOfCause(data, sip);
  const reasons = readReasons(header);
  const number = numberOf(data['Hangup-Cause'] ?? causeOf(data));
  const causes = reasons.flatMap(({ protocol, cause }) =>
    protocol === 'Q.850' && cause !== undefined ? [cause] : [],
  );
  const stale = causes.length > 0 && !causes.some((cause) => cause === number);
  return stale ? [] : reasons;
}

/**
 * Before 1.11.1 sofia keeps no Reason header of a refusal, but its Q.850 value becomes the hangup cause. A cause that sofia
 * does not make of the status has come so. Leg B's own end alone has status and cause of the same response, and a
 * 487 may answer our own CANCEL, whose cause is ours.
 */
function reasonOfCause(data: ChannelData, sip: number): readonly Reason[] {
  const cause = numberOf(data['Hangup-Cause'] ?? '');
  const refused = variable(data, 'sip_hangup_disposition') === 'recv_refuse';
  if (cause === undefined || cause > LAST_Q850 || !refused || sip === CANCELLED_STATUS) return [];
  return cause === freeswitchOf(sip).number ? [] : [{ protocol: 'Q.850', cause }];
}

/** FreeSWITCH's own causes have higher numbers. */
const LAST_Q850 = 127;

/** Technologies that carry Q.850 causes on the wire, in a channel's name or a dial string. */
const CARRIES_CAUSES = /(?:^|[\]},|:])(?:freetdm|openzap|khomp|h323|opal)\//i;

/**
 * A leg that ended without a response of the far side, or with only a 3xx.
 * @param by channel name or dial string
 */
function endOf(
  cause: string,
  status: number | undefined,
  by: string,
): ReturnType<typeof withoutResponse> {
  // outbound_redirect_fatal: the leg ends as if no channel had been available.
  const fatal = cause === 'REQUESTED_CHAN_UNAVAIL' && status !== undefined && status < 400;
  if (fatal) return { sip: status, origin: 'far' };
  return withoutResponse(cause, CARRIES_CAUSES.test(by));
}
