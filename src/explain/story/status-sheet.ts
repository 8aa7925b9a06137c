import type { Failure } from '../../model/failure';
import { KNOWN_PHRASES } from '../../model/phrases';
import { isOfMedia } from '../../records/log-fields';
import { sheetOf, type Sheet, type SheetParts } from '../sheet';
import { fill, type Labels } from '../texts';
import { shownValue } from './shown';

/** What the status means; where a Reason says another thing, by itself. */
export function meaningText(
  { sip, decidedBy }: Failure,
  sheet: Sheet | undefined,
  { story }: Labels,
): string {
  const text = sheet?.rows.get('meaning') ?? '';
  if (sip === undefined || text === '' || decidedBy?.by !== 'reason') return text;
  return fill(story.by_itself, { sip, text });
}

/** The sheet of the status; undefined without one. The phrase has a say only if nothing else gave the class. */
export function sheetFor(failure: Failure, parts: SheetParts): Sheet | undefined {
  const { sip, phrase = '', decidedBy } = failure;
  if (sip === undefined) return undefined;
  const isShipped = KNOWN_PHRASES.of(parts.carrier).find(sip, phrase) !== undefined;
  const speaks = isShipped || (decidedBy?.by === 'status' && !isOfMedia(failure));
  const said = phrase.trim() === '' || !speaks ? {} : { phrase: shownValue(phrase) };
  return sheetOf({ kind: 'sip', sip, ...said }, parts);
}
