import type { Trunk } from '../../../policy/policy-data';
import { evenPart } from './fair-shares';
import { LimitShare, type Fleet, type ShareAnswer, type ShareAsked } from './limit-share';
import { LIMIT_KINDS, type LimitKind, type LimitShares, type LimitUse, type Share } from './share';

/** How the instances stand to each other, as the book says once a pulse. */
export interface FleetSeen {
  /** So many are there, this one included. */
  readonly instances: number;
  /** Of this one among them, from 0. */
  readonly place: number;
  /** Another one whenever they are not the same ones any more. */
  readonly list: number;
  /** Another one every few seconds, the same on all instances. */
  readonly turn: number;
  /** Since when the book knows who has what; another one: it has forgotten, and is to be told. */
  readonly epoch: string;
  /** What others have changed since the last pulse: `<kind>:<trunk>`; undefined: perhaps everything. */
  readonly changed: readonly string[] | undefined;
}

/** Everything is looked at anew in so many pulses: what Redis has lost comes back. */
const LOOK_PULSES = 600;
/** After an instance came or went: sooner, but not all in the same pulse. */
const NEWS_PULSES = 10;

/** What one changes is looked at by so many in each pulse: by all at once, the load would grow with their square. */
const LOOKERS = 100;

/** An instance's shares of all limits that hold for several instances. */
export class FleetShares implements LimitShares {
  private readonly shares: Readonly<Record<LimitKind, Map<string, LimitShare>>> = {
    calls: new Map(),
    starts: new Map(),
  };
  /** Those that may have something to say. */
  private readonly awake = new Set<LimitShare>();
  /** Begun without the book, each with an even part of its limit. */
  private readonly assumed = new WeakSet<LimitShare>();
  private standing = { instances: 0, place: 0, list: -1 };
  private turn = 0;
  private isAlone = false;
  private epoch = '';
  /** What the book of this epoch has not been told yet. */
  private readonly untold = new Set<LimitShare>();
  /** Those that have refused a call since they were asked for. */
  private readonly pressed = new Set<LimitShare>();
  /** Changed by others, for this instance to look at when it has the turn. */
  private readonly changed = new Set<LimitShare>();
  private pulses = 0;
  private toLookAt: LimitShare[] = [];
  private looksPerPulse = 0;
  private looks = 0;

  constructor(private readonly instance: string) {}

  /** Trunks of the policy in force. */
  configure(trunks: Iterable<Trunk>): void {
    const gone = new Set(LIMIT_KINDS.flatMap((kind) => [...this.shares[kind].values()]));
    for (const trunk of trunks) {
      if (trunk.limits.perInstance) continue;
      for (const kind of LIMIT_KINDS) {
        const limit = limitOf(trunk, kind);
        if (limit === undefined) continue;
        const known = this.shares[kind].get(trunk.name);
        if (known) gone.delete(known);
        this.put(known ?? new LimitShare(trunk.name, kind, limit), limit);
      }
    }
    for (const share of gone) {
      share.configure(undefined);
      this.awake.add(share);
    }
  }

  /** Whether any limit is shared. */
  get isEmpty(): boolean {
    return LIMIT_KINDS.every((kind) => this.shares[kind].size === 0);
  }

  of(trunk: string, kind: LimitKind): Share | undefined {
    const share = this.shares[kind].get(trunk);
    if (!share) return undefined;
    this.awake.add(share);
    const { place } = this.standing;
    const instances = Math.max(1, this.standing.instances);
    const { mine, whole } = share;
    if (mine !== undefined || !this.assumed.has(share)) return { mine, limit: whole, instances };
    if (this.standing.instances === 0) return undefined;
    return { mine: evenPart(whole, instances, place), limit: whole, instances };
  }

  refused(trunk: string, kind: LimitKind): void {
    const share = this.shares[kind].get(trunk);
    if (!share) return;
    share.refused();
    this.pressed.add(share);
  }

  /** The epoch in which the book knows everything that this instance has; '' while it does not. */
  get toldEpoch(): string {
    return this.untold.size === 0 ? this.epoch : '';
  }

  /** The book cannot be asked: what was granted stays, and what was not is an even part. */
  alone(): void {
    this.isAlone = true;
    for (const kind of LIMIT_KINDS)
      for (const share of this.shares[kind].values()) this.assume(share);
  }

  /** The book has said how the fleet stands. */
  seen({ instances, place, list, turn, epoch, changed }: FleetSeen): void {
    this.isAlone = false;
    this.turn = turn;
    if (epoch !== this.epoch) this.tellAll(epoch);
    if (list !== this.standing.list) this.lookAtAll(NEWS_PULSES);
    this.standing = { instances, place, list };
    if (changed === undefined) this.lookAtAll(NEWS_PULSES);
    for (const name of changed ?? []) {
      const [, kind, trunk = ''] = /^(calls|starts):(.*)$/.exec(name) ?? [];
      const share = kind === undefined ? undefined : this.shares[kind as LimitKind].get(trunk);
      if (share) this.changed.add(share);
    }
    this.pulses += 1;
    if ((this.pulses + place) % Math.ceil(instances / LOOKERS) !== 0) return;
    for (const share of this.changed) this.look(share);
    this.changed.clear();
  }

  /**
   * What there is to ask in this pulse: first where calls wait for it, then what a new book has to know.
   * @param now Unix time in milliseconds, by the PBX's clock
   * @param most thousands of trunks are asked for over several pulses
   */
  asks(use: LimitUse, now: number, most: number): readonly ShareAsked[] {
    this.lookOn();
    const asked: ShareAsked[] = [];
    const pressed = [...this.pressed].slice(0, Math.ceil(most / 2));
    for (const share of new Set([...pressed, ...this.untold, ...this.awake])) {
      if (asked.length >= most) break;
      const used = use.use(share.trunk, share.kind, now);
      const ask = share.ask(used, this.fleet, now);
      // Last next time.
      this.awake.delete(share);
      this.pressed.delete(share);
      if (ask || !share.isAsleep(used)) this.awake.add(share);
      if (ask) asked.push(ask);
    }
    return asked;
  }

  /** What the answers of this pulse ask to be given back, without waiting for the next one. */
  gives(answered: readonly ShareAsked[], use: LimitUse, now: number): readonly ShareAsked[] {
    return answered.flatMap(({ kind, trunk }) => {
      const share = this.shares[kind].get(trunk);
      return share?.give(use.use(trunk, kind, now), this.fleet) ?? [];
    });
  }

  /** @param answer undefined: none came */
  take(asked: ShareAsked, answer: ShareAnswer | undefined): void {
    const share = this.shares[asked.kind].get(asked.trunk);
    if (!share) return;
    this.awake.add(share);
    if (!answer) return share.lost();
    share.take(asked, answer);
    if (answer.share !== undefined) this.untold.delete(share);
    if (share.mine !== undefined) this.assumed.delete(share);
    if (!share.isGone) return;
    this.shares[asked.kind].delete(asked.trunk);
    for (const set of [this.awake, this.untold, this.pressed, this.changed]) set.delete(share);
  }

  /** At the end: what is not in use is given back. */
  leave(use: LimitUse, now: number): readonly ShareAsked[] {
    this.configure([]);
    return [...this.awake].flatMap(
      (share) => share.ask(use.use(share.trunk, share.kind, now), this.fleet, now) ?? [],
    );
  }

  private get fleet(): Fleet {
    return { instance: this.instance, turn: this.turn };
  }

  private put(share: LimitShare, limit: number): void {
    const isNew = !this.shares[share.kind].has(share.trunk);
    this.shares[share.kind].set(share.trunk, share);
    share.configure(limit);
    if (isNew && this.isAlone) this.assume(share);
    this.awake.add(share);
  }

  private assume(share: LimitShare): void {
    if (share.mine === undefined) this.assumed.add(share);
  }

  private tellAll(epoch: string): void {
    this.epoch = epoch;
    // First what the epoch before was not told either: or many books that are lost one by one are never told it all.
    const all = [...this.untold, ...LIMIT_KINDS.flatMap((kind) => [...this.shares[kind].values()])];
    this.untold.clear();
    for (const share of all) {
      if (share.mine === undefined) continue;
      this.untold.add(share);
      this.look(share);
    }
  }

  private look(share: LimitShare | undefined): void {
    if (!share) return;
    share.look();
    this.awake.add(share);
  }

  private lookAtAll(pulses: number): void {
    this.toLookAt = LIMIT_KINDS.flatMap((kind) => [...this.shares[kind].values()]);
    this.looksPerPulse = this.toLookAt.length / pulses;
  }

  private lookOn(): void {
    if (this.toLookAt.length === 0) this.lookAtAll(LOOK_PULSES);
    this.looks += this.looksPerPulse;
    const now = Math.floor(this.looks);
    this.looks -= now;
    for (const share of this.toLookAt.splice(0, now)) this.look(share);
  }
}

function limitOf({ limits }: Trunk, kind: LimitKind): number | undefined {
  return kind === 'calls' ? limits.concurrentCalls : limits.callsPerSecond;
}
