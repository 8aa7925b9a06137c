import { huntName } from '../model/hunt-name';
import type { HealthStore } from './health/health-store';
import type { TrunkStore } from './trunk-store';

/**
 * The trunks for the calls of one PBX. Two PBXes may give their calls the same name, so what a call has reserved stands
 * under the name of its PBX as well.
 */
export function ownTrunks(pbx: string, trunks: TrunkStore): TrunkStore {
  return {
    obstacle: (...asked) => trunks.obstacle(...asked),
    retriesLeft: (...asked) => trunks.retriesLeft(...asked),
    offer: (...asked) => trunks.offer(...asked),
    turn: (route) => trunks.turn(route),
    rationed: (trunk) => trunks.rationed(trunk),
    ranking: (...asked) => trunks.ranking(...asked),
    attempted: (...told) => trunks.attempted(...told),
    commit: (reservation, about, owner, now) =>
      trunks.commit(reservation, about, huntName(pbx, owner), now),
    release: (owner) => trunks.release(huntName(pbx, owner)),
    hold: (...asked) => trunks.hold(...asked),
    learn: (...asked) => trunks.learn(...asked),
    unlearn: (trunk) => trunks.unlearn(trunk),
  };
}

type OfAttempts = Pick<
  HealthStore,
  'report' | 'left' | 'timed' | 'abandon' | 'pinged' | 'sendsAgain'
>;

/** The same for what its attempts tell of the trunks' health. */
export function ownReports(pbx: string, health: OfAttempts): OfAttempts {
  return {
    report: (report) => health.report({ ...report, hunt: huntName(pbx, report.hunt) }),
    abandon: (hunt) => health.abandon(huntName(pbx, hunt)),
    left: (attempt) => health.left(attempt),
    timed: (...told) => health.timed(...told),
    pinged: (report) => health.pinged(report),
    sendsAgain: () => health.sendsAgain(),
  };
}
