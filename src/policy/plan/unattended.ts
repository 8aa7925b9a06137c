import type { FailureClass } from '../../model/classes';
import type { Failure } from '../../model/failure';
import type { PhraseBook } from '../../model/phrases';
import { sipCode } from '../../model/registries/sip-codes';
import { decide } from '../decide';
import type { Decision } from '../decision/decision';
import { isNeeds, type Fact } from '../facts';
import { failureOf, phrasesOf } from '../failure-of';
import type { Hunt } from '../hunt';
import type { Policy } from '../policy';
import { frozen, snapshot } from '../trunk-snapshot';
import type { PlannableTrunks, TrunkState } from '../trunk-port';
import { unsent } from './unsent';

/** What follows a failure while nobody can be asked. */
export interface UnattendedStep {
  /** Of the attempts, oldest first; the last one has failed in this way. */
  readonly trunks: readonly string[];
  /** Its status with the registered phrase; absent: it was sent and given up without a final status. */
  readonly said?: { readonly sip: number; readonly phrase: string };
  readonly rang: boolean;
  readonly decision: Decision;
  readonly failureClass: FailureClass;
}

/**
 * For each failure that a PBX can tell by status, phrase and ringing alone what `decide` says of it, where that is the
 * same at any time and for any caller. Unlike a plan it is not for the PBX to go by while it can ask: media, headers and
 * causes, of which only crankback can know, are taken to say nothing.
 */
export interface Unattended {
  readonly steps: readonly UnattendedStep[];
  /** Age of a hunt from which on nothing of it is used. Milliseconds. */
  readonly within: number;
}

export interface UnattendedQuestion {
  readonly policy: Policy;
  /** A hunt before its first attempt. */
  readonly hunt: Hunt;
  /** Trunk of that attempt. */
  readonly trunk: string;
  readonly store: PlannableTrunks;
  readonly unknownOfCall: ReadonlySet<Fact>;
  /** Statuses by which the PBX also reports an attempt that could not be sent. */
  readonly locallyGenerated?: readonly number[];
  /** Unix time in milliseconds. */
  readonly now: number;
}

/** Attempts whose failures are looked at. */
const MOST_ATTEMPTS = 3;

/** What carriers end calls with; others are left to the static fallback. The most usual first, as a PBX's room may end. */
export const UNATTENDED_STATUSES: readonly number[] = [
  503, 488, 486, 480, 404, 500, 408, 403, 603, 600, 502, 504, 501, 484, 410, 606, 604, 607, 608,
  401, 407,
];
/** After ringing nobody is dialled; only what ends the call can follow, most often these. */
const STATUSES_AFTER_RINGING: readonly number[] = [480, 486, 408, 603, 600];
/** What is looked at, the most usual first: silence, no answer, a few statuses. */
const SAID: readonly Said[] = [
  { rang: false },
  { rang: true },
  ...UNATTENDED_STATUSES.slice(0, 4).map((sip) => ({ sip, rang: false })),
  ...STATUSES_AFTER_RINGING.map((sip) => ({ sip, rang: true })),
  ...UNATTENDED_STATUSES.slice(4).map((sip) => ({ sip, rang: false })),
];
const RANKS = new Map(SAID.map((said, rank) => [nameOf(said), rank]));
const SILENCE = 408;

const NEVER_KNOWN: readonly Fact[] = ['time', 'within', 'elapsed'];

/** What follows each failure of the attempts that the policy makes one after the other. */
export function unattended(question: UnattendedQuestion): Unattended {
  const { policy } = question;
  const steps: UnattendedStep[] = [];
  const trunks = [question.trunk];
  while (trunks.length <= MOST_ATTEMPTS) {
    const found = stepsAfter(question, trunks);
    steps.push(...found);
    const next = nextTrunk(found);
    // An attempt more is as many decisions more.
    if (next === undefined) break;
    trunks.push(next);
  }
  const delays = steps.map(({ decision: { outcome } }) =>
    outcome.kind === 'dial' ? (outcome.delayMs ?? 0) : 0,
  );
  return { steps: usualFirst(steps), within: policy.limits.startWithin - Math.max(0, ...delays) };
}

/** Whatever the attempt, rather than attempt by attempt. */
function usualFirst(steps: readonly UnattendedStep[]): readonly UnattendedStep[] {
  const rankOf = ({ said, rang }: UnattendedStep): number =>
    RANKS.get(nameOf({ sip: said?.sip, rang })) ?? SAID.length;
  return [...steps].sort((one, other) => rankOf(one) - rankOf(other));
}

/** Everything that the failures of one attempt have in common. */
interface After {
  readonly policy: Policy;
  readonly hunt: Hunt;
  readonly trunks: readonly string[];
  readonly state: TrunkState;
  readonly unknown: ReadonlySet<Fact>;
  readonly locallyGenerated: readonly number[];
  readonly now: number;
}

function stepsAfter(question: UnattendedQuestion, trunks: readonly string[]): UnattendedStep[] {
  const { policy, hunt, store, unknownOfCall, locallyGenerated = [], now } = question;
  const attempts = trunks.map((trunk) => ({ trunk, rang: false }));
  const after: After = {
    ...{ policy, hunt, now, locallyGenerated, trunks: [...trunks] },
    state: frozen(snapshot(store, policy, { ...hunt, attempts }, now)),
    unknown: new Set([...NEVER_KNOWN, ...unknownOfCall]),
  };
  return SAID.flatMap((said) => stepAfter(after, said) ?? []);
}

function nameOf({ sip, rang }: Said): string {
  return `${sip ?? ''}:${rang}`;
}

interface Said {
  /** Absent: given up without a final status. */
  readonly sip?: number | undefined;
  readonly rang: boolean;
}

function stepAfter(
  { policy, hunt, trunks, state, unknown, locallyGenerated, now }: After,
  { sip, rang }: Said,
): UnattendedStep | undefined {
  const trunk = trunks.at(-1) ?? '';
  const earlier = trunks.slice(0, -1).map((name) => ({ trunk: name, rang: false }));
  const last = { trunk, rang, ...(sip !== undefined && { sip }) };
  const failed = { ...hunt, attempts: [...earlier, last] };
  const isLocal = sip !== undefined && !rang && locallyGenerated.includes(sip);
  const causes = [
    ...failuresFor(policy, trunk, { sip, rang }),
    ...(isLocal ? [unsent(policy, trunk)] : []),
  ];
  const decisions = causes.map((failure) =>
    decide(policy, failed, { ...failure, unknown }, state, now),
  );
  const [decision] = decisions;
  const [failure] = causes;
  if (!failure || !decision || isNeeds(decision)) return undefined;
  const { outcome } = decision;
  const isSame = decisions.every(
    (other) => !isNeeds(other) && JSON.stringify(other.outcome) === JSON.stringify(outcome),
  );
  if (!isSame) return undefined;
  if (rang && outcome.kind !== 'voicemail' && outcome.kind !== 'relay') return undefined;
  // Which status the caller gets may depend on those of earlier attempts.
  if ('sip' in outcome && trunks.length > 1 && failure.fault === 'trunk') return undefined;
  const phrase = sip === undefined ? undefined : sipCode(sip)?.phrase;
  return {
    trunks,
    rang,
    decision,
    failureClass: failure.class,
    ...(sip !== undefined && phrase !== undefined && { said: { sip, phrase } }),
  };
}

/** By phrases and what was said: what else could it depend on. */
const MADE = new WeakMap<PhraseBook, Map<string, readonly Failure[]>>();

/** What may be behind it: the PBX reports a silent far side as a 408 too. Cached for all calls. */
function failuresFor(policy: Policy, trunk: string, { sip, rang }: Said): readonly Failure[] {
  const phrases = phrasesOf(policy, trunk);
  const made = MADE.get(phrases) ?? new Map<string, readonly Failure[]>();
  MADE.set(phrases, made);
  const key = [sip, rang, policy.trunks.get(trunk)?.toPhones].join();
  const known = made.get(key);
  if (known) return known;
  const about = { source: 'plan', rang, progress: rang } as const;
  const phrase = sip === undefined ? undefined : sipCode(sip)?.phrase;
  const told =
    sip === undefined
      ? []
      : [{ ...about, sip, origin: 'far' as const, ...(phrase !== undefined && { phrase }) }];
  const silent = { ...about, origin: 'no-response' as const };
  const may = [...told, ...(sip === undefined || (sip === SILENCE && !rang) ? [silent] : [])];
  const failures = may.map((evidence) => failureOf([evidence], policy, trunk));
  made.set(key, failures);
  return failures;
}

/** Where most failures lead; undefined where none leads to another trunk. */
function nextTrunk(steps: readonly UnattendedStep[]): string | undefined {
  const times = new Map<string, number>();
  for (const { trunks, decision } of steps) {
    const { outcome } = decision;
    if (outcome.kind !== 'dial' || outcome.trunk === trunks.at(-1)) continue;
    times.set(outcome.trunk, (times.get(outcome.trunk) ?? 0) + 1);
  }
  return [...times].sort(([, one], [, other]) => other - one)[0]?.[0];
}
