import type { Lab } from '../../lab/runner/lab';
import type { LoadedScenario, ScenarioFolder } from '../../lab/runner/scenario/folder';
import { explainFailure } from '../../lab/runner/summary';

/** A hold by Retry-After, as the operator sees it and ends it. */
export function holds(lab: () => Lab, { scenarios }: ScenarioFolder): void {
  test('a trunk held by Retry-After is shown as such, and once cleared gets calls again', async () => {
    const held = scenarios.find(({ name }) => name === 'retry-after-of-a-trunk');
    if (!held) throw new Error('no such scenario');
    const other = scenarios.find(({ policyText }) => policyText !== held.policyText);
    // Another policy before it makes crankback start anew, and so forget what it knows of trunks.
    await lab().run(other?.policyText ?? '');
    await played({ ...held, fresh: false });

    const shown = await lab().crankback(['trunks']);
    expect(shown).toMatch(/^carrier-c +decide +held +\S+ +\S+ .*Retry-After/m);
    expect(await lab().crankback(['trunks', 'clear', 'carrier-c'])).toMatch(/carrier-c/);
    expect(await lab().crankback(['trunks'])).toMatch(/^carrier-c +decide +closed/m);

    const { expect: expected } = held;
    const invites = { 'carrier-b': 1, 'carrier-c': 1 } as const;
    await played({ ...held, fresh: false, calls: 1, expect: { ...expected, invites, log: [] } });
  }, 60_000);

  async function played(scenario: LoadedScenario): Promise<void> {
    const result = await lab().play(scenario);
    if (result.failures.length > 0) throw new Error(explainFailure(result));
  }
}
