/** What Homer has of one leg of a call. */
export interface HomerLink {
  /** Untrusted. */
  readonly callId: string;
  readonly url: string;
}

/** A call with the SIP Call-IDs of its legs. Times are Unix time in milliseconds. */
export interface CallWithIds {
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly callerCallId?: string | undefined;
  readonly legs: readonly { readonly times?: { readonly callId?: string } | undefined }[];
}

/** Of one call. */
const MOST_LINKS = 20;
/** Clocks differ, and packets come before and after what the record knows. Milliseconds. */
const MARGIN_MS = 60_000;
/** Of a call that has not ended. Milliseconds. */
const UNENDED_MS = 3_600_000;

/**
 * Links to Homer, the caller's leg first.
 * @param pattern as `isHomerUrl` has checked it: `{callId}` is replaced by a Call-ID, encoded; `{from}` and `{to}` by the
 * call's time, Unix time in milliseconds
 */
export function homerLinks(pattern: string, call: CallWithIds): readonly HomerLink[] {
  const { startedAt, endedAt = startedAt + UNENDED_MS, callerCallId, legs } = call;
  const ids = [callerCallId, ...legs.map(({ times }) => times?.callId)];
  const from = String(startedAt - MARGIN_MS);
  const to = String(endedAt + MARGIN_MS);
  return [...new Set(ids)]
    .filter((id): id is string => id !== undefined && id !== '')
    .slice(0, MOST_LINKS)
    .map((callId) => {
      const values: Readonly<Record<string, string>> = { callId: encoded(callId), from, to };
      const url = pattern.replaceAll(
        /\{(callId|from|to)\}/g,
        (_, name: string) => values[name] ?? '',
      );
      return { callId, url };
    });
}

/** Half a character makes `encodeURIComponent` throw. */
const HALF = /\p{Surrogate}/gu;

/** Also what `encodeURIComponent` leaves: in a page or a terminal, an apostrophe may end a link. */
function encoded(callId: string): string {
  return encodeURIComponent(callId.replaceAll(HALF, '\uFFFD')).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
