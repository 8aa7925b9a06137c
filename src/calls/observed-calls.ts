import type { Failure } from '../model/failure';
import { observe, type Observed, type SeenAttempt } from '../observe/observed-call';
import { isDialable } from '../policy/routes/digits';
import { drawFrom } from '../policy/routes/draw';
import type { Policy } from '../policy/policy';
import { snapshot } from '../policy/trunk-snapshot';
import type { TrunkState } from '../policy/trunk-port';
import type { Hunt } from '../policy/hunt';
import type { Handover, ObservedAttempt, ObservedCallOver, ObservedCaller } from './ports';

/** As many as the adapters follow: beyond, an end was missed. */
const MOST_CALLS = 20_000;
/** Of one call; a dialplan that tries more is in a loop. */
const MOST_ATTEMPTS = 32;

/** What a handover tells of a call, which its legs do not. */
export type ToldOfCall = Pick<Hunt, 'number' | 'from' | 'context' | 'mailbox' | 'diverting'>;

/** A call of the user's own dialplan, as far as it has come. */
interface CallInProgress {
  readonly caller: ObservedCaller;
  readonly number: string;
  readonly attempts: SeenAttempt[];
  /** It was handed over to us, and left to its dialplan: what was told, and the hunt's id. */
  readonly told?: ToldOfCall;
  readonly hunt?: string;
}

/** What became of a call, beside the policy. */
export interface ObservedOutcome extends Observed {
  readonly caller: ObservedCaller;
  /** As the hunt that was left to its dialplan, if one was. */
  readonly call: string;
  /** That the policy's routes are asked for. */
  readonly number: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  /** By an attempt, or by the PBX itself. */
  readonly answered: boolean;
}

/** Calls that the user's own dialplan makes, until each is over. Reserves and changes nothing. */
export class ObservedCalls {
  private readonly calls = new Map<string, CallInProgress>();

  constructor(private readonly trunks: TrunkState) {}

  get size(): number {
    return this.calls.size;
  }

  /** @param now Unix time in milliseconds */
  attempt(
    { caller, trunk, known, number: dialled, beganAt, overAt }: ObservedAttempt,
    failure: Failure | undefined,
    policy: Policy,
    now: number,
  ): void {
    if (!caller) return;
    const before = this.calls.get(caller.id);
    const number = before?.number ?? numberOf(caller, dialled, policy, now);
    if (number === undefined) return;
    const call = before ?? { caller, number, attempts: [] };
    if (call.attempts.length >= MOST_ATTEMPTS) return;
    const { from, context } = caller;
    const hunt = {
      ...{ number: call.number, startedAt: now, attempts: [], mailboxMissing: false },
      ...(from !== undefined && { from }),
      ...(context !== undefined && { context }),
    };
    const trunks = snapshot(this.trunks, policy, hunt, now);
    const times = { beganAt, endedAt: overAt };
    call.attempts.push({ trunk, known, ...times, trunks, ...(failure && { failure }) });
    this.keep(call);
  }

  /** A call was handed over, and left to its dialplan. */
  declined({ huntId, leg, channel = leg, callerCallId, hunt }: Handover): void {
    if (!isDialable(hunt.number)) return;
    const { number, from, context, mailbox, diverting } = hunt;
    const told = {
      number,
      ...(from !== undefined && { from }),
      ...(context !== undefined && { context }),
      ...(mailbox !== undefined && { mailbox }),
      ...(diverting !== undefined && { diverting }),
    };
    const caller = {
      ...{ id: channel, leg, extension: number },
      ...(from !== undefined && { from }),
      ...(context !== undefined && { context }),
      ...(callerCallId !== undefined && { callId: callerCallId }),
    };
    const { attempts = [] } = this.calls.get(channel) ?? {};
    this.keep({ caller, number, attempts, told, hunt: huntId });
  }

  /** @returns undefined where there is nothing to compare: no attempt on a trunk of the policy has failed */
  over(
    { id, answered, handedOver }: ObservedCallOver,
    policy: Policy,
  ): ObservedOutcome | undefined {
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (!call || call.attempts.length === 0 || handedOver) return undefined;
    const { caller, number, attempts, told } = call;
    const { from, context } = caller;
    const hunt = {
      ...{ number, draw: drawFrom(id) },
      ...(from !== undefined && { from }),
      ...(context !== undefined && { context }),
      ...told,
    };
    const byAttempt = attempts.some(({ failure }) => !failure);
    const answeredHere = answered && !byAttempt;
    const observed = observe(policy, { hunt, attempts, answeredHere });
    if (!observed) return undefined;
    const startedAt = Math.min(...attempts.map(({ beganAt }) => beganAt));
    const name = call.hunt ?? `${id}@${startedAt}`;
    const byAnyone = answered || byAttempt;
    return { ...observed, caller, call: name, number, startedAt, answered: byAnyone };
  }

  private keep(call: CallInProgress): void {
    this.calls.set(call.caller.id, call);
    const [oldest] = this.calls.keys();
    if (this.calls.size > MOST_CALLS && oldest !== undefined) this.calls.delete(oldest);
  }
}

/**
 * The number that a route is for: as the caller dialled it where the policy has a route for that, else as the dialplan
 * dialled it, which may have a prefix less or more, and is all there is within a macro.
 */
function numberOf(
  { extension, from, context }: ObservedCaller,
  dialled: string,
  { index }: Policy,
  startedAt: number,
): string | undefined {
  const numbers = [extension, dialled].filter(isDialable);
  const about = {
    startedAt,
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
  };
  const routed = numbers.find((number) => index.routes.find({ ...about, number }) !== undefined);
  return routed ?? numbers.at(-1);
}
