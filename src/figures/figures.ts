import { countOf, type Counts, type Tally } from './counts';
import { percentile } from './delays';
import { DELIVERED } from './seizure';

/** What one says of a trunk. Shares are 0 to 1, times milliseconds; absent where there is nothing to divide by. */
export interface Figures {
  /** Answer-seizure ratio (ITU-T E.425). */
  readonly asr?: number;
  /** Network effectiveness ratio (ITU-T E.425). */
  readonly ner?: number;
  /** Session establishment effectiveness ratio (RFC 6076 4.7). */
  readonly seer?: number;
  /** Average duration of the answered calls that have ended. */
  readonly acdMs?: number;
  /** Post-dial delay, off by 2% at most (RFC 6076 4.3.1). */
  readonly pddMs?: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly retriesPerCall?: number;
}

/** RFC 6076 4.7: what counts beside 200, and what is left out of the total beside 3xx. */
const SEER_EFFECTIVE = ['480', '486', '600', '603'];
const SEER_LEFT_OUT = ['401', '402', '407'];

export function figuresOf(counts: Counts): Figures {
  const { answered, talks, talkMs, calls, retries, statuses, leftRinging } = counts;
  const seizures = seizuresOf(counts);
  const delivered = DELIVERED.reduce(
    (sum, name) => sum + countOf(name, counts),
    answered + leftRinging,
  );
  const effective = answered + sum(statuses, (status) => SEER_EFFECTIVE.includes(status));
  const leftOut = (status: string) => status.startsWith('3') || SEER_LEFT_OUT.includes(status);
  return {
    ...ratio('asr', answered, seizures),
    ...ratio('ner', delivered, seizures),
    ...ratio('seer', effective, seizures - sum(statuses, leftOut)),
    ...ratio('acdMs', talkMs, talks),
    ...pddOf(counts),
    ...ratio('retriesPerCall', retries, calls),
  };
}

/** Attempts that were sent and have ended, or were answered. */
export function seizuresOf({ answered, failed, unsent }: Counts): number {
  return answered + failed - unsent;
}

function ratio<Name extends keyof Figures>(name: Name, part: number, whole: number) {
  return (whole === 0 ? {} : { [name]: part / whole }) as { readonly [_ in Name]?: number };
}

function sum(tally: Tally, isMeant: (name: string) => boolean): number {
  return Object.entries(tally).reduce((all, [name, count]) => all + (isMeant(name) ? count : 0), 0);
}

function pddOf({ pdd }: Counts): Pick<Figures, 'pddMs'> {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(pdd, share));
  return p50 === undefined || p95 === undefined || p99 === undefined
    ? {}
    : { pddMs: { p50, p95, p99 } };
}
