import type { Values } from './variables';

/** Where a call is, and what it knows. */
export interface Place {
  readonly context: string;
  readonly extension: string;
  /** Index into the extension's steps. */
  readonly at: number;
  readonly values: Values;
  /** Where subroutines return to. */
  readonly calls: readonly Omit<Place, 'calls'>[];
}

/** Where the next step of the same extension is. */
export function after(place: Place): Place {
  return { ...place, at: place.at + 1 };
}

/** What a subroutine has set counts where it was called, but not its arguments. */
export function returned({ calls, values }: Place): Place | undefined {
  const back = calls.at(-1);
  if (!back) return undefined;
  const kept = values.copy();
  for (const name of values.names()) {
    if (!/^(?:EXTEN|MACRO_EXTEN|ARG\d+)$/.test(name)) continue;
    const before = back.values.get(name);
    if (before === undefined) kept.forget(name);
    else kept.set(name, before);
  }
  return { ...back, values: kept, calls: calls.slice(0, -1) };
}
