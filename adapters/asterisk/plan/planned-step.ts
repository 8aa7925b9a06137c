import type { PastAttempt } from '../../../src/policy/hunt';
import { techOf } from '../legs/causes';
import type { Report } from '../handover/contract';
import type { LegRecord } from '../legs/legs';

/** An attempt that has a plan with it, as it is when it begins. */
export interface PlannedAttempt {
  readonly number: string;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  /** Those before it. */
  readonly attempts: readonly PastAttempt[];
  readonly trunk: string;
}

/** Where the shipped dialplan makes a planned attempt: in a context that tells which failure it follows. */
export function contextAfter(sip: number): string {
  return `crankback-after-${sip}`;
}

/** The status of the failure that an attempt in this context follows by its plan. */
export function statusBefore(context: string): number | undefined {
  const status = /^crankback-after-(\d{3})$/.exec(context)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** What the dialplan would report of a failure that it has gone on from by a plan: the phrase was the standard one. */
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
    state: { startedAt, attempts: [...attempts, { trunk, sip, rang }] },
    mailbox: '',
    context: '',
    diverting: '',
    native: [],
    attempts: [{ trunk, leg: name, dialStatus: '', cause: 0, tech: techOf(sip), rang, progress }],
  };
}
