import { parseSdp } from '../../../src/codecs/sdp';
import type { Evidence, Reason } from '../../../src/model/failure';
import { readReasons } from '../../../src/normalize/reason-header';
import { meaningOf, numberOf } from '../../../src/explain/pbx/freeswitch';
import { finalStatus, timeOf, variable, type ChannelData } from '../esl/channel-data';

/** Q.850 23, redirection to new destination: a 3xx with an unknown status. */
const REDIRECTED_CAUSE = 23;
/** The status of a leg that we or the caller cancelled. */
const CANCELLED_STATUS = 487;
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
  return dialplan.sip === undefined ? [events, dialplan] : [dialplan, events];
}

/** Evidence from CHANNEL_HANGUP_COMPLETE of an unanswered leg B. */
export function fromLeg(leg: ChannelData): Evidence {
  const source = 'channel-events';
  const progress = progressOf(leg, 0);
  const sip = finalStatus(variable(leg, 'sip_term_status'));
  if (sip === undefined) {
    const status = finalStatus(variable(leg, 'proto_specific_hangup_cause'));
    return withoutResponse(source, leg['Hangup-Cause'] ?? '', status, progress);
  }
  if (isLocallyGenerated(leg)) {
    return { source, ...progress, origin: sip === TIMER_B_STATUS ? 'no-response' : 'local' };
  }
  const sdp = variable(leg, 'rtp_local_sdp_str');
  const offer = sdp === undefined ? undefined : parseSdp(sdp);
  return { source, ...progress, ...answerOf(leg, sip), origin: 'far', ...(offer && { offer }) };
}

/** Evidence from leg A's channel data after a bridge that was not answered. */
export function fromChannelData(data: ChannelData, startedAt: number): Evidence {
  const source = 'dialplan';
  const progress = progressOf(data, startedAt);
  const cause = causeOf(data);
  const meaning = meaningOf(cause).kind;
  const sip = finalStatus(variable(data, 'sip_invite_failure_status'));
  // 487 with the phrase CANCEL is sofia's note of its own CANCEL.
  if (sip === undefined || meaning === 'cancelled' || meaning === 'timeout') {
    const status = finalStatus(variable(data, 'last_bridge_proto_specific_hangup_cause'));
    return withoutResponse(source, cause, status, progress);
  }
  return { source, ...progress, ...answerOf(data, sip), origin: 'far' };
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

type Answer = Pick<Evidence, 'sip' | 'phrase' | 'reasons' | 'q850'>;

/** A response of the far side. Its cause counts only if it came in a Reason header. */
function answerOf(data: ChannelData, sip: number): Answer {
  const phrase = variable(data, 'sip_invite_failure_phrase');
  const reasons = reasonsOf(data);
  const q850 = reasons.find(({ protocol }) => protocol === 'Q.850')?.cause;
  return {
    sip,
    ...(phrase !== undefined && { phrase }),
    ...(reasons.length > 0 && { reasons }),
    ...(q850 !== undefined && { q850 }),
  };
}

/**
 * The Reason header, which sofia leaves on leg A too. There it may come from an earlier attempt or from the
 * caller's own INVITE, so a Q.850 value counts only if it became the hangup cause.
 */
function reasonsOf(data: ChannelData): readonly Reason[] {
  const header = variable(data, 'sip_reason');
  if (header === undefined) return [];
  const reasons = readReasons(header);
  const number = numberOf(data['Hangup-Cause'] ?? causeOf(data));
  const stale = reasons.some(
    ({ protocol, cause }) => protocol === 'Q.850' && cause !== undefined && cause !== number,
  );
  return stale ? [] : reasons;
}

/** A leg that ended without a response of the far side, or with only a 3xx. */
function withoutResponse(
  source: string,
  cause: string,
  status: number | undefined,
  progress: Progress,
): Evidence {
  const common = { source, ...progress };
  // outbound_redirect_fatal: the leg ends as if no channel had been available.
  const fatal = cause === 'REQUESTED_CHAN_UNAVAIL' && status !== undefined && status < 400;
  if (fatal) return { ...common, sip: status, q850: REDIRECTED_CAUSE, origin: 'far' };
  const meaning = meaningOf(cause);
  switch (meaning.kind) {
    case 'cancelled':
      return { ...common, sip: CANCELLED_STATUS, origin: 'ours' };
    case 'timeout':
      return { ...common, origin: 'no-response' };
    case 'local':
      return { ...common, origin: 'local' };
    case 'redirected':
      return { ...common, q850: REDIRECTED_CAUSE, origin: 'far' };
    case 'status':
      return { ...common, sip: meaning.sip, origin: 'far' };
    case 'cause':
      return { ...common, q850: meaning.q850, origin: 'far' };
    case 'nothing':
      return { ...common, origin: 'far' };
  }
}
