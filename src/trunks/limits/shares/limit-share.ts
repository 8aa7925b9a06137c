import { fairShares } from './fair-shares';
import { Need } from './need';
import type { LimitKind } from './share';

/** What one instance has of a limit, as the book of all instances says. */
export interface Holding {
  readonly instance: string;
  readonly share: number;
  /** Used when it was written; more than the share where calls run on above it. */
  readonly used: number;
  readonly need: number;
}

/** What an instance asks of the book. */
export interface ShareAsked {
  readonly kind: LimitKind;
  readonly trunk: string;
  /** By this instance's policy; undefined where it needs its entry no more. */
  readonly limit: number | undefined;
  /** Granted earlier and not given back; undefined: nothing yet. */
  readonly held: number | undefined;
  readonly wanted: number;
  readonly used: number;
  readonly need: number;
}

/** What the book answers. */
export interface ShareAnswer {
  /** Undefined where the book is too young to know who has what, or a later request came first. */
  readonly share: number | undefined;
  /** The smallest limit among the policies of the instances. */
  readonly limit: number;
  /** A sample of them where they are many. */
  readonly others: readonly Holding[];
  /** So many others there are. */
  readonly among: number;
  /** Nobody gets more than it had; ask again. */
  readonly young: boolean;
}

/** What a share has to know of the fleet. */
export interface Fleet {
  readonly instance: string;
  /** The same on all instances at the same time, and another one every few seconds. */
  readonly turn: number;
}

/**
 * One instance's part of one limit. It says what to ask for; the book, which no two change at once, says what there
 * is. It never uses more than the book has of it: what it gives back it stops using before it says so, what it gets it
 * uses after the answer.
 */
export class LimitShare {
  private granted: number | undefined;
  /** Less than granted while what is above it is given back. */
  private ceiling = Infinity;
  /** After the policy lowered the limit, until the book has answered to that. */
  private cut = Infinity;
  private limitOfAll: number;
  private others: readonly Holding[] = [];
  private among = 0;
  private readonly need = new Need();
  private refusals = 0;
  private isDirty = true;
  private isLeaving = false;
  /** As asked last and answered. */
  private told: Pick<ShareAsked, 'wanted' | 'used' | 'need'> | undefined;

  /** @param limit of this instance's policy */
  constructor(
    readonly trunk: string,
    readonly kind: LimitKind,
    private limit: number,
  ) {
    this.limitOfAll = limit;
  }

  /** What may be used now; undefined where the book has granted nothing yet. */
  get mine(): number | undefined {
    return this.granted === undefined ? undefined : Math.min(this.granted, this.ceiling, this.cut);
  }

  /** Of all instances together. */
  get whole(): number {
    return Math.min(this.limit, this.limitOfAll);
  }

  get isGone(): boolean {
    return this.isLeaving && this.granted === undefined && !this.isDirty;
  }

  /** @param limit undefined: the policy has it no more, or for this instance alone */
  configure(limit: number | undefined): void {
    if (limit === undefined) {
      if (!this.isLeaving) this.isDirty = true;
      this.isLeaving = true;
      return;
    }
    if (limit === this.limit && !this.isLeaving) return;
    // Until the book answers, what the others have is lowered by as much.
    if (limit < this.limit)
      this.cut = Math.floor(((this.mine ?? 0) * limit) / Math.max(1, this.limit));
    this.limit = limit;
    this.isLeaving = false;
    this.isDirty = true;
  }

  refused(): void {
    this.refusals += 1;
  }

  /** Somebody has changed something in the book, or it has to be looked at again. */
  look(): void {
    this.isDirty = true;
  }

  /**
   * Once a pulse.
   * @param now Unix time in milliseconds
   * @returns undefined where there is nothing to say
   */
  ask(used: number, fleet: Fleet, now: number): ShareAsked | undefined {
    this.need.note(used + this.refusals, now);
    this.refusals = 0;
    const asked = this.isLeaving ? this.leave(used) : this.plan(used, fleet);
    if (!this.isDirty && this.isTold(asked)) return undefined;
    return this.sent(asked);
  }

  /** After an answer: what the others need of this share is given back at once. */
  give(used: number, fleet: Fleet): ShareAsked | undefined {
    if (this.granted === undefined || this.isLeaving) return undefined;
    const asked = this.plan(used, fleet);
    return asked.wanted < this.granted ? this.sent(asked) : undefined;
  }

  /** Whether nothing is going on that another pulse would have to look at. */
  isAsleep(used: number): boolean {
    return (
      !this.isDirty &&
      this.refusals === 0 &&
      used === 0 &&
      this.need.level(this.limit) === 0 &&
      (this.told?.need ?? 0) === 0
    );
  }

  take(asked: ShareAsked, { share, limit, others, among, young }: ShareAnswer): void {
    this.others = others;
    this.among = among;
    if (asked.limit === undefined) {
      this.granted = undefined;
      this.isDirty = !this.isLeaving;
      return;
    }
    this.limitOfAll = limit;
    this.isDirty = share === undefined || (young && share < asked.wanted);
    if (share === undefined) return;
    if (asked.limit === this.limit) this.cut = Infinity;
    this.granted = share;
    this.told = asked;
  }

  /** No answer came: the book may have it or not. */
  lost(): void {
    this.isDirty = true;
  }

  /** What is there for so many of all: a sample stands for the others, and one in it may have something. */
  private wholeOf(count: number): number {
    if (count > this.among) return this.whole;
    return Math.max(Math.min(1, this.whole), Math.round((this.whole * count) / (this.among + 1)));
  }

  private isTold({ wanted, used, need }: ShareAsked): boolean {
    const { told, granted = 0 } = this;
    if (!told || told.wanted !== wanted || told.need !== need) return false;
    // Above the share each call that ends makes room.
    return used <= granted || used === told.used;
  }

  private sent(asked: ShareAsked): ShareAsked {
    if (this.granted !== undefined) this.granted = Math.min(this.granted, asked.wanted);
    return asked;
  }

  private leave(used: number): ShareAsked {
    const { trunk, kind, granted: held } = this;
    const wanted = Math.min(used, held ?? 0);
    const limit = wanted > 0 ? this.limit : undefined;
    return { trunk, kind, limit, held, wanted, used, need: 0 };
  }

  private plan(used: number, { instance, turn }: Fleet): ShareAsked {
    const { trunk, kind, limit, granted: held, others } = this;
    const need = this.need.level(limit);
    const all = [...others, { instance, share: held ?? 0, used, need }].sort((a, b) =>
      a.instance < b.instance ? -1 : 1,
    );
    const targets = fairShares(
      this.wholeOf(all.length),
      all.map((one) => one.need),
      turn,
    );
    const target = targets[all.findIndex((one) => one.instance === instance)] ?? 0;
    const isShort = all.some(
      (one, index) => one.instance !== instance && short(one, targets[index]),
    );
    const gives = isShort && target < (held ?? 0);
    this.ceiling = gives ? target : Infinity;
    const wanted = gives ? Math.max(target, used) : Math.max(held ?? 0, target, used);
    return { trunk, kind, limit, held, wanted, used, need };
  }
}

/** Has less than is fair, and feels it: what nobody uses need not be even. */
function short({ share, need }: Holding, target = 0): boolean {
  return share < target && (need >= share || 2 * share < target);
}
