import { parseSdp } from '../codecs/sdp';
import type { Evidence, SentBody, SubAttempt } from '../model/failure';
import type { MediaDescription } from '../model/media';
import { mayBeOfBody } from '../normalize/body-type';
import { earlier, type Transaction } from './transaction';

/** What the INVITEs of one attempt came to. */
export type AttemptSip =
  /** The last INVITE was refused. */
  | { readonly kind: 'failed'; readonly evidence: Evidence }
  /** An INVITE was answered with a 2xx, whatever the others got. */
  | { readonly kind: 'answered'; readonly subAttempts: readonly SubAttempt[] }
  /**
   * No final response to the last INVITE has been seen; the evidence has no status. `sentAfterMs`: when it was sent,
   * in milliseconds after the first INVITE; 0 without times.
   */
  | { readonly kind: 'unfinished'; readonly evidence: Evidence; readonly sentAfterMs: number };

/** In the order of sending: one client increases its CSeq (RFC 3261 8.1.1.5). */
export function inOrder<T extends Transaction>(transactions: readonly T[]): readonly T[] {
  return transactions.toSorted(
    (a, b) => a.invite.cseq - b.invite.cseq || (a.sentAt ?? 0) - (b.sentAt ?? 0),
  );
}

/** The decisive transaction: the last one, unless an earlier one was answered. */
export function decisive<T extends Transaction>(transactions: readonly T[]): T | undefined {
  const ordered = inOrder(transactions);
  return ordered.find((one) => one.answered) ?? ordered.at(-1);
}

/** Evidence from the INVITEs of one attempt (401, 407, 422, SRV hosts); undefined without any. */
export function attemptSip(transactions: readonly Transaction[]): AttemptSip | undefined {
  const deciding = decisive(transactions);
  if (!deciding) return undefined;
  const subAttempts = inOrder(transactions)
    .filter((one) => one !== deciding)
    .map(subAttempt);
  if (deciding.answered) return { kind: 'answered', subAttempts };
  const evidence = describe(deciding, subAttempts);
  if (deciding.final) return { kind: 'failed', evidence };
  const first = transactions.map(({ sentAt }) => sentAt).reduce(earlier, undefined);
  return { kind: 'unfinished', evidence, sentAfterMs: elapsed(first, deciding.sentAt) ?? 0 };
}

function describe(one: Transaction, subAttempts: readonly SubAttempt[]): Evidence {
  const { final, sentAt, firstResponseAt } = one;
  const { transport, offer, farEnd } = one.invite;
  const rang = one.provisional.some(({ sip }) => sip === 180 || sip === 181);
  const progress = one.provisional.some(({ sip }) => sip >= 180);
  const origin = originOf(one);
  const media = one.provisional.find(({ sip, sdp }) => sip > 100 && sdp);
  const firstResponseMs = elapsed(sentAt, firstResponseAt);
  const failedAfterMs = elapsed(sentAt, final?.at);
  const earlyMediaMs = elapsed(media?.at, final?.at);
  const evidence: Evidence = {
    source: 'hep',
    rang,
    progress,
    origin,
    ...(farEnd !== undefined && { farEnd }),
    provisional: one.provisional.map(({ at, ...response }) => {
      const afterMs = elapsed(sentAt, at);
      return { ...response, ...(afterMs !== undefined && { afterMs }) };
    }),
    ...(final &&
      (origin === 'ours' ? { statusLine: final.statusLine } : about(final, one.invite.body))),
    ...(earlyMediaMs !== undefined && { earlyMediaMs }),
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
    headers: final.lines,
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

function subAttempt({ final, invite: { farEnd } }: Transaction): SubAttempt {
  return {
    ...(farEnd !== undefined && { farEnd }),
    ...(final && { sip: final.status, phrase: final.phrase }),
  };
}

/** Never below 0, because a PBX may give a request a later time than its response. Unknown without both times. */
function elapsed(from: number | undefined, to: number | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.round((to - from) * 1000) / 1000);
}
