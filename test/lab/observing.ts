import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPort } from '../../lab/provision/place';
import { ownScenarios } from '../../lab/runner/layout';
import type { Lab } from '../../lab/runner/lab';
import type { ScenarioFolder } from '../../lab/runner/scenario/folder';
import { explainFailure } from '../../lab/runner/summary';
import { waitFor } from '../../lab/runner/waiting';
import { freePort, startProgram } from '../doubles/program';

const MAIN = join(__dirname, '../../dist/program/main.js');
const ARI_PORT = labPort('CRANKBACK_LAB_ARI_PORT');

/** Another crankback with a user that may only read, beside the one that decides. */
export function observing(lab: () => Lab, { scenarios }: ScenarioFolder): void {
  test('a user who may only read is enough to observe, and who observes disturbs nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crankback-observing-'));
    const policy = join(folder, 'policy.yaml');
    await writeFile(policy, await readFile(join(ownScenarios, 'policies', 'observe.yaml')));
    const port = await freePort();
    const observer = startProgram(MAIN, ['run'], {
      CRANKBACK_POLICY: policy,
      CRANKBACK_ARI_URL: `http://127.0.0.1:${ARI_PORT}`,
      CRANKBACK_ARI_USER: 'observer',
      CRANKBACK_ARI_PASSWORD: 'lab-only-observer',
      CRANKBACK_HTTP_PORT: String(port),
      CRANKBACK_JOURNAL_FILE: join(folder, 'journal.db'),
    });
    const ask = async (path: string): Promise<unknown> =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).json();
    const crankback = async (...args: string[]): Promise<string> => {
      const env = { CRANKBACK_HTTP_PORT: String(port) };
      const program = startProgram(MAIN, args, env);
      await program.ended;
      return program.stdout;
    };
    try {
      const ready = async () => ((await ask('/ready')) as { ready: boolean }).ready || undefined;
      await waitFor('the observer is ready', () => ready().catch(() => undefined), {
        limitMs: 20_000,
      });
      // One that the lab's dialplan dials itself, and one that the lab's crankback decides.
      await played('observed-503');
      await played('503-next-trunk');
      const told = await waitFor(
        'both calls are recorded',
        async () => {
          const text = await crankback('observed', '--since', '1h');
          return text.startsWith('2 calls') ? text : undefined;
        },
        { limitMs: 10_000 },
      );
      expect(told.split('\n').slice(1, 6)).toEqual([
        '1 went as they would have by the policy',
        '',
        '     1  carrier-a failed with 503 (trunk-congested): the call ended; another attempt would have been made',
        expect.stringMatching(/^ {8}nothing more -> dial carrier-b {2}\S+policy\.yaml:\d+$/),
        '        0 of 1 calls answered in fact',
      ]);
      const one = await crankback('observed', '9240');
      expect(one).toMatch(
        /<- carrier-a: 503\n.*\n +did: +nothing more\n +would: dial carrier-b: 9240/,
      );
    } finally {
      observer.process.kill('SIGTERM');
      await observer.ended;
      await rm(folder, { recursive: true });
    }
    expect(observer.stdout).not.toMatch(/"level":"error"/);
    await played('503-next-trunk');
  }, 90_000);

  async function played(name: string): Promise<void> {
    const scenario = scenarios.find((one) => one.name === name);
    if (!scenario) throw new Error(`no scenario ${name}`);
    const result = await lab().play(scenario);
    if (result.failures.length > 0) throw new Error(explainFailure(result));
  }
}
