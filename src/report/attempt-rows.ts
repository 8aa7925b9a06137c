import type { TrunkReport } from '../journal/read/report';
import { printable } from '../model/printable';

type Cell = string | number | undefined;

/** The failures for a spreadsheet: one row for each kind, with the Call-IDs of its examples. */
export function failureRows({ failures }: TrunkReport): readonly (readonly Cell[])[] {
  return [
    ['status', 'phrase', 'class', 'count', 'first', 'last', 'call_ids'],
    ...failures.map(({ sip, phrase, class: name, count, firstAt, lastAt, examples }) => [
      ...[sip, phrase && printable(phrase), name, count],
      ...[firstAt, lastAt].map((at) => new Date(at).toISOString()),
      examples
        .flatMap(({ times }) => times?.callId ?? [])
        .map(printable)
        .join(' '),
    ]),
  ];
}
