import { whyNotReady } from '../../lab/runner/hunt-records';
import type { Lab } from '../../lab/runner/lab';
import type { ScenarioFolder } from '../../lab/runner/scenario/folder';
import { pause, waitFor } from '../../lab/runner/waiting';

/** Long enough for several looks whether the application is free. Milliseconds. */
const PEACE = 4000;

export function secondInstance(lab: () => Lab, folder: ScenarioFolder): void {
  test('a second instance with the same application takes over where it is told to, without a fight; the first is back when it ends', async () => {
    await lab().run(folder.scenarios[0]?.policyText ?? '');
    const since = Date.now();
    await expect(lab().startPoliteInstance()).rejects.toThrow('--take-over');
    const endSecond = lab().startSecondInstance();
    const why = await waitFor('the first instance is not ready', whyNotReady, { limitMs: 30_000 });
    await pause(PEACE);
    const later = await whyNotReady();
    const second = await endSecond();
    const first = await lab().logSince(since, (log) =>
      log.some(({ message }) => message === 'connected'),
    );
    expect(why).toContain('another instance has the Stasis application');
    expect(later).toBe(why);
    const changes = [first, second].map((log) =>
      log.map(({ message }) => message).filter((message) => /connected/.test(String(message))),
    );
    expect(changes).toEqual([['not connected', 'connected'], ['connected']]);
  }, 90_000);
}
