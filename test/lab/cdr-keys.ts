import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../lab/runner/lab';
import { askCrankback, runFolder } from '../../lab/runner/layout';
import type { ScenarioFolder } from '../../lab/runner/scenario/folder';
import { explainFailure } from '../../lab/runner/summary';

const JOINED = join(runFolder, 'asterisk-log', 'cdr-custom', 'Joined.csv');
/** Scenario, number, `dst` of its records. */
const CALLS: [string, string, string[]][] = [
  ['cdr-file-answer', '280', ['280', '280']],
  ['cdr-file-relay', '279', ['279', '279', '404.invalid-number']],
  ['cdr-file-voicemail', '1001', ['1001', '1001']],
];

/** What docs/cdr.md joins the records of Asterisk by. */
export function cdrKeys(lab: () => Lab, { scenarios }: ScenarioFolder): void {
  test.each(CALLS)(
    '%s: every record has both keys of its call in the journal',
    async (name, number, dst) => {
      const scenario = scenarios.find((one) => one.name === name);
      if (!scenario) throw new Error('no such scenario');
      const before = (await readFile(JOINED, 'utf8')).length;
      const since = Date.now() - 1000;
      const result = await lab().play(scenario);
      if (result.failures.length > 0) throw new Error(explainFailure(result));

      const answer = await (
        await askCrankback(`/calls?to=${number}&since=${since}&limit=1`)
      ).json();
      const hunt = (answer as { calls: { hunt: string }[] }).calls[0]?.hunt ?? '';
      const whole = await (await askCrankback(`/calls/${encodeURIComponent(hunt)}`)).json();
      const { callerCallId } = whole as { callerCallId: string };
      const records = (await readFile(JOINED, 'utf8'))
        .slice(before)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(`[${line}]`) as string[])
        // crankback's look at the dialplan, when it has connected.
        .filter(([uniqueid]) => !uniqueid?.startsWith('crankback-look'));
      const keys = [hunt.split('@')[0], callerCallId];
      expect(records.map(([uniqueid, , callid]) => [uniqueid, callid])).toEqual(
        dst.map(() => keys),
      );
      expect(records.map((record) => record[3])).toEqual(dst);
    },
    60_000,
  );
}
