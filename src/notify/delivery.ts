/** What became of one delivery. */
export type Delivered =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false;
      /** What the receiver answered, or why it did not. */
      readonly answer: string;
      /** How long it wants to be left alone. Milliseconds. */
      readonly retryAfter?: number;
    };

/** Longer answers are cut. Characters. */
const LONGEST = 300;

export function cut(text: string, longest = LONGEST): string {
  const characters = [...text.slice(0, 2 * longest)];
  return characters.length > longest || text.length > 2 * longest
    ? `${characters.slice(0, longest - 1).join('')}…`
    : text;
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  return message === '' && cause instanceof Error ? cause.message : message;
}
