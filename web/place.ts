/** Where the reader is: kept in the part of the address behind `#`, so that every view and filter is a link. */
export interface Place {
  readonly view: View;
  /** Of a trunk or a call: its name. */
  readonly name: string;
  readonly filter: Readonly<Record<string, string>>;
}

export const VIEWS = ['now', 'trunk', 'calls', 'call', 'policy', 'fleet'] as const;
export type View = (typeof VIEWS)[number];

/** @param hash of the address; whatever is no place is the first view */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', name = ''] = path.split('/', 2);
  const view = VIEWS.find((one) => one === first) ?? 'now';
  return { view, name: decoded(name), filter: Object.fromEntries(new URLSearchParams(query)) };
}

/** What is empty in the filter is left out. */
export function linkTo(
  view: View,
  name = '',
  filter: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  const path = name === '' ? view : `${view}/${encodeURIComponent(name)}`;
  return `#/${path}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
