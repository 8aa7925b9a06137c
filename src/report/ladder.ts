import type { ReportedAttempt } from '../journal/read/report';
import type { Evidence, Failure } from '../model/failure';
import { provisionalMessages, wayText, wireOf, type LegMessage } from '../records/leg-messages';
import { reasonText } from '../records/log-fields';

/** What went over the wire in one attempt: the carrier's own messages and headers, and nobody else's. */
export function attemptLadder(attempt: ReportedAttempt): readonly string[] {
  const { times } = attempt;
  const failure = attempt.failure as Failure | undefined;
  const wire = wireOf(failure);
  const responses = [
    ...provisionalMessages(times, wire),
    ...(failure ? [finalResponse(attempt, failure, wire)] : []),
  ];
  return [
    `${clock(0)}  -> INVITE${wayText(times ?? {})}`,
    ...responses.map(({ afterMs, said }) => `${clock(afterMs)}  <- ${said}`),
    ...headersOf(wire).map((line) => `            ${line}`),
  ];
}

function finalResponse(
  { beganAt, endedAt, times }: ReportedAttempt,
  { sip, phrase }: Failure,
  wire: Evidence | undefined,
): LegMessage {
  const began = times?.invitedAt ?? beganAt;
  return {
    afterMs: wire?.failedAfterMs ?? Math.max(0, (endedAt ?? began) - began),
    said: sip === undefined ? 'no final response' : `${sip} ${phrase ?? ''}`.trim(),
  };
}

function clock(ms: number): string {
  return `${(ms / 1000).toFixed(3).padStart(8)} s`;
}

/** Headers of the final response. */
function headersOf(wire: Evidence | undefined): readonly string[] {
  if (!wire) return [];
  return [
    ...(wire.reasons ?? []).map((reason) => `Reason: ${reasonText(reason)}`),
    ...(wire.warnings ?? []).map(({ code, agent, text }) => `Warning: ${code} ${agent} "${text}"`),
    ...(wire.retryAfterMs === undefined ? [] : [`Retry-After: ${wire.retryAfterMs / 1000}`]),
    ...(wire.redressUri === undefined ? [] : [`Call-Info: ${wire.redressUri}`]),
  ];
}
