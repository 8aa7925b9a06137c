import type { ConfigurationDialect } from '../codecs/dialect';
import { diagnose } from '../codecs/mismatch';
import type { CallEvent } from '../events/call-event';
import type { FailureClass } from '../model/classes';
import type { Failure } from '../model/failure';
import type { CountedAlert } from '../policy/alert-settings';
import type { Occurrence } from '../alerts/occurrences';

const OF_CLASS: Readonly<Partial<Record<FailureClass, CountedAlert>>> = {
  'no-credit': 'no-credit',
  'auth-failed': 'auth-failed',
  'codec-mismatch': 'codec-mismatch',
  'media-address': 'codec-mismatch',
  blocked: 'caller-blocked',
  'caller-id-rejected': 'caller-blocked',
};

interface FailedAttempt {
  readonly failure: Failure;
  readonly pbx: string;
  readonly trunk: string;
  readonly number: string;
  readonly at: number;
  readonly hunt?: string;
}

/** What is known beside the events. */
export interface Around {
  /** Whether the policy in force has a trunk of this name: no other one is told of. */
  readonly isTrunk: (name: string) => boolean;
  readonly dialects: Pick<ReadonlyMap<string, ConfigurationDialect>, 'get'>;
}

/** What an event is for somebody who wants to be told. */
export function occurrencesOf(
  event: CallEvent,
  { isTrunk, dialects }: Around,
): readonly Occurrence[] {
  switch (event.kind) {
    case 'attempt-failed': {
      // Otherwise it is told of by the event before it, or by the one behind it.
      const { complete, observed, trunk } = event;
      return complete && !observed && isTrunk(trunk) ? ofFailure(event, dialects) : [];
    }
    case 'evidence-completed':
      return isTrunk(event.trunk) ? ofFailure(event, dialects) : [];
    case 'attempt-observed': {
      const { failure, trunk, known } = event;
      return failure && known && isTrunk(trunk) ? ofFailure({ ...event, failure }, dialects) : [];
    }
    case 'decided': {
      const { failure, trunk, hunt, at, inputs, decision, repeated, on, planned } = event;
      const found: Occurrence[] = [];
      if (failure && trunk !== undefined && isTrunk(trunk) && !repeated) {
        const from = inputs?.hunt.from;
        if (OF_CLASS[failure.class] === 'caller-blocked')
          found.push({
            ...ofClass('caller-blocked', failure, trunk, at, hunt),
            ...(from !== undefined && { tally: from }),
          });
      }
      const { alert, rule, why } = decision;
      if (alert !== undefined && !repeated && on !== 'invalid-number')
        found.push({
          ...{ alert: 'rule', about: alert, at, hunt, why },
          subject:
            trunk !== undefined && isTrunk(trunk)
              ? { kind: 'trunk', name: trunk }
              : { kind: 'service', name: 'calls' },
          evidence: {
            alert,
            ...(rule && { rule: `${rule.file}:${rule.line}` }),
            ...(failure && said(failure)),
            ...(planned && { planned: 'yes' }),
          },
        });
      return found;
    }
    case 'late-answered': {
      const { trunk, hunt, at } = event;
      if (!isTrunk(trunk)) return [];
      return [
        {
          ...{ alert: 'late-answers', subject: { kind: 'trunk', name: trunk }, about: '', at },
          ...(hunt !== undefined && { hunt }),
          why: 'the carrier answered a leg that had been given up: the call may be charged',
          evidence: {},
        },
      ];
    }
    case 'fell-back': {
      const { pbx, hunt, at, from, answered } = event;
      return [
        {
          ...{ alert: 'fallbacks', subject: { kind: 'pbx', name: pbx }, about: '', at, hunt },
          why: answered
            ? 'the PBX could not carry out what was decided'
            : 'crankback had no answer in time',
          evidence: { place: from },
        },
      ];
    }
    case 'hunt-begun':
    case 'attempt-recovered':
    case 'call-observed':
    case 'declined':
    case 'attempt-answered':
    case 'attempt-timed':
    case 'evidence-awaited':
    case 'answer-taken':
    case 'answer-not-taken':
    case 'planned-step-unknown':
    case 'plan-mismatched':
    case 'offer-learned':
    case 'offer-forgotten':
    case 'hunt-ended':
    case 'pbx-connected':
    case 'pbx-gone':
    case 'trunk-changed':
    case 'policy-changed':
      return [];
  }
}

function ofFailure(
  { failure, trunk, at, pbx, number, ...event }: FailedAttempt,
  dialects: Around['dialects'],
): readonly Occurrence[] {
  const alert = OF_CLASS[failure.class];
  const { hunt } = event;
  // Of a blocked caller, the decision knows the number.
  if (alert === undefined || (alert === 'caller-blocked' && hunt !== undefined)) return [];
  const occurrence = ofClass(alert, failure, trunk, at, hunt);
  const dialect = dialects.get(pbx);
  if (alert !== 'codec-mismatch' || !dialect) return [occurrence];
  const story = diagnose({ trunk, number, evidence: failure.evidence }, dialect);
  const { why, offered, accepts, configuration } = story;
  return [
    {
      ...occurrence,
      why,
      evidence: {
        ...occurrence.evidence,
        ...(offered && { offered: offered.join(', ') }),
        ...(accepts && { accepts: accepts.join(', ') }),
        ...(configuration !== undefined && { configuration }),
      },
    },
  ];
}

function ofClass(
  alert: CountedAlert,
  failure: Failure,
  trunk: string,
  at: number,
  hunt?: string,
): Occurrence {
  const { class: name, redress } = failure;
  return {
    ...{ alert, subject: { kind: 'trunk', name: trunk }, about: '', at },
    ...(hunt !== undefined && { hunt }),
    why: `${name}: ${statusOf(failure)}`,
    evidence: { ...said(failure), ...redress },
  };
}

function said({ class: name, sip, phrase, q850 }: Failure) {
  return {
    class: name,
    ...(sip !== undefined && { sip }),
    ...(phrase !== undefined && { phrase }),
    ...(q850 !== undefined && { q850 }),
  };
}

function statusOf({ sip, phrase, q850 }: Failure): string {
  if (sip !== undefined) return `${sip} ${phrase ?? ''}`.trim();
  return q850 === undefined ? 'without a status' : `Q.850 ${q850}`;
}
