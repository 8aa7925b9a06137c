import type { LegTimes } from '../model/leg-times';
import { responseText } from '../records/log-fields';
import type { Shown } from '../records/shown';
import type { TracedAttempt } from './attempts';
import type { Attributes, SpanPlan } from './span';

/**
 * An attempt as a span: from the INVITE to the answer or the failure. Pure.
 * @param place 1 for the first attempt of the call
 * @param hunt what stands in where the attempt's own times are not known. Unix time in milliseconds
 * @param shown masks and escapes what others have written
 */
export function attemptSpan(
  attempt: TracedAttempt,
  place: number,
  hunt: { readonly start: number; readonly found: number },
  shown: Shown,
): SpanPlan {
  const { known, decidedAt, failure, failedAt, lateAt } = attempt;
  const legs = [...attempt.legs.values()];
  const times = legs.find((leg) => leg.answeredAt !== undefined) ?? legs[0];
  const invited = legs.map(({ invitedAt }) => invitedAt);
  const start = invited.length > 0 ? Math.min(...invited) : (decidedAt ?? hunt.start);
  const answerAt = answerTimeOf(attempt);
  const gone = failure ? legs.map(({ endedAt = 0 }) => endedAt) : [];
  const end = answerAt ?? (Math.max(0, ...gone) || (failedAt ?? hunt.found));
  const told = shown({
    trunk: attempt.trunk,
    ...(failure?.phrase !== undefined && { phrase: failure.phrase }),
    ...(failure?.reasons && { reasons: failure.reasons }),
    ...(times?.callId !== undefined && { callId: times.callId }),
    ...(times?.far !== undefined && { far: times.far }),
    ...(times?.codecs && { codecs: times.codecs }),
  });
  const said = { ...(failure?.sip !== undefined && { sip: failure.sip }), ...told };
  return {
    // No name of a dialplan's own: names of spans are few.
    name: known ? `attempt ${told.trunk}` : 'attempt',
    kind: 'client',
    start,
    end: Math.max(start, end),
    attributes: {
      'crankback.trunk': told.trunk,
      'crankback.attempt.place': place,
      // What draws the trunks into service graphs.
      ...(known && { 'peer.service': told.trunk }),
      ...(told.callId !== undefined && { 'crankback.sip.call_id': told.callId }),
      ...(told.far !== undefined && farEnd(told.far)),
      ...(told.codecs && { 'crankback.codecs': [...told.codecs] }),
      ...(failure && {
        'error.type': failure.class,
        'crankback.failure.class': failure.class,
        'crankback.failure.fault': failure.fault,
        'crankback.failure.rang': failure.rang,
      }),
      ...(failure?.sip !== undefined && { 'crankback.sip.status': failure.sip }),
      ...(told.phrase !== undefined && { 'crankback.sip.phrase': told.phrase }),
      ...(failure?.q850 !== undefined && { 'crankback.q850': failure.q850 }),
      ...(told.reasons && { 'crankback.sip.reasons': [...told.reasons] }),
    },
    ...(failure && { error: `${responseText(said)} (${failure.class})` }),
    events: [
      ...eventOf('first response', times?.firstResponseAt),
      ...eventOf('ringing', times?.rangAt),
      ...eventOf('answer', answerAt),
      ...eventOf('late answer', lateAt),
    ],
    children: [],
  };
}

/** `192.0.2.1:5060`, `[2001:db8::1]:5060` */
function farEnd(far: string): Attributes {
  const [, address = far, port] = /^\[?(.*?)\]?:(\d{1,5})$/.exec(far) ?? [];
  return {
    'network.peer.address': address,
    ...(port !== undefined && { 'network.peer.port': Number(port) }),
  };
}

function eventOf(name: string, at: number | undefined) {
  return at === undefined ? [] : [{ name, at }];
}

/** By the leg's own times where they are known; undefined where nobody answered. */
export function answerTimeOf({ answeredAt, legs }: TracedAttempt): number | undefined {
  if (answeredAt === undefined) return undefined;
  const times = [...legs.values()].flatMap((leg: LegTimes) => leg.answeredAt ?? []);
  return times.length > 0 ? Math.min(...times) : answeredAt;
}
