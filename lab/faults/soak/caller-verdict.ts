import type { Behaviour } from '../../runner/scenario/switch-carrier';
import type { PlannedCall } from '../call-mix';
import { byPolicy } from '../owed';
import { FIRST_RESPONSE } from '../policy';
import type { SeenCall } from '../seen';
import { LONGEST_WAIT } from '../verdict';

/** What a carrier's behaviour takes by itself. Milliseconds. */
const SLOW: Partial<Record<Behaviour, number>> = {
  'ring-answer': 100,
  'slow-answer': 2500,
  'ring-503': 200,
  silent: FIRST_RESPONSE,
};

/** What a call got that the policy does not owe, as far as its caller saw it. */
export function judgeCaller({ kind }: PlannedCall, seen: SeenCall | undefined): string[] {
  if (!seen) return ['the caller never sent its INVITE'];
  const way = byPolicy(kind);
  const { finals, finalAt, invitedAt, droppedAt, hungUpAt } = seen;
  const own = way.trunks.reduce((sum, trunk) => sum + (SLOW[kind.meets[trunk]] ?? 0), 0);
  const waited = (finalAt ?? Infinity) - invitedAt - own;
  const dropped = droppedAt !== undefined && (hungUpAt === undefined || droppedAt < hungUpAt);
  return [
    ...(finals.join() === String(way.final)
      ? []
      : [`got ${finals.join('/') || 'nothing'}, was owed ${way.final}`]),
    ...(dropped ? ['the answered call was ended by the PBX'] : []),
    ...(finals.length > 0 && waited > LONGEST_WAIT
      ? [`waited ${(waited / 1000).toFixed(1)} s`]
      : []),
  ];
}
