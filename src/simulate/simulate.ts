import { NAMED_CODECS } from '../codecs/registry';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { quote } from '../policy-file/problems/problems';
import { closest } from '../policy-file/problems/suggest';
import { play, type Rung } from './play';
import { readSay } from './say';

/** A call to simulate. */
export interface SimulatedCall {
  /** The dialled number. */
  readonly to: string;
  /** The caller's number; absent for an anonymous call. */
  readonly from?: string;
  /** The dialplan's context that the call came from. */
  readonly context?: string;
  /** The callee's mailbox, `1001@default`. */
  readonly mailbox?: string;
  /** When the call begins. Unix time in milliseconds. */
  readonly startedAt: number;
  /** Responses of the trunks, as with `--say`: `carrier-a: 503 No lines retry-after=7`. */
  readonly says: readonly string[];
  /**
   * Whether the PBX tells silence from a 100; default true. False for a FreeSWITCH whose SIP is not mirrored: then
   * `first_response` has no effect.
   */
  readonly seesSilence?: boolean;
  /** Trunks held during the whole call. */
  readonly held?: readonly string[];
}

/** Result of a simulated call. */
export interface Simulation {
  /** Decisions and the trunks' responses, in order. `ladderText` renders them as text. */
  readonly rungs: readonly Rung[];
  /** Trunks in `says` that were never called. */
  readonly unreached: readonly string[];
}

/** The call names a trunk that the policy does not have. */
export class UnknownTrunkError extends Error {
  override readonly name = 'UnknownTrunkError';
}

/**
 * Plays one call against a policy, with the decisions of the live service. It places no call and does not
 * wait: the call's clock is computed.
 * @throws SayError for a line of `says` that cannot be parsed, UnknownTrunkError for a trunk in `says` or
 * `held` that the policy does not have
 */
export function simulate(policy: Policy, call: SimulatedCall): Simulation {
  const { says: written, held = [], seesSilence = true } = call;
  const says = written.map(readSay);
  const named = says.map(({ trunk }) => trunk);
  for (const name of [...named, ...held]) {
    if (!policy.trunks.has(name)) throw new UnknownTrunkError(unknownTrunk(name, policy));
  }
  const rungs = play({ policy, hunt: huntOf(call), says, held, seesSilence });
  const reached = new Set(rungs.flatMap((rung) => ('trunk' in rung ? [rung.trunk] : [])));
  return { rungs, unreached: [...new Set(named)].filter((name) => !reached.has(name)) };
}

function huntOf({ to, from, context, mailbox, startedAt }: SimulatedCall): Hunt {
  return {
    number: to,
    startedAt,
    attempts: [],
    mailboxMissing: false,
    // The PBX's codecs are unknown here.
    codecs: NAMED_CODECS,
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
  };
}

function unknownTrunk(name: string, { trunks }: Policy): string {
  const known = [...trunks.keys()];
  const meant = closest(name, known);
  const guess = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  return `unknown trunk ${quote(name)}${guess || '.'} Known trunks: ${known.join(', ')}`;
}
