import type { ReportedAttempt } from '../journal/read/report';
import type { Evidence, Failure, Reason } from '../model/failure';

/** What went over the wire in one attempt: the carrier's own messages and headers, and nobody else's. */
export function attemptLadder({ beganAt, times, failure }: ReportedAttempt): readonly string[] {
  const told = failure as Failure | undefined;
  const began = times?.invitedAt ?? beganAt;
  const clock = (ms: number) => `${(ms / 1000).toFixed(3).padStart(8)} s`;
  const wire = told?.evidence.find(({ source }) => source === 'hep');
  const way = times?.far === undefined ? '' : ` from ${times.local ?? '?'} to ${times.far}`;
  const provisional = wire?.provisional ?? [];
  const rang =
    provisional.length === 0 && times?.rangAt !== undefined
      ? [`${clock(times.rangAt - began)}  <- rings`]
      : [];
  return [
    `${clock(0)}  -> INVITE${way}`,
    ...provisional.map(
      ({ sip, phrase, sdp, afterMs = 0 }) =>
        `${clock(afterMs)}  <- ${sip} ${phrase}${sdp ? ' with SDP' : ''}`,
    ),
    ...rang,
    ...(told ? [finalLine(told, wire, clock, times?.endedAt ?? began, began)] : []),
    ...headersOf(wire).map((line) => `            ${line}`),
  ];
}

function finalLine(
  { sip, phrase }: Failure,
  wire: Evidence | undefined,
  clock: (ms: number) => string,
  endedAt: number,
  began: number,
): string {
  const at = wire?.failedAfterMs ?? Math.max(0, endedAt - began);
  const said = sip === undefined ? 'no final response' : `${sip} ${phrase ?? ''}`.trim();
  return `${clock(at)}  <- ${said}`;
}

/** Headers of the final response. */
function headersOf(wire: Evidence | undefined): readonly string[] {
  if (!wire) return [];
  return [
    ...(wire.reasons ?? []).map(reasonText),
    ...(wire.warnings ?? []).map(({ code, agent, text }) => `Warning: ${code} ${agent} "${text}"`),
    ...(wire.retryAfterMs === undefined ? [] : [`Retry-After: ${wire.retryAfterMs / 1000}`]),
    ...(wire.redressUri === undefined ? [] : [`Call-Info: ${wire.redressUri}`]),
  ];
}

function reasonText({ protocol, cause, text, location }: Reason): string {
  return [
    `Reason: ${protocol}`,
    ...(cause === undefined ? [] : [`cause=${cause}`]),
    ...(text === undefined ? [] : [`text="${text}"`]),
    ...(location === undefined ? [] : [`location=${location}`]),
  ].join(';');
}
