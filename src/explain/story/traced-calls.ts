import { readContacts } from '../../normalize/contacts';
import { parseSip, type SipMessage } from '../../sip/sip-message';
import { inviteOf, Transaction, type SentInvite } from '../../sip/transaction';
import type { Remark, Trace, TracedMessage } from '../traces/trace';

/** Authentication, session timers, SRV hosts, redirections: a call with more INVITEs is a loop. */
const MOST_INVITES = 64;

/** A response as it stands in the text. */
export interface TracedAnswer {
  readonly line: number;
  readonly status: number;
  readonly phrase: string;
  readonly sdp: boolean;
  /** CSeq of the INVITE that it answers. */
  readonly cseq: number;
}

/** One attempt to set a call up: the INVITEs of one Call-ID outside a dialog, and all their responses. */
export interface TracedCall {
  readonly callId: string;
  /** Where its first message begins. */
  readonly line: number;
  /** Request-URI of the first INVITE; absent if only responses were seen. */
  readonly target?: string;
  /** The number in it. */
  readonly number?: string;
  /** An INVITE inside a call (re-INVITE): a live crankback leaves it to the PBX. */
  readonly inDialog: boolean;
  readonly transactions: readonly Transaction[];
  readonly answers: readonly TracedAnswer[];
  /** When the last response came, otherwise the INVITE. Unix time in milliseconds; absent without times. */
  readonly endedAt?: number;
  /** Some INVITE was sent again: nothing came back in time. */
  readonly repeated: boolean;
}

interface Parsed {
  readonly traced: TracedMessage;
  readonly message: SipMessage;
}

interface Group {
  readonly callId: string;
  readonly inDialog: boolean;
  readonly first: Parsed;
  readonly invites: { readonly parsed: Parsed; readonly transaction: Transaction }[];
  readonly answers: TracedAnswer[];
  endedAt: number | undefined;
  repeated: boolean;
}

/** The calls of a trace, in the order of their first messages, and the messages that cannot be read. */
export function callsIn({ messages }: Trace): {
  readonly calls: readonly TracedCall[];
  readonly remarks: readonly Remark[];
} {
  const remarks: Remark[] = [];
  const parsed = messages.flatMap((traced): Parsed[] => {
    const message = parseSip(traced.payload);
    if (message) return [{ traced, message }];
    remarks.push({ line: traced.line, kind: 'unreadable', values: {} });
    return [];
  });
  const setups = parsed.filter(({ message }) => isSetup(message));
  const byCallId = new Map<string, Parsed[]>();
  for (const one of setups) {
    const known = byCallId.get(one.message.callId);
    if (known) known.push(one);
    else byCallId.set(one.message.callId, [one]);
  }
  return { calls: [...byCallId.values()].flatMap((own) => callOf(own) ?? []), remarks };
}

function isSetup({ method, cseqMethod }: SipMessage): boolean {
  if (method === undefined) return cseqMethod === 'INVITE';
  return /^(?:INVITE|CANCEL)$/i.test(method);
}

/** Requests first: somebody may have pasted the response before its INVITE. */
function callOf(own: readonly Parsed[]): TracedCall | undefined {
  const requests = own.filter(({ message }) => message.method !== undefined);
  const inDialog = requests.length > 0 && !requests.some(isInitial);
  const [first] = own;
  if (!first) return undefined;
  const group: Group = {
    callId: first.message.callId,
    inDialog,
    first,
    invites: [],
    answers: [],
    endedAt: first.traced.at,
    repeated: false,
  };
  for (const one of requests) {
    if (one.message.method?.toUpperCase() === 'CANCEL') cancel(group, one);
    else if (inDialog || isInitial(one)) begin(group, one);
  }
  // A re-INVITE's own CSeq: its responses are no responses to the call.
  const foreign = new Set(inDialog ? [] : requests.filter(isReInvite).map(transactionOf));
  for (const one of own) {
    const { status } = one.message;
    if (status === undefined) continue;
    if (foreign.has(transactionOf(one))) continue;
    answer(group, one, status);
  }
  return group.invites.length === 0 ? undefined : finished(group);
}

function isInitial({ message: { method, toTag } }: Parsed): boolean {
  return method?.toUpperCase() === 'INVITE' && toTag === undefined;
}

function isReInvite({ message: { method, toTag } }: Parsed): boolean {
  return method?.toUpperCase() === 'INVITE' && toTag !== undefined;
}

function transactionOf({ message: { cseq, branch } }: Parsed): string {
  return `${cseq} ${branch}`;
}

function isOf(request: SipMessage, other: SipMessage): boolean {
  return request.cseq === other.cseq && request.branch === other.branch;
}

function begin(group: Group, one: Parsed): void {
  const { traced, message } = one;
  if (group.invites.some(({ parsed }) => isOf(parsed.message, message))) {
    group.repeated = true;
    return;
  }
  if (group.invites.length >= MOST_INVITES) return;
  const sent: SentInvite = {
    ...inviteOf(message),
    ...(traced.destination !== undefined && { farEnd: traced.destination }),
    ...(traced.at !== undefined && { at: traced.at }),
  };
  group.invites.push({ parsed: one, transaction: new Transaction(sent) });
}

function cancel(group: Group, { message }: Parsed): void {
  find(group, message)?.cancel();
}

/** By branch and CSeq; where somebody has changed the Via or left an INVITE out, the likeliest one. */
function find({ invites }: Group, message: SipMessage): Transaction | undefined {
  const exact = invites.find(({ parsed }) => isOf(parsed.message, message));
  const near = invites.findLast(({ parsed }) => parsed.message.cseq === message.cseq);
  const open = invites.findLast(({ transaction }) => transaction.final === undefined);
  return (exact ?? near ?? open)?.transaction;
}

function answer(group: Group, one: Parsed, status: number): void {
  const { traced, message } = one;
  let asked = find(group, message);
  if (!asked) {
    if (group.invites.length >= MOST_INVITES) return;
    // Its INVITE is not there; one client repeats its offer, as after a 401.
    const known = group.invites.at(-1)?.transaction.invite;
    asked = new Transaction({ ...known, cseq: message.cseq });
    group.invites.push({ parsed: one, transaction: asked });
  }
  group.endedAt = traced.at ?? group.endedAt;
  if (!asked.answer(message, status, traced.at)) return;
  const { line } = traced;
  const { phrase = '', cseq } = message;
  const before = asked.provisional.at(-1);
  const sdp = status < 200 ? before?.sdp === true : asked.final?.sdp !== undefined;
  group.answers.push({ line, status, phrase, sdp, cseq });
}

function finished({
  callId,
  inDialog,
  first,
  invites,
  answers,
  endedAt,
  repeated,
}: Group): TracedCall {
  const target = invites
    .map(({ parsed }) => parsed.message)
    .filter(({ method }) => method !== undefined)
    .map(({ startLine }) => /^\S+[ \t]+(\S+)/.exec(startLine)?.[1])
    .find((uri) => uri !== undefined);
  const number = target === undefined ? undefined : readContacts(`<${target}>`)[0]?.user;
  return {
    callId,
    line: first.traced.line,
    inDialog,
    transactions: invites.map(({ transaction }) => transaction),
    answers,
    repeated,
    ...(target !== undefined && { target }),
    ...(number !== undefined && { number }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
