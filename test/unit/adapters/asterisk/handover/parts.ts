import type { HandoversParts } from '../../../../../adapters/asterisk/handover/handovers';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';

/** Around handovers, where nothing is known and nobody listens. */
export const NOTHING_AROUND: HandoversParts = {
  rest: { leaveStasis: () => Promise.resolve() },
  log: { error: () => undefined } as never,
  now: () => 7,
  drop: () => undefined,
  awaited: () => undefined,
  fellBack: () => undefined,
  unasked: () => undefined,
  reportContext: () => ({
    trunkNames: new TrunkNames([]),
    legs: { latestOf: () => undefined },
    translated: [],
    configuredOffer: () => undefined,
    mirrored: () => [],
    awaited: () => undefined,
  }),
  reported: () => undefined,
  leftUntold: () => undefined,
  isInHunt: () => false,
  planLeft: () => undefined,
  isUpToDate: () => true,
  takePlan: () => undefined,
  listener: () => undefined,
};
