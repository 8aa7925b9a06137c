import { useEffect, useState } from 'preact/hooks';
import type { Answer, Refusal } from './client';
import { askForToken, useRefreshes } from './refresh';

export interface Asked<Data> {
  /** The latest answer; it stays while a later question fails. */
  readonly data?: Data;
  readonly refusal?: Refusal;
}

/**
 * Asks now, whenever something told that answers are old, and again and again while the page is seen.
 * @param key another one asks another question, and forgets the answer
 * @param everyMs pause between an answer and the next question; 0: once
 */
export function useAsked<Data>(
  key: string,
  ask: (signal: AbortSignal) => Promise<Answer<Data>>,
  everyMs = 0,
): Asked<Data> {
  const [asked, setAsked] = useState<Asked<Data> & { key?: string }>({});
  const refreshes = useRefreshes();
  useEffect(() => {
    const aborter = new AbortController();
    let timer = 0;
    const again = (): void => {
      if (everyMs > 0) timer = window.setTimeout(() => void go(), everyMs);
    };
    const go = async (): Promise<void> => {
      if (document.hidden) return again();
      const answer = await ask(aborter.signal).catch(() => undefined);
      if (!answer || aborter.signal.aborted) return;
      if ('refusal' in answer && answer.refusal.status === 401) askForToken();
      setAsked((before) => {
        const data = 'data' in answer ? answer.data : before.key === key ? before.data : undefined;
        return {
          key,
          ...(data !== undefined && { data }),
          ...('refusal' in answer && { refusal: answer.refusal }),
        };
      });
      again();
    };
    void go();
    return () => {
      aborter.abort();
      window.clearTimeout(timer);
    };
    // What is asked follows from the key.
  }, [key, refreshes, everyMs]);
  return asked.key === key ? asked : {};
}
