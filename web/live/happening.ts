import type { components } from '../api/v1';

type Event = components['schemas']['Event'];

/** A call that goes on, as far as its events have told. */
export interface LiveCall {
  readonly hunt: string;
  readonly pbx: string;
  readonly number: string;
  readonly startedAt: string;
  readonly trunk?: string;
  /** What it last came to: an outcome, or a failure. */
  readonly last?: string;
  readonly answered?: boolean;
}

/** However many events come, so much is kept of them. */
const MOST_EVENTS = 50;
const MOST_CALLS = 200;

/** What happens now, made of events: the latest of them, and the calls that go on. */
export class Happening {
  /** The latest first. */
  latest: readonly Event[] = [];
  /** Events since the page was opened. */
  count = 0;
  private readonly byHunt = new Map<string, LiveCall>();

  /** The latest first. */
  get calls(): readonly LiveCall[] {
    return [...this.byHunt.values()].reverse();
  }

  /** A batch of events, in their order. */
  add(events: readonly Event[]): void {
    this.count += events.length;
    this.latest = [...events].reverse().concat(this.latest).slice(0, MOST_EVENTS);
    for (const event of events) this.follow(event);
  }

  /** Events were missed, ends of calls perhaps: those that go on are known again by their next event. */
  missed(): void {
    this.byHunt.clear();
  }

  private follow(event: Event): void {
    const { hunt, pbx = '', number = '', trunk, at } = event;
    if (hunt === undefined) return;
    if (event.kind === 'hunt-ended' || event.kind === 'declined' || event.kind === 'fell-back') {
      this.byHunt.delete(hunt);
      return;
    }
    const before = this.byHunt.get(hunt) ?? { hunt, pbx, number, startedAt: at };
    const last = lastOf(event) ?? before.last;
    this.byHunt.set(hunt, {
      ...before,
      ...(number !== '' && { number }),
      ...(trunk !== undefined && { trunk }),
      ...(last !== undefined && { last }),
      ...(event.kind === 'attempt-answered' && { answered: true }),
    });
    if (this.byHunt.size > MOST_CALLS) {
      const [oldest] = this.byHunt.keys();
      if (oldest !== undefined) this.byHunt.delete(oldest);
    }
  }
}

function lastOf({ kind, outcome, failure }: Event): string | undefined {
  if (kind === 'decided') return outcome;
  if (!failure) return undefined;
  return `${failure.sip ?? '–'} ${failure.phrase ?? failure.class}`;
}
