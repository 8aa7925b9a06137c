import { Refused } from './refused';

/** A place in the journal's order, in a form that tells clients to leave it as it is. */
export function cursorOf(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** @throws Refused for anything that was no cursor */
export function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^\d{1,15}-\d{1,15}$/.test(place)) return place;
  const detail = 'must be the `next` of an answer';
  throw new Refused('invalid-request', { errors: [{ in: 'query', name: 'cursor', detail }] });
}
