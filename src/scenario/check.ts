import { outcomeText } from '../policy/decision/text';
import type { Outcome } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Policy } from '../policy/policy';
import { again } from '../replay/again';
import type { Around } from './far-side';
import type { CallOfRecord } from './recorded';

/**
 * Makes the call's decisions again by the scenario's policy, with the lab's names.
 * @returns those that come out otherwise, one sentence each; empty: the lab must play the same
 */
export function decidedOtherwise(
  call: CallOfRecord,
  policy: Policy,
  around: Around,
): readonly string[] {
  return call.decisions.flatMap(({ decision, inputs }, index) => {
    if (!inputs) return [];
    const now = again(policy, inLab(inputs, around)).decision.outcome;
    const wanted = wordsOf(decision.outcome, around.names.trunks);
    return wordsOf(now, undefined) === wanted
      ? []
      : [
          `decision ${index + 1} would be ${outcomeText({ outcome: now })} in the lab, and was ${outcomeText(decision)}`,
        ];
  });
}

function inLab(inputs: DecisionInputs, { names, host }: Around): DecisionInputs {
  const { trunks, number, targets } = names;
  const { hunt, failure } = inputs;
  // Only what the lab's caller has.
  const { startedAt, attempts, mailboxMissing, contacts, target, hops, codecs, callerGone, draw } =
    hunt;
  const user = (sent: string): string => targets.get(sent) ?? sent;
  return {
    ...inputs,
    hunt: {
      ...{ number, startedAt, mailboxMissing },
      attempts: attempts.map((past) => ({ ...past, trunk: trunks.get(past.trunk) ?? past.trunk })),
      ...(contacts && {
        contacts: contacts.map((one) => ({ user: user(one.user), host: host(one.host) })),
      }),
      ...(target !== undefined && { target: user(target) }),
      ...(hops !== undefined && { hops }),
      ...(codecs && { codecs }),
      ...(callerGone !== undefined && { callerGone }),
      ...(draw !== undefined && { draw }),
    },
    ...(failure && { failure }),
    trunks: { obstacles: {}, turn: 0 },
  };
}

/** What is the same in the lab, apart from names. */
function wordsOf(outcome: Outcome, trunks: ReadonlyMap<string, string> | undefined): string {
  switch (outcome.kind) {
    case 'dial':
    case 'redirect':
      return `${outcome.kind} ${trunks ? trunks.get(outcome.trunk) : outcome.trunk}`;
    case 'voicemail':
      return `voicemail ${outcome.greeting}`;
    case 'announce':
    case 'relay':
      return `${outcome.kind} ${outcome.sip}`;
  }
}
