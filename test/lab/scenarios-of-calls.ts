import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab, Played } from '../../lab/runner/lab';
import { labPort } from '../../lab/provision/place';
import { askCrankback } from '../../lab/runner/layout';
import type { PbxName } from '../../lab/runner/pbx/name';
import {
  readScenarioFolder,
  type LoadedScenario,
  type ScenarioFolder,
} from '../../lab/runner/scenario/folder';
import { addSippFile } from '../../lab/runner/sip/sipp';
import { explainFailure } from '../../lab/runner/summary';

/** Calls of these kinds; the last three are this test's own. */
const KINDS = [
  ...['503-next-trunk', '503-503', '404-relayed', '486-mailbox', '486-no-mailbox', '488-story'],
  ...['silent-carrier', '183-503', '183-long-503', 'cancel-while-ringing', 'failed-only-503'],
  // Of another policy each: loading one takes a moment.
  ...['phrase-of-a-full-carrier', 'redirect-allowed', '180-then-480', '500-reason', 'second-try'],
];
const OWN = join(__dirname, 'incidents');
/** To keep what the journal says of these calls, for test/unit/scenario. */
const RECORD = process.env['CRANKBACK_TEST_RECORD'];

/** How a call ended, without names of trunks. */
interface End {
  readonly caller: readonly number[];
  readonly attempts: number;
  readonly outcome: string | undefined;
  readonly sip: number | undefined;
  readonly class: string | undefined;
}

/** A recorded call, written as a scenario by the command and played, ends the same way. */
export function scenariosOfCalls(lab: () => Lab, folder: ScenarioFolder, pbx: PbxName): void {
  describe('the scenario that is written of', () => {
    const own = readScenarioFolder(OWN, [pbx]);
    const all = [...folder.scenarios, ...own.scenarios];
    const out = mkdtempSync(join(tmpdir(), 'crankback-scenarios-'));
    const ends = new Map<string, End>();
    let written: ScenarioFolder;

    beforeAll(async () => {
      await addSippFiles(own);
      for (const name of KINDS) {
        const scenario = all.find((one) => one.name === name);
        if (!scenario) throw new Error(`no scenario ${name}`);
        const { hunt, end } = await played(scenario);
        ends.set(name, end);
        await command(['scenario', hunt, '--out', out, '--name', name]);
      }
      written = readScenarioFolder(out, [pbx]);
      await addSippFiles(written);
    }, 240_000);

    afterAll(() => rmSync(out, { recursive: true }));

    test.each(KINDS)(
      '%s ends as the call did',
      async (name) => {
        const scenario = written.scenarios.find((one) => one.name === name);
        if (!scenario) throw new Error(`no scenario of ${name} was written`);
        const { end } = await played(scenario, false);
        expect(end).toEqual(ends.get(name));
      },
      60_000,
    );
  });

  /** Plays it, and finds its call in the journal. */
  async function played(
    scenario: LoadedScenario,
    record = true,
  ): Promise<{ hunt: string; end: End }> {
    const since = Date.now() - 1000;
    const result = await lab().play(scenario);
    if (result.failures.length > 0) throw new Error(explainFailure(result));
    const number = scenario.number.replace(/^70/, '');
    const answer = await (await askCrankback(`/calls?to=${number}&since=${since}&limit=1`)).json();
    const { calls } = answer as { calls: readonly (End & { hunt: string })[] };
    const [call] = calls;
    if (!call) throw new Error(`the journal has no call to ${number}`);
    if (record && RECORD === 'true') await keep(scenario.name, call.hunt);
    const { attempts, outcome, sip } = call;
    return {
      hunt: call.hunt,
      end: { caller: finalsOf(result), attempts, outcome, sip, class: call.class },
    };
  }
}

function finalsOf({ seen }: Played): readonly number[] {
  return seen?.caller.finals ?? [];
}

async function addSippFiles({ sippFiles }: ScenarioFolder): Promise<void> {
  for (const [name, file] of sippFiles) await addSippFile(name, readFileSync(file, 'utf8'));
}

/** The command on this machine, beside the lab's service. */
async function command(argv: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    CRANKBACK_HTTP_HOST: '127.0.0.1',
    CRANKBACK_HTTP_PORT: labPort('CRANKBACK_LAB_HTTP_PORT'),
    CRANKBACK_HTTP_READ_TOKEN: 'lab-only-read-token',
  };
  await promisify(execFile)(process.execPath, ['dist/program/main.js', ...argv], { env });
}

async function keep(name: string, hunt: string): Promise<void> {
  const call: unknown = await (await askCrankback(`/calls/${encodeURIComponent(hunt)}`)).json();
  const file = join(__dirname, '../unit/scenario/recorded', `${name}.json`);
  writeFileSync(file, `${JSON.stringify(call)}\n`);
}
