import type { CallEvent } from './call-event';

/** Takes every event in order. If it throws, this consumer alone loses this one event. */
export type CallEventConsumer = (event: CallEvent) => void;

export interface StreamProblems {
  /** A consumer threw. */
  failed(consumer: string, event: CallEvent['kind'], error: unknown): void;
  /** Consumers came so late that events had to be dropped. */
  dropped(event: CallEvent['kind']): void;
}

/** A few seconds of a very busy PBX. Reached only while the process does nothing else. */
const MOST_WAITING = 10_000;

/**
 * The one stream of what happens to calls. Emitting never throws and never runs a consumer: consumers
 * run afterwards, each event in the order of emission, so that none delays a decision.
 */
export class CallEventStream {
  private readonly consumers = new Map<string, CallEventConsumer>();
  private waiting: CallEvent[] = [];

  /** @param later runs a function soon, outside the decision path (`setImmediate`) */
  constructor(
    private readonly problems: StreamProblems,
    private readonly later: (run: () => void) => void,
  ) {}

  /** @param name of the consumer in messages and metrics */
  subscribe(name: string, consumer: CallEventConsumer): void {
    this.consumers.set(name, consumer);
  }

  emit(event: CallEvent): void {
    if (this.waiting.length >= MOST_WAITING) return this.problems.dropped(event.kind);
    this.waiting.push(event);
    if (this.waiting.length === 1) this.later(this.flush);
  }

  /** Hands everything over that waits. */
  readonly flush = (): void => {
    const events = this.waiting;
    this.waiting = [];
    for (const event of events) {
      for (const [name, consumer] of this.consumers) {
        try {
          consumer(event);
        } catch (error) {
          this.problems.failed(name, event.kind, error);
        }
      }
    }
  };
}
