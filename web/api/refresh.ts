import { useEffect, useState } from 'preact/hooks';

type Listener = () => void;

const refreshed = new Set<Listener>();
const tokenWanted = new Set<Listener>();
let refreshes = 0;

/** What was answered before is old. */
export function refresh(): void {
  refreshes += 1;
  for (const listener of refreshed) listener();
}

/** Many trunks may change at once. Milliseconds. */
const APART_MS = 2_000;
let isDue = false;

/** The same, however often it is said within two seconds. */
export function refreshSoon(): void {
  if (isDue) return;
  isDue = true;
  window.setTimeout(() => {
    isDue = false;
    refresh();
  }, APART_MS);
}

export function useRefreshes(): number {
  const [count, setCount] = useState(refreshes);
  useEffect(() => {
    const listener = (): void => setCount(refreshes);
    refreshed.add(listener);
    return () => void refreshed.delete(listener);
  }, []);
  return count;
}

/** The service does not answer without a token, or not to this one. */
export function askForToken(): void {
  for (const listener of tokenWanted) listener();
}

export function onTokenWanted(listener: Listener): () => void {
  tokenWanted.add(listener);
  return () => void tokenWanted.delete(listener);
}
