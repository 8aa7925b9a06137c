import { isDeepStrictEqual } from 'node:util';
import { failureOf } from '../../policy/failure-of';
import { NOTHING_UNKNOWN } from '../../policy/facts';
import type { WholePolicy } from '../../policy/policy';
import type { Rule } from '../../policy/policy-data';
import { matches } from '../../policy/rules/match';
import { surroundings, type Situation } from '../../policy/situation';
import { ruleLists, type RuleList } from './rule-lists';
import type { Warning } from './warning';

/** Nothing has come back from a trunk. */
const SILENCE = { source: 'check', rang: false, progress: false, origin: 'no-response' } as const;

/**
 * Rules on 408 beside a trunk that may be silent: the PBX's own time-out is no response and has no status, so
 * such a rule does not match it. No warning where silence is treated in the same way.
 */
export function unmatchedSilence(policy: WholePolicy): readonly Warning[] {
  return ruleLists(policy).flatMap((list) =>
    list.rules.filter(isOnTimeout).flatMap((rule): Warning[] => {
      const what = treatmentOfSilence(policy, list);
      if (what && isDeepStrictEqual(what.do.treatment, rule.do.treatment)) return [];
      const where = what && policy.defaults.includes(what) ? 'a built-in rule' : lineOf(what);
      return [
        {
          at: rule.at,
          finding: 'CB1303',
          message: `this rule does not match silence: a trunk from which nothing comes has no status, not even 408; ${where} applies to it`,
          expected:
            'Add a rule with class: trunk-timeout, which is silence, a 408 before ringing and a 504',
        },
      ];
    }),
  );
}

/** A rule that names 408 itself, and would match silence if that had this status. */
function isOnTimeout({ when, do: { treatment } }: Rule): boolean {
  if (treatment.kind === 'relay') return false;
  if (!when.sip?.some(({ from, to }) => from === 408 && to === 408)) return false;
  if (when.class && !when.class.includes('trunk-timeout')) return false;
  if (when.rang === true || when.progress === true || when.earlyMedia === true) return false;
  if (when.header) return false;
  return when.phrase === undefined && when.q850 === undefined && when.location === undefined;
}

/** The first rule that takes silence of the list's trunk; conditions of number, caller and time count as met. */
function treatmentOfSilence(policy: WholePolicy, { trunk, route }: RuleList): Rule | undefined {
  const name = trunk?.name ?? route?.trunks[0] ?? policy.trunks.keys().next().value ?? '';
  const situation: Situation = {
    route,
    hunt: {
      number: '',
      startedAt: 0,
      attempts: [{ trunk: name, rang: false }],
      mailboxMissing: false,
    },
    failure: failureOf([SILENCE], policy, name),
    unknown: NOTHING_UNKNOWN,
    ...surroundings(policy),
    clock: undefined,
    now: 0,
  };
  for (const { rules } of policy.index.rulesFor(situation)) {
    const found = rules.find((rule) => matches(withoutCall(rule), situation) === true);
    if (found) return found.rule;
  }
  return undefined;
}

const OF_THE_CALL: ReadonlySet<string> = new Set([
  'digits',
  'from',
  'context',
  'time',
  'callerCountry',
  'calleeCountry',
  'attempt',
  'attemptsLeft',
  'within',
  'elapsed',
]);

function withoutCall<R extends Parameters<typeof matches>[0]>({ rule, tests }: R) {
  return { rule, tests: tests.filter(({ key }) => !OF_THE_CALL.has(key)) };
}

function lineOf(rule: Rule | undefined): string {
  return rule ? `the rule in line ${rule.at.line}` : 'no rule';
}
