import type { PastAttempt } from '../../../src/policy/hunt';
import { techOf } from '../legs/causes';
import type { Report } from '../handover/contract';
import type { LegRecord } from '../legs/legs';

/** An attempt with a plan, at its beginning. */
export interface PlannedAttempt {
  readonly number: string;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  /** The attempts before it. */
  readonly attempts: readonly PastAttempt[];
  readonly trunk: string;
}

/** Context of a planned attempt in the shipped dialplan; its name has the status of the failure before. */
export function contextAfter(sip: number): string {
  return `crankback-after-${sip}`;
}

/** Status of the failure before a planned attempt in this context. */
export function statusBefore(context: string): number | undefined {
  const status = /^crankback-after-(\d{3})$/.exec(context)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** The report that the dialplan would send of a failure handled by a plan; its phrase was the standard one. */
export function reportOf(
  { number, startedAt, attempts, trunk }: PlannedAttempt,
  sip: number,
  leg: Pick<LegRecord, 'name' | 'rang' | 'progress'> | undefined,
): Report {
  const { name = '', rang = false, progress = false } = leg ?? {};
  return {
    event: 'failed',
    number,
    raw: '',
    stateText: '',
    state: { startedAt, attempts: [...attempts, { trunk, sip, rang }] },
    mailbox: '',
    context: '',
    diverting: '',
    native: [],
    attempts: [{ trunk, leg: name, dialStatus: '', cause: 0, tech: techOf(sip), rang, progress }],
  };
}
