import { variable, type ChannelData } from '../esl/channel-data';
import { valuesOf } from '../esl/message';
import { MOST_LEGS_OF_ATTEMPT, type EndedLegs } from '../legs/legs';
import type { TrunkNames } from '../trunks/trunk-names';
import type { Report } from './contract';

/** More legs than any bridge has; those behind them are left out. */
export const MOST_LEGS = 100;

/** The legs that leg A has dialled, each as `uuid;name;number`; `MOST_LEGS` at most. */
export function legIdsOf(data: ChannelData): readonly string[] {
  return idsIn(legsIn(data).slice(0, MOST_LEGS));
}

/** Whether a report has more legs than are looked at. */
export function hasTooManyLegs(data: ChannelData): boolean {
  return legsIn(data).length > MOST_LEGS;
}

/**
 * What is to have ended before a report is understood: legs by uuid, or the first one of an attempt by its name.
 * Where an attempt of our own may ring several phones, leg A lists them, and every leg that it dialled before.
 */
export function legsAskedFor(
  { event, attempt }: Report,
  data: ChannelData,
  known: { readonly legs: Pick<EndedLegs, 'isOfAnother'>; readonly trunkNames: TrunkNames },
): readonly string[] {
  if (event === 'failed-only') return legIdsOf(data);
  if (event !== 'failed' || !attempt?.leg) return [];
  const { trunk, leg } = attempt;
  if (!known.trunkNames.mayFork(trunk)) return [leg];
  const own = idsIn(legsIn(data).slice(-MOST_LEGS)).filter(
    (uuid) => !known.legs.isOfAnother(uuid, leg),
  );
  // A phone that is not registered has no leg.
  if (own.length === 0) return [];
  return own.length > 1 ? own.slice(-MOST_LEGS_OF_ATTEMPT) : [leg];
}

function idsIn(legs: readonly string[]): readonly string[] {
  return [...new Set(legs.map((leg) => leg.split(';')[0] ?? ''))].filter((uuid) => uuid !== '');
}

function legsIn(data: ChannelData): readonly string[] {
  return valuesOf(variable(data, 'originated_legs'));
}
