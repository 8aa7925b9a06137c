import { describeOutcome, type DecisionRecord } from '../hunt-records';
import { NOTHING_LISTENING, POLICY_IN_CONTAINER, TRUNKS } from '../layout';
import type { Observation } from './observation';
import type { LoadedScenario } from './folder';
import type { LogLine } from '../log-lines';
import type { ExpectedDecision, ExpectedLogLine } from './schema';

/** Longest handover after a carrier's answer, unless the scenario sets another limit. Milliseconds. */
const LONGEST_HANDOVER = 500;

/** Every difference from the scenario's expectations, one sentence each; empty if there is none. */
export function mismatches(scenario: LoadedScenario, seen: Observation): string[] {
  return [
    ...callerMismatches(scenario, seen),
    ...inviteMismatches(scenario, seen),
    ...decisionMismatches(scenario, seen),
    ...timeMismatches(scenario, seen),
    ...voicemailMismatches(scenario, seen),
    ...logMismatches(scenario, seen),
    ...callTimeMismatches(scenario, seen),
    ...byeMismatches(scenario, seen),
    ...textMismatches('PBX log', scenario.expect.pbx_log, seen.pbxLog),
    ...cdrMismatches(scenario, seen),
    ...sipMismatches(scenario, seen),
    ...leftovers(seen),
    ...unsoundPlans(seen),
  ];
}

function callerMismatches({ expect, calls }: LoadedScenario, seen: Observation): string[] {
  const wanted = expect.caller.join(' or ');
  const wrong = seen.calls.flatMap(({ finals }, index) => {
    const [final = 0, another] = finals;
    if (another === undefined && expect.caller.includes(final)) return [];
    const which = calls > 1 ? ` of call ${index + 1}` : '';
    return [
      `caller${which}: expected exactly ${wanted}, got ${finals.join(', ') || 'no final status'}`,
    ];
  });
  return seen.calls.length === calls
    ? wrong
    : [`caller: expected ${calls} calls, got ${seen.calls.length}`, ...wrong];
}

/** From a call's INVITE to its final status. */
function callTimeMismatches({ expect }: LoadedScenario, { calls }: Observation): string[] {
  return (expect.calls_ms ?? []).flatMap(({ at_least = 0, at_most }, index) => {
    const { invitedAt, finalAt } = calls[index] ?? {};
    if (invitedAt === undefined || finalAt === undefined) return [];
    const ms = finalAt - invitedAt;
    return ms >= at_least && ms <= at_most
      ? []
      : [`call ${index + 1}: expected ${at_least} to ${at_most} ms, got ${ms.toFixed(1)}`];
  });
}

function byeMismatches({ expect }: LoadedScenario, { attempts }: Observation): string[] {
  return (expect.ended_by_bye ?? []).flatMap((trunk) =>
    attempts.some((attempt) => attempt.trunk === trunk && attempt.endedByBye)
      ? []
      : [`${trunk}: expected ACK and BYE`],
  );
}

function textMismatches(
  what: string,
  expected: readonly { contains: string; times: number }[],
  lines: readonly string[],
): string[] {
  return expected.flatMap(({ contains, times }) => {
    const got = lines.filter((line) => line.includes(contains)).length;
    return got === times ? [] : [`${what}: expected ${times} of "${contains}", got ${got}`];
  });
}

function sipMismatches({ expect }: LoadedScenario, { traces }: Observation): string[] {
  return expect.sip.flatMap(({ at, contains, times }) => {
    // A retransmission is the same octets once more (RFC 3261 17); a slow machine has some.
    const texts = new Set((traces.get(at) ?? []).map(({ text }) => text));
    return textMismatches(`SIP at ${at}`, [{ contains, times }], [...texts]);
  });
}

/** All records of the call, each of them expected. */
function cdrMismatches({ expect }: LoadedScenario, { cdr }: Observation): string[] {
  if (!expect.cdr) return [];
  const wanted = expect.cdr.reduce((sum, { times }) => sum + times, 0);
  return [
    ...(cdr.length === wanted ? [] : [`CDR: expected ${wanted} records, got ${cdr.length}`]),
    ...textMismatches('CDR', expect.cdr, cdr),
  ];
}

function leftovers({ channels }: Observation): string[] {
  return channels.length === 0 ? [] : [`channels left behind: ${channels.join(', ')}`];
}

function inviteMismatches({ carriers, expect }: LoadedScenario, seen: Observation): string[] {
  return TRUNKS.filter((trunk) => carriers[trunk] !== NOTHING_LISTENING).flatMap((trunk) => {
    const expected = expect.invites[trunk] ?? 0;
    const got = seen.attempts.filter((attempt) => attempt.trunk === trunk).length;
    return got === expected || expected === 'any'
      ? []
      : [`${trunk}: expected ${expected} INVITEs, got ${got}`];
  });
}

function decisionMismatches(scenario: LoadedScenario, { hunts }: Observation): string[] {
  const expected = scenario.expect.decisions;
  if (!expected) return [];
  if (!hunts) return ['decisions: crankback gave no records'];
  const got = hunts.flatMap(({ decisions }) => decisions);
  const fits =
    got.length === expected.length &&
    got.every((decision, index) => fitsDecision(expected[index], decision, scenario.policyText));
  if (fits) return [];
  const wanted = expected.map((decision) => JSON.stringify(decision)).join(', ') || 'none';
  const found =
    got.map((decision) => describeDecision(decision, scenario.policyText)).join('; ') || 'none';
  return [`decisions: expected ${wanted}; got ${found}`];
}

function fitsDecision(
  expected: ExpectedDecision | undefined,
  { outcome, rule }: DecisionRecord,
  policy: string,
): boolean {
  if (!expected) return false;
  const { dial, voicemail, relay, announce, redirect } = expected;
  const fits =
    (outcome.kind === 'dial' && outcome.trunk === dial) ||
    (outcome.kind === 'redirect' && outcome.trunk === redirect) ||
    (outcome.kind === 'announce' && outcome.sip === announce) ||
    (outcome.kind === 'voicemail' && outcome.greeting === voicemail) ||
    (outcome.kind === 'relay' && outcome.sip === relay);
  if (!fits || expected.rule === undefined) return fits;
  if (!rule) return false;
  const isOwn = rule.file === POLICY_IN_CONTAINER;
  if (expected.rule === 'built-in') return !isOwn;
  return isOwn && ruleLine(policy, rule.line).includes(expected.rule);
}

/** `dial carrier-b by "- { when: { sip: 503 }, … }"` */
function describeDecision(decision: DecisionRecord, policy: string): string {
  const { rule, why, refused } = decision;
  const by = !rule
    ? why
    : rule.file === POLICY_IN_CONTAINER
      ? `line ${rule.line}: ${ruleLine(policy, rule.line).trim()}`
      : `${rule.file}:${rule.line}`;
  return `${describeOutcome(decision)} (${[by, ...refused].join(', ')})`;
}

function ruleLine(policy: string, line: number): string {
  return policy.split('\n')[line - 1] ?? '';
}

function timeMismatches({ expect }: LoadedScenario, { handovers }: Observation): string[] {
  const limits = expect.handover_ms ?? { at_most: LONGEST_HANDOVER };
  return (
    handovers
      .filter(({ since }) => expect.handover_ms ?? since === 'answer')
      // The longest possible time: a late stamp must not hide a slow handover.
      .filter(({ atMost }) => atMost < (limits.at_least ?? -Infinity) || atMost > limits.at_most)
      .map(
        ({ from, to, ms, atMost, since }) =>
          `${from} to ${to}: expected ${limits.at_least ?? 0} to ${limits.at_most} ms after the carrier's ${since}, got ${ms.toFixed(1)} by the stamps, ${atMost.toFixed(1)} at most`,
      )
  );
}

function voicemailMismatches({ expect }: LoadedScenario, seen: Observation): string[] {
  if (expect.voicemail === 'any') return [];
  const wanted = expect.voicemail?.greeting ?? 'none';
  const got = seen.greetings.join(', ') || 'none';
  const messages = expect.voicemail?.message === true ? 1 : 0;
  return [
    ...(got === wanted ? [] : [`voicemail greeting: expected ${wanted}, got ${got}`]),
    // A caller who does not talk may still leave a short message.
    ...(messages === 0 || seen.messages === messages
      ? []
      : [`voicemail messages on disk: expected ${messages}, got ${seen.messages}`]),
  ];
}

/** What the dialplan did by a plan must be crankback's decision on the complete failure. */
function unsoundPlans({ log }: Observation): string[] {
  const unsound = log.filter(({ message }) => message === 'plan mismatch');
  return unsound.map(
    ({ planned, decided }) => `planned ${String(planned)}, decided ${String(decided)}`,
  );
}

function logMismatches({ expect }: LoadedScenario, { log }: Observation): string[] {
  return expect.log.flatMap((wanted) => {
    const got = log.filter((line) => fitsLogLine(wanted, line)).length;
    if (got === wanted.times) return [];
    return [`log: expected ${wanted.times} of ${JSON.stringify(wanted)}, got ${got}`];
  });
}

function fitsLogLine({ fields, contains }: ExpectedLogLine, line: LogLine): boolean {
  if (contains !== undefined && !JSON.stringify(line).includes(contains)) return false;
  return Object.entries(fields).every(([key, value]) => line[key] === value);
}
