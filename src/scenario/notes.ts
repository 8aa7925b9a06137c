import type { CallOfRecord, PolicyOfRecord } from './recorded';

/** What the lab does not play as it was, one sentence each. */
export function notesOf(
  { legs, decisions }: CallOfRecord,
  { policy }: PolicyOfRecord,
): readonly string[] {
  const said = (note: string, holds: boolean): readonly string[] => (holds ? [note] : []);
  const all = legs.flatMap(({ failure }) => failure?.evidence ?? []);
  const hashes = new Set(decisions.map(({ inputs }) => inputs?.policyHash));
  return [
    ...said(
      'an INVITE that was challenged or went to another host first is played as one',
      all.some(({ subAttempts = [] }) => subAttempts.length > 0),
    ),
    ...said(
      'a phone of the PBX is played as a carrier',
      legs.some(({ trunk }) => policy.trunks.get(trunk)?.toPhones === true),
    ),
    ...said(
      'several phones rang at once: only the one that decided is played',
      legs.some(({ failure }) => (failure?.otherLegs ?? []).length > 0),
    ),
    ...said(
      'an answer after the attempt was given up is not played',
      legs.some(({ late }) => late),
    ),
    ...said(
      'the offers are those of the lab’s PBX',
      decisions.some(
        ({ decision: { outcome } }) => outcome.kind === 'dial' && outcome.codecs !== undefined,
      ),
    ),
    ...said('the policy was changed during the call', hashes.size > 1),
  ];
}
