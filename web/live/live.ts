import { useEffect, useState } from 'preact/hooks';
import type { Schema } from '../api/client';
import { authorization } from '../api/token';
import { askForToken, refreshSoon } from '../api/refresh';
import { EventTexts, type EventText } from './event-texts';
import { Happening } from './happening';

type Event = Schema['Event'];

/** Events wait so long to be shown together, however many come. Milliseconds. */
const BATCH_MS = 250;
const RETRY_MS = 2_000;
const MOST_WAITING = 10_000;
/** Comments come every five seconds: a stream that is silent for longer is dead. Milliseconds. */
const SILENT_MS = 20_000;

export type Connection = 'connecting' | 'open' | 'lost';

/** Follows the events of the service, and comes back to where it was when the connection is lost. */
class Live {
  readonly happening = new Happening();
  connection: Connection = 'connecting';
  /** How often listeners were told. */
  batches = 0;
  private readonly listeners = new Set<() => void>();
  private waiting: Event[] = [];
  private scheduled = false;
  private texts = new EventTexts();
  private aborter: AbortController | undefined;

  start(): void {
    this.aborter?.abort();
    const aborter = new AbortController();
    this.aborter = aborter;
    void this.run(aborter.signal);
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private async run(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const goOn = await this.follow(stopped).catch(() => true);
      if (stopped.aborted) return;
      this.become('lost');
      if (!goOn) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** @returns whether to come back */
  private async follow(stopped: AbortSignal): Promise<boolean> {
    const { lastId } = this.texts;
    this.texts = new EventTexts();
    this.texts.lastId = lastId;
    const silence = new AbortController();
    let timer = window.setTimeout(() => silence.abort(), SILENT_MS);
    try {
      const response = await fetch('../v1/events', {
        headers: { ...authorization(), ...(lastId !== undefined && { 'last-event-id': lastId }) },
        signal: AbortSignal.any([stopped, silence.signal]),
      });
      if (response.status === 401) {
        askForToken();
        return false;
      }
      if (!response.ok || !response.body) return true;
      this.become('open');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => silence.abort(), SILENT_MS);
        for (const text of this.texts.take(value)) this.take(text);
      }
    } finally {
      window.clearTimeout(timer);
    }
  }

  private take({ kind, data }: EventText): void {
    if (kind === 'gap') {
      this.happening.add(this.waiting);
      this.waiting = [];
      this.happening.missed();
      refreshSoon();
      this.schedule();
      return;
    }
    this.waiting.push(JSON.parse(data) as Event);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
    this.schedule();
  }

  private become(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    // A page that is not seen draws no frames.
    window.setTimeout(() => {
      if (document.hidden) this.flush();
      else requestAnimationFrame(this.flush);
    }, BATCH_MS);
  }

  private readonly flush = (): void => {
    this.scheduled = false;
    const events = this.waiting;
    this.waiting = [];
    this.happening.add(events);
    this.batches += 1;
    if (events.some(({ kind }) => REFRESHING.has(kind))) refreshSoon();
    for (const listener of this.listeners) listener();
  };
}

/** What the answers of the service depend on, beside calls. */
const REFRESHING: ReadonlySet<Event['kind']> = new Set([
  ...(['trunk-changed', 'policy-changed', 'pbx-connected', 'pbx-gone'] as const),
]);

export const live = new Live();

/** Shown anew with each batch of events. */
export function useLive(): Live {
  const [, setBatches] = useState(0);
  useEffect(() => live.listen(() => setBatches(live.batches)), []);
  return live;
}
