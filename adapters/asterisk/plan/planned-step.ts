import type { PastAttempt } from '../../../src/policy/hunt';
import type { DialEvent } from '../ari/events';
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

/** The context of a call's attempts in the shipped dialplan. */
export const ATTEMPT = 'crankback-attempt';
/** What a call that began without asking says in the arguments of its second `Dial()`, behind the user's options. */
const AFTER_FIRST = /^.*,crankback-after,1,[^,]*:(\d{3}):0$/s;

/** Status of the failure before a planned attempt, by its context, or by the history in its `Dial()`'s last argument. */
export function statusBefore({
  context,
  app_data: given = '',
}: NonNullable<NonNullable<DialEvent['caller']>['dialplan']>): number | undefined {
  const said =
    context === ATTEMPT ? AFTER_FIRST.exec(given) : /^crankback-after-(\d{3})$/.exec(context);
  return said ? Number(said[1]) : undefined;
}

/**
 * The report that the dialplan would send of a failure that it has handled by itself; its phrase was the standard one.
 * @param sip undefined where no final status is known
 */
export function reportOf(
  { number, startedAt, attempts, trunk }: PlannedAttempt,
  sip: number | undefined,
  leg: Pick<LegRecord, 'name' | 'rang' | 'progress'> | undefined,
): Report {
  const { name = '', rang = false, progress = false } = leg ?? {};
  return {
    event: 'failed',
    number,
    raw: '',
    stateText: '',
    state: {
      startedAt,
      attempts: [...attempts, { trunk, rang, ...(sip !== undefined && { sip }) }],
    },
    mailbox: '',
    context: '',
    diverting: '',
    native: [],
    attempts: [
      {
        ...{ trunk, leg: name, dialStatus: '', cause: 0, rang, progress },
        tech: sip === undefined ? '' : techOf(sip),
      },
    ],
  };
}
