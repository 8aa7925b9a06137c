import type { Played } from '../../lab/runner/lab';
import { explainFailure, summarize } from '../../lab/runner/summary';
import { SCENARIO_LIMIT } from '../../lab/runner/lab';
import { onLab } from './on-lab';
import { whyAndSimulate } from './why-and-simulate';

/** Restart of crankback before a scenario, collecting after it. Milliseconds. */
const AROUND_SCENARIO = 30_000;
/** As many as there are files scenarios-*.test.ts; each has a lab of its own. */
const PARTS = 4;

/** Plays one part of the scenarios, and looks at what became of their calls. `part` begins with 1. */
export function playScenarios(part: number): void {
  onLab((lab, { scenarios, ...folder }) => {
    const all = scenarios.filter(({ long }) => !long);
    // In their order, and of each kind a part: those that stop or freeze crankback take longest.
    const here = all.filter((_, index) => index % PARTS === part - 1);
    const played: Played[] = [];

    describe('the scenario', () => {
      for (const scenario of here) {
        test(
          `${scenario.name}: ${scenario.about}`,
          async () => {
            const result = await lab().play(scenario);
            played.push(result);
            if (result.failures.length > 0) throw new Error(explainFailure(result));
          },
          SCENARIO_LIMIT + AROUND_SCENARIO,
        );
      }
      afterAll(() => void process.stderr.write(`\n${summarize(played)}\n`));
    });

    whyAndSimulate(lab, { ...folder, scenarios: here }, () => played);
  });
}
