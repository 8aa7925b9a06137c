/** As JSON, what is kept of one attempt or decision in one piece; of a longer one, texts and lists are cut. Characters. */
const CUT_FROM = 8_192;
const LONGEST_TEXT = 1_000;
const LONGEST_LIST = 100;

/** A value as it is kept: its JSON, and how many texts and lists had to be cut. */
export interface Packed {
  readonly json: string;
  readonly cut: number;
}

/**
 * The JSON shares no memory with the value: a short piece of a long message would keep all of that message. Takes
 * time linear in the value.
 */
export function pack(value: unknown): Packed {
  const json = JSON.stringify(value);
  if (json.length <= CUT_FROM) return { json, cut: 0 };
  let cut = 0;
  const shorter = JSON.stringify(value, (_, item: unknown) => {
    const kept = shortened(item);
    if (kept !== item) cut += 1;
    return kept;
  });
  return { json: shorter, cut };
}

function shortened(item: unknown): unknown {
  if (typeof item === 'string' && item.length > LONGEST_TEXT)
    return `${item.slice(0, LONGEST_TEXT)}… (${item.length - LONGEST_TEXT} more)`;
  if (Array.isArray(item) && item.length > LONGEST_LIST) return item.slice(0, LONGEST_LIST);
  return item;
}
