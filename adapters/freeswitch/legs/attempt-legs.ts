import type { InboundConnection } from '../esl/inbound-connection';

/**
 * FreeSWITCH's own cause for a leg without progress in time. The shipped dialplan and `evidenceOf` read it as no
 * response, whatever an earlier INVITE of the leg got.
 */
const GIVEN_UP_CAUSE = 'PROGRESS_TIMEOUT';
/** `user/1001` has a leg for each phone; more are not looked at. */
const MOST_LEGS = 12;
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/**
 * The living legs of the attempt that leg A has under way in the shipped dialplan, by uuid. Leg A lists every leg that
 * it ever dialled, those of the user's own dialplan too: only those that have the attempt's name belong to it. Never
 * rejects.
 */
export async function legsOfAttempt(
  observer: Pick<InboundConnection, 'ask'>,
  legA: string,
): Promise<readonly string[]> {
  const [attempt, listed] = await Promise.all([
    observer.ask('uuid_getvar', `${legA} crankback_leg`),
    observer.ask('uuid_getvar', `${legA} originated_legs`),
  ]);
  const name = attempt?.trim() ?? '';
  if (!/^[0-9a-f-]{36}$/.test(name)) return [];
  const legs = (listed?.match(UUID) ?? []).slice(-MOST_LEGS);
  const names = await Promise.all(
    legs.map((uuid) => observer.ask('uuid_getvar', `${uuid} crankback_leg`)),
  );
  return legs.filter((_, index) => names[index]?.trim() === name);
}

/** Ends these legs as if no response had come to them. Never rejects. */
export async function giveUp(
  observer: Pick<InboundConnection, 'ask'>,
  legs: readonly string[],
): Promise<void> {
  await Promise.all(legs.map((uuid) => observer.ask('uuid_kill', `${uuid} ${GIVEN_UP_CAUSE}`)));
}
