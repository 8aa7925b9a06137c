import type { Contact, Evidence, Failure, Reason } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import { sipCode } from '../model/registries/sip-codes';
import type { LabNames } from './lab-names';
import { NotPlayable, type LegOfRecord } from './recorded';
import { answerSdp, refusalSdp } from './sdp';

/** What a carrier does with one INVITE. */
export interface Behaviour {
  readonly responses: readonly Response[];
  /**
   * After the responses: `final` the last one ends it, `answered` it waits for the BYE, `cancelled` for the CANCEL,
   * `silent` for nothing.
   */
  readonly end: 'final' | 'answered' | 'cancelled' | 'silent';
}

export interface Response {
  /** Pause before it. Milliseconds. */
  readonly waitMs: number;
  readonly sip: number;
  readonly phrase: string;
  readonly headers: readonly string[];
  /** Lines from `m=` on. */
  readonly sdp?: readonly string[];
}

/** Longest pause before a response: a scenario is no recording of time. Milliseconds. */
const LONGEST_WAIT = 300;
const TRYING: Response = { waitMs: 0, sip: 100, phrase: 'Trying', headers: [] };
const RINGING = { sip: 180, phrase: 'Ringing' };
const PROGRESS = { sip: 183, phrase: 'Session Progress' };

export interface Around {
  readonly names: LabNames;
  /** The lab's host for a Contact's. */
  readonly host: (host: string) => string;
  /** Early media was longer than the policy's grace; how long it must be to be so in the lab. Milliseconds. */
  readonly longMedia: (failure: Failure) => number | undefined;
}

/** What the far side did on this leg; undefined where the PBX could not even send. @throws NotPlayable */
export function behaviourOf(leg: LegOfRecord, around: Around): Behaviour | undefined {
  const { trunk, answered, failure, times } = leg;
  if (answered) return answer(times);
  // Neither an answer nor a failure: the caller has hung up.
  if (!failure) return { responses: [TRYING, ...sofar(times)], end: 'cancelled' };
  if (failure.origin === 'local') return undefined;
  if (failure.origin === 'far' && failure.class !== 'cancelled') {
    if (failure.sip === undefined)
      throw new NotPlayable(`no SIP status of ${trunk} was recorded: its leg was not SIP`);
    const responses = [TRYING, ...provisional(failure, around)];
    return { responses: [...responses, final(failure, failure.sip, around)], end: 'final' };
  }
  const before = provisional(failure, around);
  if (before.length > 0) return { responses: [TRYING, ...before], end: 'cancelled' };
  const tried = said(failure, ({ firstResponseMs }) => firstResponseMs) ?? times?.firstResponseAt;
  if (tried === undefined && failure.class !== 'cancelled') return { responses: [], end: 'silent' };
  return { responses: [TRYING], end: 'cancelled' };
}

function answer(times: LegTimes | undefined): Behaviour {
  const rings = sofar(times);
  const heard = times?.rangAt ?? times?.invitedAt;
  const pause = heard === undefined ? 0 : (times?.answeredAt ?? heard) - heard;
  const ok = { waitMs: bounded(pause), sip: 200, phrase: 'OK', headers: [] };
  return {
    responses: [TRYING, ...rings, { ...ok, sdp: answerSdp(times?.codecs ?? []) }],
    end: 'answered',
  };
}

function sofar(times: LegTimes | undefined): readonly Response[] {
  if (times?.rangAt === undefined) return [];
  return [{ ...RINGING, waitMs: bounded(times.rangAt - times.invitedAt), headers: [] }];
}

/** The 18x before the failure, as seen on the wire; otherwise as the PBX summed them up. */
function provisional(failure: Failure, { names }: Around): readonly Response[] {
  const seen = said(failure, (evidence) => evidence.provisional)?.filter(({ sip }) => sip > 100);
  if (seen && seen.length > 0) {
    let before = 0;
    return seen.map(({ sip, phrase, sdp, reasons = [], afterMs = before }) => {
      const waitMs = bounded(afterMs - before);
      before = afterMs;
      const headers = reasons.map((reason) => reasonLine(reason, names));
      const response = { waitMs, sip, phrase: wire(names.hidden(phrase)), headers };
      return sdp ? { ...response, sdp: answerSdp([]) } : response;
    });
  }
  const media = failure.earlyMediaMs > 0 && { sdp: answerSdp([]) };
  const one = { waitMs: 0, headers: [] };
  if (failure.rang) return [{ ...RINGING, ...one, ...media }];
  return failure.progress ? [{ ...PROGRESS, ...one, ...media }] : [];
}

function final(failure: Failure, sip: number, around: Around): Response {
  const { names, longMedia } = around;
  const last = said(failure, (evidence) => evidence.provisional)?.at(-1)?.afterMs ?? 0;
  const waitMs = longMedia(failure) ?? bounded((failure.afterMs ?? last) - last);
  const retry = failure.retryAfterMs;
  const headers = [
    ...(said(failure, ({ reasons }) => reasons) ?? []).map((reason) => reasonLine(reason, names)),
    ...(said(failure, ({ warnings }) => warnings) ?? []).map(
      ({ code, text }) => `Warning: ${code} carrier.example "${quoted(names.hidden(text))}"`,
    ),
    ...(retry === undefined ? [] : [`Retry-After: ${Math.ceil(retry / 1000)}`]),
    ...contactLine(said(failure, ({ contacts }) => contacts) ?? [], around),
  ];
  const refusal = said(failure, (evidence) => evidence.refusal);
  const phrase = wire(names.hidden(failure.phrase ?? sipCode(sip)?.phrase ?? ''));
  return { waitMs, sip, phrase, headers, ...(refusal && { sdp: refusalSdp(refusal) }) };
}

function reasonLine({ protocol, cause, text, location }: Reason, { hidden }: LabNames): string {
  const parts = [
    protocol.replace(/[^\w.-]/g, ''),
    ...(cause === undefined ? [] : [`cause=${cause}`]),
    ...(text === undefined ? [] : [`text="${quoted(hidden(text))}"`]),
    ...(location === undefined ? [] : [`location=${location.replace(/[^\w-]/g, '')}`]),
  ];
  return `Reason: ${parts.join(';')}`;
}

function contactLine(
  contacts: readonly Contact[],
  { names, host: labHost }: Around,
): readonly string[] {
  if (contacts.length === 0) return [];
  const all = contacts.slice(0, 10).map(({ user, host }, index) => {
    return `<sip:${names.targets.get(user) ?? names.number}@${labHost(host)}>;q=0.${9 - index}`;
  });
  return [`Contact: ${all.join(', ')}`];
}

/** What the most trusted source that knows says. */
function said<Value>(
  { evidence }: Failure,
  of: (evidence: Evidence) => Value | undefined,
): Value | undefined {
  return evidence.map(of).find((value) => value !== undefined);
}

function bounded(ms: number): number {
  return Math.round(Math.min(Math.max(ms, 0), LONGEST_WAIT));
}

/** For one line of a SIPp message: SIPp's own words are in brackets. */
function wire(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f\\]+/g, ' ').slice(0, 200);
  return line.replaceAll('[', '(').replaceAll(']', ')').trim();
}

function quoted(text: string): string {
  return wire(text).replaceAll('"', "'");
}
