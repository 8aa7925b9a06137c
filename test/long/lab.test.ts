import { Lab, SCENARIO_LIMIT } from '../../lab/runner/lab';
import { ownScenarios } from '../../lab/runner/layout';
import { readScenarioFolder } from '../../lab/runner/scenario/folder';
import { explainFailure } from '../../lab/runner/summary';

/** Images that have to be built first, on a machine that has nothing. Milliseconds. */
const UP_LIMIT = 400_000;
/** Milliseconds. */
const ALL_LIMIT = 900_000;
/** Restart of crankback before a scenario, collecting after it. Milliseconds. */
const AROUND_SCENARIO = 30_000;

// Baselines: the same calls without crankback.
describe('the long scenarios, on a real Asterisk', () => {
  const folder = readScenarioFolder(ownScenarios);
  let lab: Lab;

  beforeAll(async () => {
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    lab = await Lab.up(folder, { log, signal: AbortSignal.timeout(ALL_LIMIT) });
  }, UP_LIMIT);

  afterAll(async () => {
    await lab?.down();
  }, 90_000);

  for (const scenario of folder.scenarios.filter(({ long }) => long)) {
    test(
      `${scenario.name}: ${scenario.about}`,
      async () => {
        const result = await lab.play(scenario);
        if (result.failures.length > 0) throw new Error(explainFailure(result));
      },
      SCENARIO_LIMIT + AROUND_SCENARIO,
    );
  }
});
