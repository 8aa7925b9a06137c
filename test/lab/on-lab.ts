import { Lab } from '../../lab/runner/lab';
import { ownScenarios } from '../../lab/runner/layout';
import type { PbxName } from '../../lab/runner/pbx/name';
import { readScenarioFolder, type ScenarioFolder } from '../../lab/runner/scenario/folder';

/** The images are there (global-setup.ts); containers that start. Milliseconds. */
const UP_LIMIT = 120_000;
/** Below the suite's budget, so that the lab is still taken down. Milliseconds. */
const ALL_LIMIT = 400_000;

/** `freeswitch`: the same on a real one, whose image a CI without registries does not have. */
export const PBX: PbxName =
  process.env['CRANKBACK_LAB_PBX'] === 'freeswitch' ? 'freeswitch' : 'asterisk';

/** Tests on a lab of their own. Without Docker they fail with what to do about it; they are never skipped. */
export function onLab(tests: (lab: () => Lab, folder: ScenarioFolder) => void): void {
  describe(`on a real ${PBX}`, () => {
    const folder = readScenarioFolder(ownScenarios, [PBX]);
    let lab: Lab;

    beforeAll(async () => {
      const log = (line: string): void => void process.stderr.write(`${line}\n`);
      lab = await Lab.up(folder, { log, signal: AbortSignal.timeout(ALL_LIMIT) });
    }, UP_LIMIT);

    afterAll(async () => {
      await lab?.down();
    }, 90_000);

    tests(() => lab, folder);
  });
}
