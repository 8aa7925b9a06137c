import { fill, type Labels } from '../explain/texts';

/** A problem of what the user has given, in a sentence. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The sentences of `crankback explain --sip` for it. */
export type TraceErrors = Labels['trace']['error'];

export function refused(
  template: string,
  values: Readonly<Record<string, string | number>>,
): Refused {
  return new Refused(fill(template, values));
}
