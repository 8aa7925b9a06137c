import { parseSdp } from '../../src/codecs/sdp';
import type { Evidence, SentBody, SubAttempt } from '../../src/model/failure';
import type { MediaDescription } from '../../src/model/media';
import { mayBeOfBody } from '../../src/normalize/body-type';
import type { LegSip } from '../../src/calls/ports';
import type { Leg } from './leg';
import type { Transaction } from './transaction';

/** Evidence from one leg's mirrored SIP; undefined if none of its INVITEs was seen. */
export function evidenceOf(leg: Leg): LegSip | undefined {
  const deciding = leg.last;
  if (!deciding) return undefined;
  const subAttempts = leg
    .inOrder()
    .filter((one) => one !== deciding)
    .map(subAttempt);
  if (deciding.answered) return { kind: 'answered', subAttempts };
  const evidence = describe(deciding, subAttempts);
  if (deciding.final) return { kind: 'failed', evidence };
  const first = Math.min(...leg.transactions.map(({ sentAt }) => sentAt));
  return { kind: 'unfinished', evidence, sentAfterMs: elapsed(first, deciding.sentAt) };
}

function describe(one: Transaction, subAttempts: readonly SubAttempt[]): Evidence {
  const { final, offer, sentAt, firstResponseAt } = one;
  const { transport } = one.sent;
  const rang = one.provisional.some(({ sip }) => sip === 180 || sip === 181);
  const progress = one.provisional.some(({ sip }) => sip >= 180);
  const origin = originOf(one);
  const media = one.provisional.find(({ sip, sdp }) => sip > 100 && sdp);
  const since = (at: number): number => elapsed(sentAt, at);
  const firstResponseMs = firstResponseAt === undefined ? undefined : since(firstResponseAt);
  const failedAfterMs = final && since(final.at);
  const evidence: Evidence = {
    source: 'hep',
    rang,
    progress,
    origin,
    farEnd: one.farEnd,
    provisional: one.provisional.map(({ at, ...response }) => ({
      ...response,
      afterMs: since(at),
    })),
    ...(final &&
      (origin === 'ours' ? { statusLine: final.statusLine } : about(final, one.sentBody))),
    ...(final && media && { earlyMediaMs: elapsed(media.at, final.at) }),
    ...(transport !== undefined && { transport }),
    ...(firstResponseMs !== undefined && { firstResponseMs }),
    ...(failedAfterMs !== undefined && { failedAfterMs }),
    ...(subAttempts.length > 0 && { subAttempts }),
  };
  return offer === undefined ? evidence : withOffer(evidence, offer);
}

/** Parsed only on demand: few failures are about codecs. */
function withOffer(evidence: Evidence, offer: string): Evidence {
  let read: { readonly description: MediaDescription | undefined } | undefined;
  return Object.defineProperty(evidence, 'offer', {
    enumerable: true,
    get: () => (read ??= { description: parseSdp(offer) }).description,
  });
}

function about(
  final: NonNullable<Transaction['final']>,
  sentBody: SentBody | undefined,
): Partial<Evidence> {
  const refusal = final.sdp === undefined ? undefined : parseSdp(final.sdp);
  return {
    sip: final.status,
    phrase: final.phrase,
    statusLine: final.statusLine,
    reasons: final.reasons,
    warnings: final.warnings,
    ...(final.contacts.length > 0 && { contacts: final.contacts }),
    ...(final.retryAfterMs !== undefined && { retryAfterMs: final.retryAfterMs }),
    ...(final.redressUri !== undefined && { redressUri: final.redressUri }),
    ...(refusal && { refusal }),
    // Bodies are the reason for these two alone.
    ...(mayBeOfBody(final.status) && {
      ...(sentBody && { sentBody }),
      ...(final.takenBodies && { takenBodies: final.takenBodies }),
    }),
  };
}

/**
 * A 487 answers our CANCEL and is not the carrier's status, whether the caller left or the PBX's ring
 * time-out ended: SIP does not distinguish these. Without a CANCEL it is the far side's own.
 */
function originOf({ final, cancelled, provisional }: Transaction): Evidence['origin'] {
  if (final) return final.status === 487 && cancelled ? 'ours' : 'far';
  return cancelled && provisional.length > 0 ? 'ours' : 'no-response';
}

function subAttempt({ final, farEnd }: Transaction): SubAttempt {
  return { farEnd, ...(final && { sip: final.status, phrase: final.phrase }) };
}

/** Never below 0, because a PBX may give a request a later time than its response. */
function elapsed(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) * 1000) / 1000);
}
