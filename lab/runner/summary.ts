import { describeOutcome, type DecisionRecord, type HuntRecord } from './hunt-records';
import { NOTHING_LISTENING, POLICY_IN_CONTAINER, TRUNKS } from './layout';
import type { Played } from './lab';
import { renderTable } from './table';
import type { Handover } from './sip/wire';

const HEADINGS = ['scenario', 'carriers said', 'caller got', 'decision (rule)', 'ms'];

/**
 * The run as a table: one row per scenario. Times come from the SIPp traces: from a carrier's final answer,
 * or from its INVITE without one, to the next INVITE or the caller's answer.
 */
export function summarize(played: readonly Played[]): string {
  return renderTable(HEADINGS, played.map(rowOf));
}

/** Its name, and the PBX if that is not the usual one. */
export function titleOf({ name, on }: Played['scenario']): string {
  return on === 'asterisk' ? name : `${name} (${on})`;
}

/** Expectations and observations of a failed scenario, with its SIP messages and log lines. */
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
    `${titleOf(scenario)}: ${scenario.about}`,
    ...failures.map((failure) => `  ${failure}`),
    ...wire,
    ...(seen?.log ?? []).map((line) => `--- crankback logged ${JSON.stringify(line)}`),
  ].join('\n');
}

function rowOf({ scenario, failures, seen }: Played): string[] {
  const title = titleOf(scenario);
  const name = failures.length === 0 ? title : `${title} FAILED`;
  if (!seen) return [name, '', '', '', ''];
  const deaf = TRUNKS.filter((trunk) => scenario.carriers[trunk] === NOTHING_LISTENING);
  const said = [
    ...deaf.map((trunk) => `${trunk}: not listening`),
    ...seen.attempts.map(({ trunk, said }) => `${trunk}: ${said.join(' ') || 'no response'}`),
  ];
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
  if (!hunts) return [`none: crankback ${scenario.crankback}`];
  const policy = `${scenario.policy}.yaml`;
  const inverted = scenario.policyText
    .split('\n')
    .findIndex((line) => line.trim() === scenario.invert?.to.trim());
  const texts = hunts
    .flatMap(({ decisions }) => decisions)
    .map((decision) => {
      const isInverted = decision.rule?.line === inverted + 1 && ownRule(decision);
      return `${describeOutcome(decision)} (${placeOf(decision, policy)}${isInverted ? ', inverted' : ''})`;
    });
  return texts.length > 0 ? texts : ['none: only observed'];
}

function placeOf(decision: DecisionRecord, policy: string): string {
  const { rule } = decision;
  if (!rule) return 'no rule asked';
  return `${ownRule(decision) ? policy : rule.file}:${rule.line}`;
}

function ownRule({ rule }: DecisionRecord): boolean {
  return rule?.file === POLICY_IN_CONTAINER;
}

/** A carrier's answer left between two of SIPp's stamps, so its time has two bounds. */
function timeOf({ ms, atMost, since }: Handover): string {
  if (since === 'invite') return `${ms.toFixed(1)} from INVITE`;
  return `${Math.max(0, ms).toFixed(1)}–${atMost.toFixed(1)}`;
}
