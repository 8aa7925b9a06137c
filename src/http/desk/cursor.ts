import { createHash } from 'node:crypto';
import { PLACE, type CallFilter } from '../../journal/read/calls-filter';
import { Refused } from './refused';

/** A place in the journal's order, for the same calls alone, in a form that tells clients to leave it as it is. */
export function cursorOf(place: string, filter: CallFilter): string {
  return Buffer.from(`${place}.${digestOf(filter)}`).toString('base64url');
}

/** @throws Refused for anything that was no cursor, or that of other calls */
export function placeOf(cursor: string, filter: CallFilter): string {
  const [place = '', digest] = Buffer.from(cursor, 'base64url').toString('latin1').split('.');
  if (!PLACE.test(place)) throw refused('must be the `next` of an answer');
  if (digest !== digestOf(filter))
    throw refused('must be the `next` of an answer to the same query');
  return place;
}

function refused(detail: string): Refused {
  return new Refused('invalid-request', { errors: [{ in: 'query', name: 'cursor', detail }] });
}

/** Places of other searches mean nothing here; the period and the length of a page may change. */
function digestOf({
  trunk,
  to,
  from,
  class: name,
  sip,
  pbx,
  instance,
  result,
}: CallFilter): string {
  const asked = JSON.stringify([trunk, to, from, name, sip, pbx, instance, result]);
  return createHash('sha1').update(asked).digest('base64url').slice(0, 8);
}
