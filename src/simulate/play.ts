import { saysOfPolicy } from '../policy/decision/inputs';
import { unmirroredSilenceMs } from '../explain/pbx/freeswitch-silence';
import type { Failure } from '../model/failure';
import { decide } from '../policy/decide';
import { failureOf } from '../policy/failure-of';
import type { Decision } from '../policy/decision/decision';
import { isDialable } from '../policy/routes/digits';
import { explain, type Explanation } from '../policy/decision/explain';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import type { Trunk } from '../policy/policy-data';
import { refuseNumber, route } from '../policy/routes/route';
import { InProcessTrunks } from '../trunks/limits/trunk-limits';
import { decideAndReserve } from '../trunks/reserve';
import type { Said } from './say';

/** One rung of the ladder. Times in milliseconds since the start of the call. */
export type Rung =
  | {
      readonly kind: 'decision';
      readonly at: number;
      readonly decision: Decision;
      /** Absent if no policy was asked. */
      readonly explanation?: Explanation;
      /** Of a recorded call: of the policy that decided. Its file may have changed during the call. */
      readonly policyHash?: string;
    }
  | {
      readonly kind: 'answered';
      readonly at: number;
      readonly trunk: string;
      readonly assumed: boolean;
    }
  | {
      /** A recorded call is played again, and was not tried on this trunk then: its end is unknown. */
      readonly kind: 'untried';
      readonly at: number;
      readonly trunk: string;
    }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly trunk: string;
      readonly said: string;
      readonly failure: Failure;
    };

/** A call to simulate. */
export interface Scene {
  readonly policy: Policy;
  /** The hunt before its first attempt. */
  readonly hunt: Hunt;
  /** Responses of the trunks. Several of one trunk are for its successive attempts; the last one repeats. */
  readonly says: readonly Said[];
  /** Trunks held during the whole call. */
  readonly held: readonly string[];
  /** Whether the PBX tells silence from a 100. */
  readonly seesSilence: boolean;
}

/** Round trip of an ordinary refusal. */
const ROUND_TRIP_MS = 100;
const OWNER = 'simulate';
const DAY_MS = 86_400_000;

/** Plays a hunt with the live service's decisions. Ends because every hunt ends. */
export function play({ policy, hunt: given, says, held, seesSilence }: Scene): readonly Rung[] {
  const trunks = new InProcessTrunks();
  for (const trunk of held)
    trunks.hold(trunk, { from: given.startedAt, ms: DAY_MS, why: '--hold' });
  const left = new Map(says.map(({ trunk }) => [trunk, says.filter((it) => it.trunk === trunk)]));
  const rungs: Rung[] = [];
  let hunt = given;
  let now = given.startedAt;
  let failure: Failure | undefined;
  const at = () => now - given.startedAt;
  if (!isDialable(hunt.number)) return [{ kind: 'decision', at: 0, decision: refuseNumber() }];
  for (;;) {
    const current = hunt;
    const happened = failure;
    const made = decideAndReserve(
      (state) =>
        happened
          ? decide(policy, current, happened, state, now)
          : route(policy, current, state, now),
      { policy, hunt, owner: OWNER },
      trunks,
      now,
    );
    const { decision } = made;
    const inputs = { ...saysOfPolicy(policy), hunt, trunks: made.trunks, now };
    const explanation = explain(policy, happened ? { ...inputs, failure: happened } : inputs);
    rungs.push({ kind: 'decision', at: at(), decision, explanation });
    if (decision.hold)
      trunks.hold(decision.hold.trunk, { from: now, ms: decision.hold.ms, why: 'the rule' });
    const { outcome } = decision;
    if (outcome.kind !== 'dial' && outcome.kind !== 'redirect') return rungs;
    if (outcome.kind === 'dial') now += outcome.delayMs ?? 0;
    else hunt = { ...hunt, target: outcome.target, hops: outcome.hops };
    const { trunk } = outcome;
    const queue = left.get(trunk);
    const said = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    const lasted = said ? lasting(said, policy.trunks.get(trunk), seesSilence) : ROUND_TRIP_MS;
    now += lasted;
    if (!said?.evidence) {
      rungs.push({ kind: 'answered', at: at(), trunk, assumed: said === undefined });
      return rungs;
    }
    failure = failureOf([{ ...said.evidence, failedAfterMs: lasted }], policy, trunk);
    rungs.push({ kind: 'failed', at: at(), trunk, said: said.text, failure });
    trunks.release(OWNER);
    hunt = {
      ...hunt,
      contacts: said.contacts,
      attempts: [
        ...hunt.attempts,
        {
          trunk,
          rang: failure.rang,
          class: failure.class,
          ...(failure.sip !== undefined && { sip: failure.sip }),
          ...(outcome.kind === 'dial' && outcome.reoffer && { reoffered: true }),
        },
      ],
    };
  }
}

function lasting(
  { afterMs, ending, evidence }: Said,
  about: Trunk | undefined,
  seesSilence: boolean,
): number {
  if (afterMs !== undefined) return afterMs;
  if (ending === 'no-response') return about ? silence(about, seesSilence) : 0;
  if (ending === 'timeout') {
    const patience = evidence?.progress ? undefined : about?.progressTimeout;
    return patience ?? about?.ringTimeout ?? 0;
  }
  return ROUND_TRIP_MS + (evidence?.earlyMediaMs ?? 0);
}

function silence(trunk: Trunk, isSeen: boolean): number {
  return isSeen ? trunk.firstResponse : unmirroredSilenceMs(trunk);
}
