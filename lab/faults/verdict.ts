import type { PlannedCall } from './call-mix';
import type { OwedWay } from './owed';
import { FIRST_RESPONSE, RING_TIMEOUT } from './policy';
import type { SeenCall } from './seen';

/** Nobody waits longer than this after a failure, or before the first INVITE. Milliseconds. */
export const LONGEST_WAIT = 3000;

/** What a call was owed at its time. */
export interface Terms {
  readonly ways: readonly OwedWay[];
  /** crankback may be away, so that nobody ends an attempt without any response before its ring time-out. */
  readonly untended: boolean;
}

export interface Verdict {
  readonly call: PlannedCall;
  readonly seen: SeenCall | undefined;
  /** The owed way that it went; undefined if it went another one. */
  readonly by: OwedWay['by'] | undefined;
  /** What it got that it was not owed; empty if it was not harmed. */
  readonly harms: readonly string[];
  /** Longest time from a failure, or from the caller's INVITE, to the next INVITE or final status. Milliseconds. */
  readonly waitedMs: number;
  /** The same from an INVITE that got no response at all. */
  readonly silenceMs: number;
}

/** Compares a call on the wire with what it was owed. */
export function judge(
  call: PlannedCall,
  seen: SeenCall | undefined,
  { ways, untended }: Terms,
): Verdict {
  if (!seen) {
    const harms = ['the caller never sent its INVITE'];
    return { call, seen, by: undefined, harms, waitedMs: 0, silenceMs: 0 };
  }
  const way = ways.find((owed) => isWay(owed, seen));
  const { waitedMs, silenceMs } = waits(seen);
  const silenceLimit = (untended ? RING_TIMEOUT : FIRST_RESPONSE) + LONGEST_WAIT;
  const harms = [
    ...(seen.finals.length === 0 ? ['no final status'] : []),
    ...(seen.finals.length > 1 ? [`${seen.finals.length} final statuses`] : []),
    ...(way === undefined ? [`not what was owed: ${describe(seen)}`] : []),
    ...(isDropped(seen) ? ['the answered call was ended by the PBX'] : []),
    ...(waitedMs > LONGEST_WAIT ? [`waited ${seconds(waitedMs)} s`] : []),
    ...(silenceMs > silenceLimit ? [`waited ${seconds(silenceMs)} s for a silent carrier`] : []),
  ];
  return { call, seen, by: way?.by, harms, waitedMs, silenceMs };
}

/** `carrier-a 503, carrier-b 200, caller 200`. */
export function describe({ attempts, finals }: SeenCall): string {
  const said = attempts.map(
    ({ trunk, said }) =>
      `${trunk} ${said.filter((status) => status > 100).join('/') || 'no response'}`,
  );
  return [...said, `caller ${finals.join('/') || 'nothing'}`].join(', ');
}

function isWay({ trunks, final }: OwedWay, { attempts, finals }: SeenCall): boolean {
  return (
    attempts.map(({ trunk }) => trunk).join() === trunks.join() && finals.join() === String(final)
  );
}

function isDropped({ droppedAt, hungUpAt }: SeenCall): boolean {
  return droppedAt !== undefined && (hungUpAt === undefined || droppedAt < hungUpAt);
}

function waits({ invitedAt, attempts, finalAt }: SeenCall): {
  waitedMs: number;
  silenceMs: number;
} {
  const next = (index: number) => attempts[index]?.invitedAt ?? finalAt;
  // SIPp stamps late by some milliseconds, so that a difference may be negative.
  const from = (start: number, index: number) => Math.max(0, (next(index) ?? start) - start);
  const waited = [from(invitedAt, 0)];
  const silent: number[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const { said, failedAt, cancelledAt } = attempt;
    if (said.some((status) => status >= 200 && status < 300)) continue;
    if (said.length === 0) silent.push(from(attempt.invitedAt, index + 1));
    else if (failedAt !== undefined && cancelledAt === undefined) {
      waited.push(from(failedAt, index + 1));
    }
  }
  return { waitedMs: Math.max(...waited), silenceMs: Math.max(0, ...silent) };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
