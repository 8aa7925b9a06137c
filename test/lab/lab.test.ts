import { Lab, SCENARIO_LIMIT, type Played } from '../../lab/runner/lab';
import { ownScenarios } from '../../lab/runner/layout';
import type { PbxName } from '../../lab/runner/pbx/name';
import { readScenarioFolder } from '../../lab/runner/scenario/folder';
import { explainFailure, summarize } from '../../lab/runner/summary';
import { figuresOfCalls } from './figures-of-calls';
import { cdrKeys } from './cdr-keys';
import { dashboardOfCalls } from './dashboard-of-calls';
import { forgedOptions } from './forged-options';
import { holds } from './holds';
import { hostileNumbers } from './hostile-numbers';
import { leaks } from './leaks';
import { observing } from './observing';
import { operatorsQuestions } from './operators-questions';
import { optionsPing } from './options-ping';
import { relayTable } from './relay-table';
import { severalKinds, severalPbxes } from './several-pbxes';
import { scenariosOfCalls } from './scenarios-of-calls';
import { secondInstance } from './second-instance';
import { toldToOthers } from './told-to-others';
import { twoInstances } from './two-instances';
import { whyAndSimulate } from './why-and-simulate';

/** Images that have to be built first, on a machine that has nothing. Milliseconds. */
const UP_LIMIT = 400_000;
/** Below the suite's budget, so that the lab is still taken down. Milliseconds. */
const ALL_LIMIT = 1_160_000;
/** Restart of crankback before a scenario, collecting after it. Milliseconds. */
const AROUND_SCENARIO = 30_000;

/** `freeswitch`: the same on a real one, whose image a CI without registries does not have. */
const PBX: PbxName = process.env['CRANKBACK_LAB_PBX'] === 'freeswitch' ? 'freeswitch' : 'asterisk';

// Without Docker these tests fail with what to do about it; they are never skipped.
describe(`on a real ${PBX}`, () => {
  const folder = readScenarioFolder(ownScenarios, [PBX]);
  const played: Played[] = [];
  let lab: Lab;

  beforeAll(async () => {
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    lab = await Lab.up(folder, { log, signal: AbortSignal.timeout(ALL_LIMIT) });
  }, UP_LIMIT);

  afterAll(async () => {
    process.stderr.write(`\n${summarize(played)}\n`);
    await lab?.down();
  }, 90_000);

  describe('the scenario', () => {
    for (const scenario of folder.scenarios.filter(({ long }) => !long)) {
      test(
        `${scenario.name}: ${scenario.about}`,
        async () => {
          const result = await lab.play(scenario);
          played.push(result);
          if (result.failures.length > 0) throw new Error(explainFailure(result));
        },
        SCENARIO_LIMIT + AROUND_SCENARIO,
      );
    }
  });

  whyAndSimulate(
    () => lab,
    folder,
    () => played,
  );
  holds(() => lab, folder);
  scenariosOfCalls(() => lab, folder, PBX);
  hostileNumbers(() => lab, folder);
  relayTable(() => lab, PBX);
  optionsPing(() => lab, PBX);
  forgedOptions(() => lab, PBX);
  if (PBX === 'freeswitch') severalKinds(() => lab);
  if (PBX === 'asterisk') {
    cdrKeys(() => lab, folder);
    secondInstance(() => lab, folder);
    twoInstances(() => lab);
    severalPbxes(() => lab);
    observing(() => lab, folder);
    figuresOfCalls(() => lab, PBX);
    operatorsQuestions(() => lab, PBX);
    toldToOthers(() => lab);
    dashboardOfCalls(() => lab);
  }
  leaks(() => lab, folder);
});
