import type { Failure } from '../model/failure';
import { explain } from '../policy/decision/explain';
import type { Outcome } from '../policy/decision/decision';
import { asFor, saysOfPolicy, type DecisionInputs } from '../policy/decision/inputs';
import type { Hunt, PastAttempt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { classified } from '../replay/again';
import type { Rung } from './play';

/** A recorded call that is to be played again. */
export interface RecordedScene {
  /** Of each decision in its order, what it was made from. */
  readonly steps: readonly DecisionInputs[];
  /** Its attempts, in the order in which they began; times are Unix time in milliseconds. */
  readonly legs: readonly RecordedLeg[];
  /** What decides instead of the policy that decided this step then. */
  readonly policyOf: (step: DecisionInputs) => Policy;
}

interface RecordedLeg {
  readonly trunk: string;
  readonly beganAt: number;
  readonly endedAt?: number | undefined;
  readonly answered: boolean;
  /** Absent if it was answered, and while nobody told how it ended. */
  readonly failure?: Failure | undefined;
}

/** How one attempt on a trunk ended then. */
interface Ended {
  readonly trunk: string;
  /** Absent: it was answered. */
  readonly failure?: Failure;
  /** Contacts of a 3xx. */
  readonly contacts?: Hunt['contacts'];
  /** Milliseconds from the decision that began it. */
  readonly lasted: number;
  /** Nothing was decided on it: the caller had left. */
  readonly last: boolean;
}

/** What a call has behind it. */
type Behind = Pick<Hunt, 'attempts' | 'target' | 'hops' | 'contacts' | 'mailboxMissing'>;

/**
 * Plays a recorded call: each trunk says what it said then, the trunks' states and the times are those of then, and what
 * the call has behind it comes of the decisions made here. By the policy of then it goes as it went; by a draft it ends
 * where the draft takes a trunk that nobody tried then. Pure.
 */
export function playAgain({ steps, legs, policyOf }: RecordedScene): readonly Rung[] {
  const [first] = steps;
  if (!first) return [];
  const left = endings(steps, legs);
  const rungs: Rung[] = [];
  const { startedAt } = first.hunt;
  let step = first;
  let behind: Behind = first.hunt;
  let { now, failure } = first;
  // The user's own dialplan made the first attempt.
  if (failure)
    rungs.push(failedRung(behind.attempts.at(-1)?.trunk ?? '', failure, now - startedAt));
  for (let turn = 1; ; turn += 1) {
    const policy = asFor(policyOf(step), step);
    const trunk = behind.attempts.at(-1)?.trunk;
    const told = failure && classified(policy, trunk, failure);
    const hunt = { ...around(step.hunt), ...withClass(behind, told) };
    const inputs = { ...saysOfPolicy(policy), hunt, trunks: step.trunks, now };
    const explanation = explain(policy, told ? { ...inputs, failure: told } : inputs);
    const { outcome } = explanation.decision;
    rungs.push({
      ...{ kind: 'decision', at: now - startedAt },
      ...{ decision: explanation.decision, explanation, policyHash: policy.hash },
    });
    // Beyond what was decided then, the trunks are as they were last.
    const next = steps[turn] ?? step;
    if (outcome.kind === 'voicemail' && next.hunt.mailboxMissing && !behind.mailboxMissing) {
      behind = { ...behind, mailboxMissing: true };
      [step, now] = [next, next.now];
      continue;
    }
    if (outcome.kind !== 'dial' && outcome.kind !== 'redirect') return rungs;
    const place = left.findIndex((one) => one.trunk === outcome.trunk);
    const [ended] = place < 0 ? [] : left.splice(place, 1);
    if (!ended) return [...rungs, { kind: 'untried', at: now - startedAt, trunk: outcome.trunk }];
    now += ended.lasted;
    const at = now - startedAt;
    if (!ended.failure)
      return [...rungs, { kind: 'answered', at, trunk: outcome.trunk, assumed: false }];
    failure = ended.failure;
    const said = classified(policy, ended.trunk, failure);
    rungs.push(failedRung(ended.trunk, said, at));
    if (ended.last) return rungs;
    behind = after(behind, outcome, said, ended.contacts);
    step = next;
  }
}

function endings(steps: RecordedScene['steps'], legs: RecordedScene['legs']): Ended[] {
  const decided = steps.flatMap(({ hunt, failure, now }, index): Ended[] => {
    const before = steps[index - 1];
    const trunk = hunt.attempts.at(-1)?.trunk;
    // A missing mailbox hands the same failure over again.
    if (!before || !failure || trunk === undefined || hunt.mailboxMissing) return [];
    const { contacts } = hunt;
    const lasted = now - before.now;
    return [{ trunk, failure, lasted, last: false, ...(contacts && { contacts }) }];
  });
  const lastAt = steps.at(-1)?.now ?? 0;
  const leg = legs.at(-1);
  // Every earlier one has failed, and was decided on.
  const begun = steps.reduce((most, { hunt }) => Math.max(most, hunt.attempts.length), 0);
  if (!leg || legs.length <= begun || (!leg.answered && !leg.failure)) return decided;
  const { trunk, answered, failure, endedAt = lastAt } = leg;
  const lasted = Math.max(0, endedAt - lastAt);
  return [...decided, { trunk, lasted, last: true, ...(!answered && failure && { failure }) }];
}

function failedRung(trunk: string, failure: Failure, at: number): Rung {
  const said = failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`;
  return { kind: 'failed', at, trunk, said: said.trim(), failure };
}

/** What the PBX says of the call, whatever happened to it. */
function around({ number, startedAt, from, context, ...hunt }: Hunt): Omit<Hunt, keyof Behind> {
  const { mailbox, diverting, callerGone, codecs, draw } = hunt;
  return {
    ...{ number, startedAt },
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
    ...(diverting !== undefined && { diverting }),
    ...(callerGone !== undefined && { callerGone }),
    ...(codecs && { codecs }),
    ...(draw !== undefined && { draw }),
  };
}

function withClass(
  { attempts, target, hops, contacts, mailboxMissing }: Behind,
  failure: Failure | undefined,
): Behind {
  const last = attempts.at(-1);
  const known = failure && last?.class !== undefined ? { ...last, class: failure.class } : last;
  return {
    attempts: known ? [...attempts.slice(0, -1), known] : attempts,
    mailboxMissing,
    ...(target !== undefined && { target }),
    ...(hops !== undefined && { hops }),
    ...(contacts && { contacts }),
  };
}

function after(
  behind: Behind,
  outcome: Extract<Outcome, { kind: 'dial' | 'redirect' }>,
  { rang, class: name, sip }: Failure,
  contacts: Hunt['contacts'],
): Behind {
  const attempt: PastAttempt = {
    ...{ trunk: outcome.trunk, rang, class: name },
    ...(sip !== undefined && { sip }),
    ...(outcome.kind === 'dial' && outcome.reoffer && { reoffered: true }),
  };
  const { target, hops } = outcome.kind === 'redirect' ? outcome : behind;
  return {
    attempts: [...behind.attempts, attempt],
    mailboxMissing: behind.mailboxMissing,
    ...(target !== undefined && { target }),
    ...(hops !== undefined && { hops }),
    ...(contacts && { contacts }),
  };
}
