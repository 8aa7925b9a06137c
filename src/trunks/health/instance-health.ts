import type { Named } from '../../findings/named';
import { SideHealth, type SideParts } from './trunk-health';
import { judge, type Side } from './attempt-outcome';
import { judgePing, PingRow } from './ping-verdict';
import { numberMark } from './number-mark';
import { postDialDelay, talkTime, type LegTimes } from '../../model/leg-times';
import { DEFAULT_HEALTH, type HealthSettings } from '../../policy/health-settings';
import type {
  AttemptReport,
  HealthChange,
  HoldRequest,
  LeftAttempt,
  PingReport,
  TrunkHold,
  TrunkHealth,
  TrunkReport,
} from './health-store';

export interface InstanceHealthParts {
  /** Every trunk of the policy, in its order. */
  readonly trunks: ReadonlyMap<string, HealthSettings>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Unique over all instances that share their state. */
  readonly instance: string;
  readonly changed?: (change: HealthChange) => void;
}

type Sides = Readonly<Record<Side, SideHealth>>;

interface TrunkRecord extends Sides {
  readonly pings: PingRow;
}

/** Health of all trunks as this instance knows it; every store answers from it. */
export class InstanceHealth {
  private readonly trunks = new Map<string, TrunkRecord>();
  /** The few that calls try now: an end of a call is not looked for in all of them. */
  private readonly probed = new Set<TrunkRecord>();
  private settings: ReadonlyMap<string, HealthSettings>;
  private ids = 0;
  /** Whether this instance itself grants permits for the far side. */
  grantsItself = true;

  constructor(private readonly parts: InstanceHealthParts) {
    this.settings = parts.trunks;
    this.configure(parts.trunks);
  }

  /** Sets the trunks of a changed policy; keeps what is known of a trunk that stays. */
  configure(trunks: ReadonlyMap<string, HealthSettings>): void {
    this.settings = trunks;
    for (const name of this.trunks.keys()) if (!trunks.has(name)) this.trunks.delete(name);
    for (const name of trunks.keys()) {
      if (this.trunks.has(name)) continue;
      this.trunks.set(name, {
        far: this.sideOf(
          name,
          'far',
          (settings) => settings,
          () => this.grantsItself,
        ),
        // Nothing was sent, so neither the number nor another instance matters.
        local: this.sideOf(name, 'local', withoutNumbers, () => true),
        pings: new PingRow(),
      });
    }
  }

  /** A trunk's current settings; the defaults for a trunk that the policy does not know. */
  settingsOf(trunk: string): HealthSettings {
    return this.settings.get(trunk) ?? DEFAULT_HEALTH;
  }

  names(): readonly string[] {
    return [...this.trunks.keys()];
  }

  /** The side that instances share; undefined for a trunk that the policy does not know. */
  far(trunk: string): SideHealth | undefined {
    return this.trunks.get(trunk)?.far;
  }

  report({ trunk, hunt, number, outcome }: AttemptReport): void {
    const sides = this.trunks.get(trunk);
    if (!sides) return;
    const verdict = judge(outcome);
    if (verdict.kind === 'works') sides.pings.breakOff();
    const observation = { hunt, mark: numberMark(number) };
    const endedByUs = outcome.kind === 'failed' && outcome.failure.origin === 'ours';
    if (verdict.kind === 'fault' && verdict.side === 'local') {
      sides.local.observe({ ...observation, verdict });
      sides.far.observe({ ...observation, verdict: { kind: 'nothing' } });
      sides.far.sample({ kind: 'attempt', outcome, mark: observation.mark });
      return;
    }
    sides.far.observe({ ...observation, verdict });
    sides.far.sample({ kind: 'attempt', outcome, mark: observation.mark });
    // Even without a response, the call was sent.
    const sent = verdict.kind === 'works' || !endedByUs;
    sides.local.observe({ ...observation, verdict: { kind: sent ? 'works' : 'nothing' } });
  }

  left({ trunk, number, failure }: LeftAttempt): void {
    const outcome = { kind: 'failed', failure } as const;
    this.far(trunk)?.sample({ kind: 'attempt', outcome, mark: numberMark(number) });
  }

  timed(trunk: string, times: LegTimes): void {
    const far = this.far(trunk);
    const delayMs = postDialDelay(times);
    if (delayMs !== undefined) far?.sample({ kind: 'rang', delayMs });
    const talkMs = talkTime(times);
    if (talkMs !== undefined) far?.sample({ kind: 'talked', talkMs });
  }

  /** Affects the local side only: another PBX may reach the trunk. */
  pinged({ trunk, ...result }: PingReport): void {
    const record = this.trunks.get(trunk);
    const settings = this.settings.get(trunk)?.ping;
    if (!record || !settings) return;
    const verdict = judgePing(result);
    const row = record.pings.add(verdict, settings);
    if (row === 'up') record.local.pingsWorked();
    if (row === 'down' && verdict.kind === 'down') record.local.pingsFailed(verdict, settings.down);
  }

  sendsAgain(): void {
    for (const { local } of this.trunks.values()) {
      if (local.state().phase !== 'closed') local.clear();
    }
  }

  read(trunk: string): TrunkHealth {
    const sides = this.trunks.get(trunk);
    if (!sides) return { trunk, phase: 'closed', access: 'open', trips: 0 };
    const far = healthOf(trunk, 'far', sides.far);
    const local = healthOf(trunk, 'local', sides.local);
    return rank(local) > rank(far) ? local : far;
  }

  reserve(trunk: string, hunt: string): boolean {
    const sides = this.trunks.get(trunk);
    if (!sides) return true;
    // Takes both permits or none: an unused permit keeps other calls out.
    const onTrial = [sides.far, sides.local].filter((side) => side.state().phase !== 'closed');
    if (!onTrial.every((side) => side.mayProbe(hunt))) return false;
    if (onTrial.length > 0) this.probed.add(sides);
    return onTrial.every((side) => side.takePermit(hunt));
  }

  abandon(hunt: string): void {
    for (const sides of this.probed) {
      sides.far.giveBack(hunt);
      sides.local.giveBack(hunt);
      if (!sides.far.isProbed && !sides.local.isProbed) this.probed.delete(sides);
    }
  }

  hold(trunk: string, request: HoldRequest): boolean {
    const far = this.far(trunk);
    far?.hold(request);
    return far !== undefined;
  }

  clear(trunk: string): boolean {
    const sides = this.trunks.get(trunk);
    sides?.far.clear();
    sides?.local.clear();
    return sides !== undefined;
  }

  operatorHolds(): readonly TrunkHold[] {
    return this.names().flatMap((trunk) => {
      const state = this.far(trunk)?.state();
      return state?.phase === 'held' && state.hold.cause === 'operator' ? [{ trunk, state }] : [];
    });
  }

  restore({ trunk, state }: TrunkHold): boolean {
    const far = this.far(trunk);
    far?.restore(state);
    return far !== undefined;
  }

  warnings(): readonly Named[] {
    return [];
  }

  list(): readonly TrunkReport[] {
    return [...this.reports()];
  }

  *reports(): Generator<TrunkReport> {
    for (const name of [...this.settings.keys()]) {
      // Gone by now, perhaps.
      const report = this.reportOf(name);
      if (report) yield report;
    }
  }

  reportOf(trunk: string): TrunkReport | undefined {
    const record = this.trunks.get(trunk);
    if (!record) return undefined;
    const { far, local } = record;
    const health = this.read(trunk);
    const side = health.hold?.side === 'local' ? local : far;
    const since = sinceOf(side);
    const counts = { far: far.counts(), local: local.counts() };
    const quality = far.qualitySeen();
    return { ...health, ...(since !== undefined && { since }), counts, quality };
  }

  private sideOf(
    trunk: string,
    side: Side,
    adapt: (settings: HealthSettings) => HealthSettings,
    ownLeases: () => boolean,
  ): SideHealth {
    const { now, random, instance, changed } = this.parts;
    const current = (): HealthSettings => adapt(this.settingsOf(trunk));
    const parts: SideParts = {
      // Read anew each time, because the policy file may change.
      get settings() {
        return current();
      },
      now,
      random,
      newId: () => `${instance}:${++this.ids}`,
      ownLeases,
      changed: (from, to, learnt) => changed?.({ trunk, side, from: from.phase, to, learnt }),
    };
    return new SideHealth(parts);
  }
}

function withoutNumbers(settings: HealthSettings): HealthSettings {
  return { ...settings, trip: { ...settings.trip, distinctNumbers: 1 } };
}

function healthOf(trunk: string, name: Side, side: SideHealth): TrunkHealth {
  const state = side.state();
  const { phase, trips } = state;
  if (state.phase === 'closed') return { trunk, phase, access: 'open', trips };
  const access = side.mayProbe() ? 'probe' : 'held';
  return { trunk, phase, access, trips, hold: { ...state.hold, side: name } };
}

/** The side of a trunk with the higher rank decides. */
function rank({ phase, access, hold }: TrunkHealth): number {
  if (phase === 'held') return hold?.absolute ? 4 : 3;
  if (phase === 'half-open') return access === 'held' ? 2 : 1;
  return 0;
}

function sinceOf(side: SideHealth): number | undefined {
  const state = side.state();
  if (state.phase === 'closed') return state.since;
  return state.phase === 'held' ? state.hold.since : state.hold.until;
}
