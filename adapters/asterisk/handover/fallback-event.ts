import { ContractError } from '../../shared/contract';
import { readState } from './contract';

/** Name of the `UserEvent()` by which the shipped dialplan tells that a call takes the static fallback. */
export const FALLBACK_EVENT = 'crankback-fallback';

/** What that event says. */
export interface Fallback {
  /** The number that the call is for, `0-9A-D*#+`, 32 at most; empty where it was invalid. */
  readonly number: string;
  /** Start of the hunt, Unix time in milliseconds; undefined where the call has no state that we can read. */
  readonly startedAt?: number;
  /** The context of the dialplan that the call came from: `crankback-ask` where nobody answered in time. */
  readonly from: string;
}

/** Reads that event; what is not as our dialplan writes it is left out. */
export function readFallback(fields: Readonly<Record<string, unknown>>): Fallback {
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  const number = text('number');
  const from = text('from');
  return {
    number: /^[0-9A-D*#+]{1,32}$/.test(number) ? number : '',
    from: /^crankback-[a-z0-9-]{1,32}$/.test(from) ? from : '',
    ...startOf(text('state')),
  };
}

function startOf(state: string): Pick<Fallback, 'startedAt'> {
  try {
    return { startedAt: readState(state).startedAt };
  } catch (error) {
    if (error instanceof ContractError) return {};
    throw error;
  }
}
