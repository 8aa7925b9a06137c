import type { FailureClass } from '../../model/classes';
import { advance, step, type BreakerEvent } from './breaker/breaker';
import { merge } from './breaker/merge';
import { NEVER_TRIPPED, type BreakerState } from './breaker/state';
import { UnsentCounts, type Delta } from './unsent-counts';
import type { Verdict } from './attempt-outcome';
import type { PingVerdict } from './ping-verdict';
import { Permits } from './breaker/permits';
import type { HealthSettings } from '../../policy/health-settings';
import { AttemptWindow, reasonToTrip, type Counts } from './attempt-window';
import type { HoldRequest } from './health-store';
import { Quality, type QualitySeen, type Sample } from './quality/quality';

/** A carrier that forbids this many different numbers without one success does not accept us at all. */
const FORBIDDEN_NUMBERS = 10;

export interface SideParts {
  /** Read anew each time: the policy may change. */
  readonly settings: HealthSettings;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Unique over all instances. */
  readonly newId: () => string;
  /** Whether this instance grants permits itself instead of winning leases from others. */
  readonly ownLeases: () => boolean;
  readonly changed: (from: BreakerState, to: BreakerState, learnt: boolean) => void;
}

type PingFailure = Extract<PingVerdict, { kind: 'down' }>;

/** The verdict of one attempt, with its hunt and the mark of its number. */
export interface Observation {
  readonly verdict: Verdict;
  readonly hunt: string;
  readonly mark: number;
}

/** Health of one side of a trunk: the far end, or this PBX's own sending. */
export class SideHealth {
  private current: BreakerState = NEVER_TRIPPED;
  private readonly window: AttemptWindow;
  private readonly unsent: UnsentCounts;
  private readonly quality: Quality;
  private readonly permits = new Permits();
  private readonly forbidden = new Set<number>();
  private lastRetryAfter = -Infinity;
  private lastFault: FailureClass = 'trunk-failed';
  private worked = 0;

  constructor(private readonly parts: SideParts) {
    const trip = () => parts.settings.trip;
    this.window = new AttemptWindow(trip);
    this.unsent = new UnsentCounts(trip);
    this.quality = new Quality(() => parts.settings);
  }

  state(): BreakerState {
    this.become(advance(this.current, this.parts.now()), false);
    return this.current;
  }

  counts(): Counts {
    return this.window.counts(this.parts.now());
  }

  /** Within the windows of the policy's bounds. */
  qualitySeen(): readonly QualitySeen[] {
    return this.quality.seen(this.parts.now());
  }

  observe(observation: Observation): void {
    const { phase } = this.state();
    if (phase === 'half-open') this.observeProbe(observation);
    else if (phase === 'closed') this.count(observation);
    // A held trunk learns nothing new from calls that were already in progress.
  }

  /** Counts what says something of quality; a held trunk, and one that is tried, are not judged by it. */
  sample(sample: Sample): void {
    if (this.state().phase !== 'closed') return;
    const why = this.quality.add(this.parts.now(), sample);
    if (why !== undefined) this.happen({ on: 'trip', cause: 'quality', why, ...this.stamp() });
  }

  /** Whether a call, or the given hunt's call, may probe the trunk; takes no permit. */
  mayProbe(hunt?: string): boolean {
    if (this.state().phase !== 'half-open') return false;
    const available = this.lease().available(this.parts.now());
    return available > 0 || (hunt !== undefined && this.permits.isHeldBy(hunt));
  }

  takePermit(hunt: string): boolean {
    return this.state().phase === 'half-open' && this.lease().take(hunt, this.parts.now());
  }

  giveBack(hunt: string): void {
    this.permits.giveBack(hunt);
  }

  /** Whether calls that try the trunk are under way. */
  get isProbed(): boolean {
    return this.permits.isInUse;
  }

  hold(request: HoldRequest): void {
    const { by, ...rest } = request;
    this.happen({ on: 'hold', cause: by, ...rest, ...this.stamp() });
  }

  clear(): void {
    this.happen({ on: 'clear', at: this.parts.now() });
    this.forgetCounts();
  }

  /** This many OPTIONS in a row had no good answer; the argument is the last one. */
  pingsFailed({ class: failureClass, sip }: PingFailure, inARow: number): void {
    const last = sip === undefined ? 'without an answer' : `failed, the last one by ${sip}`;
    const why = `${inARow} OPTIONS in a row ${last}`;
    this.happen({ on: 'pings-failed', class: failureClass, why, ...this.stamp() });
  }

  /** Enough OPTIONS in a row had a good answer. */
  pingsWorked(): void {
    this.happen({ on: 'pings-worked', at: this.parts.now() });
  }

  /** Whether a lease must be won before any call may probe the trunk. */
  wantsLease(): boolean {
    return this.state().phase === 'half-open' && !this.permits.isLeased(this.parts.now());
  }

  /** A lease was won for the hold with this id; a lease for an earlier hold is void. */
  grant(holdId: string, until: number): void {
    const state = this.state();
    if (state.phase !== 'half-open' || state.hold.id !== holdId) return;
    this.permits.grant(this.parts.settings.probeCalls - this.worked, until);
  }

  /** Drops permits that this instance granted alone: other instances are reachable again. */
  revoke(): void {
    this.permits.clear();
  }

  /** Merges another instance's state into this one's. */
  adopt(state: BreakerState): void {
    this.become(merge(this.state(), state), true);
  }

  /** What this instance knew before it was restarted, merged with what it knows now. */
  restore(state: BreakerState): void {
    this.become(merge(this.state(), state), false);
  }

  takeUnsent(): Delta | undefined {
    return this.unsent.take(this.parts.now());
  }

  /** Counts of all instances together may trip where those of one do not. */
  judgeTogether(counts: Counts): void {
    this.tripIf(counts, 'on all instances together');
  }

  private count({ verdict, mark }: Observation): void {
    const now = this.parts.now();
    switch (verdict.kind) {
      case 'works':
        this.window.worked(now);
        this.unsent.worked(now);
        this.forbidden.clear();
        return;
      case 'forbidden':
        this.forbidden.add(mark);
        if (this.forbidden.size >= FORBIDDEN_NUMBERS) this.tripForbidden();
        return;
      case 'fault':
        this.lastFault = verdict.class;
        this.window.fault(now, mark);
        this.unsent.fault(now, mark);
        this.tripIf(this.window.counts(now), '', verdict.retryAfter);
        if (verdict.retryAfter !== undefined) this.retryAfter(verdict.class, verdict.retryAfter);
        return;
      case 'nothing':
        return;
    }
  }

  private observeProbe({ verdict, hunt }: Observation): void {
    if (verdict.kind === 'works' || verdict.kind === 'fault') {
      if (!this.permits.settle(hunt)) return;
    } else {
      this.permits.giveBack(hunt);
      return;
    }
    if (verdict.kind === 'fault') {
      const { retryAfter } = verdict;
      this.happen({
        on: 'probe-failed',
        class: verdict.class,
        why: `a call to try it met ${verdict.class}`,
        ...(retryAfter !== undefined && { retryAfter }),
        ...this.stamp(),
      });
      return;
    }
    this.worked += 1;
    if (this.worked < this.parts.settings.probeCalls) return;
    this.happen({ on: 'probes-worked', at: this.parts.now() });
  }

  private tripIf(counts: Counts, where: string, retryAfter?: number): void {
    const reason = reasonToTrip(counts, this.parts.settings.trip);
    if (!reason) return;
    const seen =
      reason === 'streak'
        ? `${counts.streak} faults in a row`
        : `${counts.faults} faults in ${counts.attempts} attempts`;
    this.happen({
      on: 'trip',
      cause: 'faults',
      class: this.lastFault,
      why: `${[seen, where].filter(Boolean).join(' ')}, the last one ${this.lastFault}`,
      ...(retryAfter !== undefined && { retryAfter }),
      ...this.stamp(),
    });
  }

  private tripForbidden(): void {
    this.happen({
      on: 'trip',
      cause: 'auth-failed',
      class: 'auth-failed',
      why: `403 to ${FORBIDDEN_NUMBERS} different numbers without one success`,
      ...this.stamp(),
    });
  }

  /** One Retry-After may concern one call; the second within the window concerns the trunk. */
  private retryAfter(failureClass: FailureClass, length: number): void {
    const now = this.parts.now();
    const isSecond = now - this.lastRetryAfter <= this.parts.settings.trip.ratio.window;
    this.lastRetryAfter = now;
    if (!isSecond || this.current.phase !== 'closed') return;
    const seconds = Math.ceil(length / 1000);
    this.happen({
      on: 'hold',
      cause: 'retry-after',
      class: failureClass,
      for: length,
      why: `Retry-After ${seconds} s, the second within the window`,
      ...this.stamp(),
    });
  }

  private lease(): Permits {
    if (this.parts.ownLeases() && !this.permits.isLeased(this.parts.now())) {
      this.permits.grant(this.parts.settings.probeCalls - this.worked, Infinity);
    }
    return this.permits;
  }

  private stamp(): { readonly at: number; readonly id: string } {
    return { at: this.parts.now(), id: this.parts.newId() };
  }

  private happen(event: BreakerEvent): void {
    this.become(step(this.state(), event, this.parts.settings, this.parts.random()), false);
  }

  private become(next: BreakerState, learnt: boolean): void {
    const before = this.current;
    if (next === before) return;
    this.current = next;
    // The state replaces the counts that led to it.
    this.forgetCounts();
    this.permits.clear();
    this.worked = 0;
    this.parts.changed(before, next, learnt);
  }

  private forgetCounts(): void {
    this.window.clear();
    this.unsent.clear();
    this.quality.clear();
    this.forbidden.clear();
  }
}
