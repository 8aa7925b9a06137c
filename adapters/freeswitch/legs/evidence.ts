import { parseSdp } from '../../../src/codecs/sdp';
import type { Evidence, Reason } from '../../../src/model/failure';
import { readReasons } from '../../../src/normalize/reason-header';
import { meaningOf, numberOf } from '../../../src/explain/pbx/freeswitch';
import { finalStatus, timeOf, variable, type ChannelData } from '../esl/channel-data';

/** Q.850 23, redirection to new destination: a 3xx of which the status is not known. */
const REDIRECTED_CAUSE = 23;
/** The status that ends a leg which we or the caller cancelled. */
const CANCELLED_STATUS = 487;
/** What sofia makes up where no response has come. */
const TIMER_B_STATUS = 408;

/**
 * What the bridge's result in leg A's channel data says, with what is missing or distorted in it
 * taken from leg B's own end. Most trusted first.
 * @param leg CHANNEL_HANGUP_COMPLETE of leg B, where an observer saw it
 * @param startedAt when the bridge began, Unix time in milliseconds by FreeSWITCH's clock
 */
export function evidenceOf(
  data: ChannelData,
  leg: ChannelData | undefined,
  startedAt: number,
): Evidence[] {
  const dialplan = fromChannelData(data, startedAt);
  if (!leg) return [dialplan];
  const events = fromLeg(leg);
  // Leg A cannot tell a status that sofia made up; leg B can, and it had none.
  if (events.sip === undefined && events.origin !== 'far') return [events];
  return dialplan.sip === undefined ? [events, dialplan] : [dialplan, events];
}

/** What CHANNEL_HANGUP_COMPLETE of an unanswered leg B says. */
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

/** What leg A's channel data says after a bridge that was not answered. */
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

/** After early media `originate_disposition` says SUCCESS, and only the bridge tells of the end. */
function causeOf(data: ChannelData): string {
  const bridged = variable(data, 'last_bridge_hangup_cause') ?? '';
  const originated = variable(data, 'originate_disposition') ?? '';
  // A redirect is reported as our own cancelling of the leg that was redirected.
  if (bridged === 'REDIRECTION_TO_NEW_DESTINATION') return bridged;
  return originated === 'SUCCESS' ? bridged : originated;
}

/** Sofia makes up a response of its own: one that came from nowhere. */
function isLocallyGenerated(leg: ChannelData): boolean {
  return variable(leg, 'sip_network_port') === '0' && !variable(leg, 'sip_reply_host');
}

interface Progress {
  readonly rang: boolean;
  readonly progress: boolean;
  readonly earlyMediaMs?: number;
}

/** Leg A keeps the progress of earlier attempts, so what is older than this one does not count. */
function progressOf(data: ChannelData, since: number): Progress {
  const rangAt = timeOf(data, 'Progress');
  const mediaAt = timeOf(data, 'Progress-Media');
  const rang = rangAt !== undefined && rangAt >= since;
  const media = mediaAt !== undefined && mediaAt >= since ? mediaAt : undefined;
  const endedAt = timeOf(data, 'Hangup') ?? timestampOf(data);
  return {
    rang,
    progress: rang || media !== undefined,
    ...(media !== undefined &&
      endedAt !== undefined && { earlyMediaMs: Math.max(0, Math.round(endedAt - media)) }),
  };
}

function timestampOf(data: ChannelData): number | undefined {
  const microseconds = Number(data['Event-Date-Timestamp']);
  return microseconds > 0 ? microseconds / 1000 : undefined;
}

type Answer = Pick<Evidence, 'sip' | 'phrase' | 'reasons' | 'q850'>;

/** A response of the far side. Its cause is passed on only where a Reason header brought it. */
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
 * The Reason header, which sofia leaves on leg A too. There it may be the one of an earlier attempt
 * or of the caller's own INVITE: a Q.850 value is believed only where it became the hangup cause.
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

/** A leg that no response of the far side ended, or only a 3xx. */
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
