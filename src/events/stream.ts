import type { CallEvent } from './call-event';

/** Receives every event in order. If it throws, only this consumer loses this one event. */
export type CallEventConsumer = (event: CallEvent) => void;

export interface StreamProblems {
  /** A consumer threw. */
  failed(consumer: string, event: CallEvent['kind'], error: unknown): void;
  /** Consumers were so late that events had to be dropped. */
  dropped(event: CallEvent['kind']): void;
}

/** A few seconds of a very busy PBX. Reached only if the process is otherwise busy. */
const MOST_WAITING = 10_000;

/**
 * The single stream of call events. Emitting never throws and never runs a consumer: consumers run later,
 * each event in the order of emission, so that none delays a decision.
 */
export class CallEventStream {
  private readonly consumers: { readonly name: string; readonly consumer: CallEventConsumer }[] =
    [];
  private waiting: CallEvent[] = [];

  /** @param later runs a function soon, outside the decision path (`setImmediate`) */
  constructor(
    private readonly problems: StreamProblems,
    private readonly later: (run: () => void) => void,
  ) {}

  /** @param name of the consumer in messages and metrics */
  subscribe(name: string, consumer: CallEventConsumer): void {
    this.consumers.push({ name, consumer });
  }

  emit(event: CallEvent): void {
    if (this.waiting.length >= MOST_WAITING) return this.problems.dropped(event.kind);
    this.waiting.push(event);
    if (this.waiting.length === 1) this.later(this.flush);
  }

  /** Passes all waiting events to the consumers. */
  readonly flush = (): void => {
    const events = this.waiting;
    this.waiting = [];
    for (const event of events) {
      for (const { name, consumer } of this.consumers) {
        try {
          consumer(event);
        } catch (error) {
          this.problems.failed(name, event.kind, error);
        }
      }
    }
  };
}
