import { huntAgain, huntAgainText } from '../../src/cli/simulate-hunt';
import { CallList } from '../../src/cli/calls-text';
import { whyText } from '../../src/cli/why';
import type { WholeCall } from '../../src/journal/read/call';
import type { Decision } from '../../src/policy/decision/decision';
import type { PassedOver } from '../../src/policy/decision/passed-over';
import type { Lab, Played } from '../../lab/runner/lab';
import { askCrankback } from '../../lab/runner/layout';
import type { LoadedScenario, ScenarioFolder } from '../../lab/runner/scenario/folder';

const NOT_ASKED = 'an emergency call is dialled without asking';
const STOPPED = 'nobody is there to decide';
const OWN_AFFAIR = 'the attempts are the user’s own, and none of them led to a handover';
const OBSERVED = 'the call never entered the dialplan of crankback';
const LEFT = 'the policy only observes the call, which was left to its own dialplan';
const FALLBACK =
  'the handover could not be made, or was refused: the call took the static fallback';

/** Scenarios of which no decision is recorded, so that there is nothing to compare, each with the reason. */
const NOTHING_DECIDED: Readonly<Record<string, string>> = {
  ...{ emergency: NOT_ASKED, 'frozen-emergency': NOT_ASKED },
  ...{ 'emergency-dead': STOPPED, 'emergency-silent': STOPPED, 'emergency-slow': STOPPED },
  ...{ 'crankback-stopped': STOPPED, 'crankback-stopped-emergency': STOPPED },
  ...{ 'failed-only-stopped': STOPPED, 'fallback-led-back': STOPPED },
  ...{ 'travel-stopped-486-mailbox': STOPPED, 'travel-stopped-486-no-mailbox': STOPPED },
  ...{
    ...{ 'travel-caller-alone': STOPPED, 'travel-caller-alone-own': STOPPED },
    ...{ 'travel-alone-488': STOPPED, 'travel-alone-silent': STOPPED },
    ...{ 'travel-alone-third': STOPPED, 'travel-alone-phrase': STOPPED },
    'travel-alone-number': STOPPED,
    'travel-alone-no-answer': STOPPED,
    ...{ 'travel-alone-180-sdp': STOPPED, 'travel-alone-181': STOPPED },
    'travel-stopped-488': STOPPED,
    'travel-stopped-503': STOPPED,
    'travel-stopped-silent': STOPPED,
  },
  ...{ 'failed-only-answered': OWN_AFFAIR, 'failed-only-fork-answered': OWN_AFFAIR },
  ...{ 'failed-only-cancelled': OWN_AFFAIR, 'failed-only-no-trunk': OWN_AFFAIR },
  'failed-only-queue': OWN_AFFAIR,
  ...{ 'observed-488': OBSERVED, 'observed-503': OBSERVED, 'observe-503': OBSERVED },
  ...{ 'observe-busy-twice': OBSERVED, 'observe-fallback': OBSERVED },
  'mode-failed-only-observed': LEFT,
  ...{ 'extension-unknown-to-ask': FALLBACK, 'extension-unknown-to-dial': FALLBACK },
  'older-contract': FALLBACK,
};
/** Some scenarios have twenty calls, each decided again. Milliseconds. */
const WHY_LIMIT = 30_000;
/** The PBX dates a hunt's start. Milliseconds. */
const SKEW = 150;

/**
 * Of every call of the scenarios, `crankback why` tells the decisions that `crankback simulate --hunt` makes again: from
 * what the trunks said, under the policy of then, with the trunks' states of then.
 */
export function whyAndSimulate(
  lab: () => Lab,
  { scenarios }: ScenarioFolder,
  played: () => readonly Played[],
): void {
  describe('why tells what simulate says again', () => {
    const calls = new Map<string, readonly string[]>();

    beforeAll(async () => {
      // The last scenarios are those of a stopped crankback.
      await lab().run(scenarios[0]?.policyText ?? '');
      const listed = await listedCalls(Math.min(...played().map(({ begunAt }) => begunAt)) - SKEW);
      for (const { scenario, begunAt, durationMs } of played()) {
        const during = listed.filter(
          ({ startedAt }) => startedAt >= begunAt - SKEW && startedAt < begunAt + durationMs - SKEW,
        );
        calls.set(
          scenario.name,
          during.map(({ hunt }) => hunt),
        );
      }
    }, 30_000);

    for (const scenario of scenarios.filter(({ long }) => !long)) {
      test(
        `${scenario.name}`,
        async () => {
          const hunts = calls.get(scenario.name);
          if (!hunts) throw new Error('it was not played');
          const nothing = NOTHING_DECIDED[scenario.name];
          if (nothing !== undefined) expect([nothing, hunts]).toEqual([nothing, []]);
          // After a kill -9 the last 0.2 s of the journal are missing: the call may be one of them.
          else if (!isKilled(scenario)) expect(hunts.length).toBeGreaterThan(0);
          for (const hunt of hunts) await compare(hunt, scenario);
        },
        WHY_LIMIT,
      );
    }
  });
}

function isKilled({ during_call }: LoadedScenario): boolean {
  return during_call.some(({ do: action }) => action === 'kill' || action === 'restart');
}

async function compare(hunt: string, scenario: LoadedScenario): Promise<void> {
  const call: unknown = await ask(`/calls/${encodeURIComponent(hunt)}`);
  const { decisions, policies } = call as WholeCall;
  const again = huntAgain(call).rungs.flatMap((rung) => (rung.kind === 'decision' ? [rung] : []));
  const told = decisions.map(({ detail }) => detail as Told);
  if (isKilled(scenario) && !isWhole(told)) return;
  expect(again.map(({ decision }) => decision)).toEqual(told.map(({ decision }) => decision));
  expect(again.map(({ explanation }) => explanation?.passedOver ?? [])).toEqual(
    told.map(({ passedOver = [] }) => passedOver),
  );
  // Rule, file and line, what did not match, the trunks, the limits: as they are shown.
  expect(decisionsIn(huntAgainText(call, { explained: true }))).toEqual(
    decisionsIn(whyText(call, true)),
  );
  // The lines are those of the scenario's policy.
  const texts = [scenario.policyText, ...scenario.laterPolicies.values()];
  for (const { lines } of policies) expect(texts).toContain(lines?.join('\n'));
}

/** After a kill -9 a decision may be missing, see above, and what it began cannot be told from the later ones alone. */
function isWhole(told: readonly Told[]): boolean {
  return told.every(({ inputs }, index) => {
    const begun = told
      .slice(0, index)
      .filter(
        ({ decision: { outcome } }) => outcome.kind === 'dial' || outcome.kind === 'redirect',
      );
    return (inputs?.hunt.attempts.length ?? 0) <= begun.length;
  });
}

interface Told {
  readonly decision: Decision;
  readonly inputs?: { readonly hunt: { readonly attempts: readonly unknown[] } };
  readonly passedOver?: readonly PassedOver[];
}

/** Each decision of a ladder, with the reasons below it. */
function decisionsIn(ladder: string): readonly string[] {
  const [, ...steps] = ladder.split(/^ +\d+\.\d{3} s {2}/m);
  return steps
    .filter((step) => step.startsWith('-> ') && !/^-> \S+: INVITE/.test(step))
    .map((step) => {
      const [first, ...below] = step.split('\n');
      return [first, ...below.filter((line) => line.startsWith('    '))].join('\n');
    });
}

async function listedCalls(since: number) {
  const found: { readonly hunt: string; readonly startedAt: number }[] = [];
  let before: string | undefined;
  do {
    const cursor = before === undefined ? '' : `&before=${before}`;
    const page = CallList.parse(await ask(`/calls?since=${since}&limit=1000${cursor}`));
    found.push(...page.calls);
    before = page.next;
  } while (before !== undefined);
  return found;
}

async function ask(path: string): Promise<unknown> {
  const response = await askCrankback(path);
  if (!response.ok) throw new Error(`crankback answers ${response.status} to ${path}`);
  return response.json();
}
