import type { DecisionRecord, HuntRecord } from './hunt-records';
import { NOTHING_LISTENING, POLICY_IN_CONTAINER, TRUNKS } from './layout';
import type { Played } from './lab';
import { renderTable } from './table';
import type { Handover } from './wire';

const HEADINGS = ['scenario', 'carriers said', 'caller got', 'decision (rule)', 'ms'];

/** The run as a table: one row per scenario, times from the SIPp traces. */
export function summarize(played: readonly Played[]): string {
  return renderTable(HEADINGS, played.map(rowOf));
}

/** What was expected and what was seen of a scenario that failed, with its SIP messages. */
export function explainFailure({ scenario, failures, seen }: Played): string {
  const messages = [...(seen?.traces ?? [])].flatMap(([container, trace]) =>
    trace.map((message) => ({ container, ...message })),
  );
  const wire = messages
    .sort((a, b) => a.at - b.at)
    .map(({ container, at, direction, text }) => {
      const time = new Date(at).toISOString().slice(11, -1);
      return `--- ${time} ${container} ${direction}\n${text}`;
    });
  return [
    `${scenario.name}: ${scenario.about}`,
    ...failures.map((failure) => `  ${failure}`),
    ...wire,
  ].join('\n');
}

function rowOf({ scenario, failures, seen }: Played): string[] {
  const name = failures.length === 0 ? scenario.name : `${scenario.name} FAILED`;
  if (!seen) return [name, '', '', '', ''];
  const said = TRUNKS.flatMap((trunk) => {
    if (scenario.carriers[trunk] === NOTHING_LISTENING) return [`${trunk}: not listening`];
    return seen.attempts
      .filter((attempt) => attempt.trunk === trunk)
      .map((attempt) => `${trunk}: ${attempt.said.join(' ') || 'silence'}`);
  });
  return [
    name,
    said.join('\n') || 'not asked',
    [...seen.caller.provisionals.filter((status) => status > 100), ...seen.caller.finals].join(' '),
    decisionsOf(scenario, seen.hunts).join('\n'),
    seen.handovers.map(timeOf).join('\n'),
  ];
}

function decisionsOf(
  scenario: Played['scenario'],
  hunts: readonly HuntRecord[] | undefined,
): string[] {
  if (!hunts) return ['none: crankback stopped'];
  const policy = `${scenario.policy}.yaml`;
  const inverted = scenario.policyText
    .split('\n')
    .findIndex((line) => line.trim() === scenario.invert?.to.trim());
  const texts = hunts
    .flatMap(({ decisions }) => decisions)
    .map((decision) => {
      const isInverted = decision.rule?.line === inverted + 1 && ownRule(decision);
      return `${outcomeOf(decision)} (${placeOf(decision, policy)}${isInverted ? ', inverted' : ''})`;
    });
  return texts.length > 0 ? texts : ['none: only observed'];
}

function outcomeOf({ outcome }: DecisionRecord): string {
  switch (outcome.kind) {
    case 'dial':
      return `dial ${outcome.trunk}`;
    case 'relay':
      return `relay ${outcome.sip}`;
    case 'voicemail':
      return `voicemail ${outcome.mailbox} ${outcome.greeting}`;
  }
}

function placeOf(decision: DecisionRecord, policy: string): string {
  const { rule, why } = decision;
  if (!rule) return why;
  return `${ownRule(decision) ? policy : rule.file}:${rule.line}`;
}

function ownRule({ rule }: DecisionRecord): boolean {
  return rule?.file === POLICY_IN_CONTAINER;
}

function timeOf({ ms, since }: Handover): string {
  return since === 'answer' ? ms.toFixed(1) : `${ms.toFixed(1)} of silence`;
}
