import { travelOf, type TravelQuestion } from '../policy/plan/travel';
import type { TravellingRoutes } from '../policy/plan/why-asks';
import type { Policy } from '../policy/policy';
import { atMost } from './at-most';
import type { PbxPort } from './ports';

export interface TravelsParts {
  /** The policy in force. */
  readonly policy: () => Policy;
  readonly trunks: TravelQuestion['store'];
  readonly port: Pick<PbxPort, 'reasonsKnown' | 'locallyGenerated' | 'travels'>;
  /** Of plans, the current one. */
  readonly generation: () => string;
  readonly failed: (error: unknown) => void;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** What a PBX was told last. */
export interface ToldToPbx {
  readonly routes: TravellingRoutes;
  /** Of plans: the PBX goes by it under no other. */
  readonly generation: string;
  /** Without a word from us the PBX goes by it until then. Unix time in milliseconds. */
  readonly until: number;
}

/** Many things may change at once, as when a carrier goes down. Milliseconds. */
const TOGETHER = 50;
/** Told anew when this part of its time is over. */
const RENEWED_AFTER = 1 / 8;
/** At least this often, as a clock may be set. Milliseconds. */
const RENEWED_AT_LEAST = 3_600_000;

/** Tells one PBX what the policy says of calls before there are any, and tells it anew when that has changed. */
export class Travels {
  private timer: NodeJS.Timeout | undefined;
  private told = false;
  private last: ToldToPbx | undefined;
  /** The PBX has something of an earlier generation. */
  private isVoid = false;
  /** The last telling. */
  private telling: Promise<void> = Promise.resolve();

  constructor(private readonly parts: TravelsParts) {}

  /** undefined: nothing, or it could not be told. */
  get toldLast(): ToldToPbx | undefined {
    return this.last;
  }

  /** Call when the plan generation was raised: what the PBX has is void. */
  changed(): void {
    this.isVoid = true;
    this.in(TOGETHER);
  }

  /** Tells what is still to be told, and waits for it and for what is being told at most that long. Milliseconds. */
  async stop(limitMs: number): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isVoid) void this.tell();
    await atMost(limitMs, this.telling);
    this.telling = Promise.resolve();
  }

  private in(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.tell(), ms);
    this.timer.unref();
  }

  /** Never rejects. */
  private tell(): Promise<void> {
    this.telling = this.tellNow();
    return this.telling;
  }

  private async tellNow(): Promise<void> {
    this.isVoid = false;
    const { policy: inForce, trunks: store, port, generation, failed, now: clock } = this.parts;
    const { reasonsKnown, locallyGenerated } = port;
    const policy = inForce();
    const { survive } = policy;
    if (!port.travels) return;
    if (survive === undefined) {
      this.last = undefined;
      if (this.told) await port.travels(undefined).catch(failed);
      return;
    }
    this.told = true;
    const now = clock();
    const about = { policy, store, reasonsKnown, now };
    let routes: TravellingRoutes = { begin: 0, ask: {}, more: false };
    const travel = travelOf(
      { ...about, ...(locallyGenerated && { locallyGenerated }) },
      (counts) => (routes = counts),
    );
    const when = { generation: generation(), until: now + survive };
    const telling = port.travels({ ...travel, ...when });
    if (this.timer) {
      const changes = (travel.changesAt ?? Infinity) - now;
      this.in(Math.max(TOGETHER, Math.min(survive * RENEWED_AFTER, RENEWED_AT_LEAST, changes)));
    }
    try {
      await telling;
      this.last = { routes, ...when };
    } catch (error) {
      this.last = undefined;
      failed(error);
    }
  }
}
