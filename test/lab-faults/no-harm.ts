import { FAULTS } from '../../lab/faults/catalogue';
import { FaultLab } from '../../lab/faults/fault-lab';
import { figuresOf, harmsOf, isFine } from '../../lab/faults/report';

/** The images are there (test/lab/global-setup.ts); containers that start. Milliseconds. */
const UP_LIMIT = 120_000;
/** Below the suite's budget, so that the lab is still taken down. Milliseconds. */
const ALL_LIMIT = 240_000;
/** Of one fault: the longest of the quick ones lasts for half a minute. Milliseconds. */
const FAULT_LIMIT = 90_000;
/** Begun per second. */
const RATE = 10;
/** As many as there are files no-harm-*.test.ts; each has a lab of its own. */
const PARTS = 2;

const quickFaults = FAULTS.filter(({ quick }) => quick);

/**
 * Plays one part of the quick faults of `npm run test:faults -- --lab`; without Docker they fail, they are never
 * skipped. `part` begins with 1.
 */
export function playQuickFaults(part: number): void {
  describe('beside a real Asterisk, no call is harmed by', () => {
    const stop = AbortSignal.timeout(ALL_LIMIT);
    let lab: FaultLab | undefined;

    beforeAll(async () => {
      const log = (line: string): void => void process.stderr.write(`${line}\n`);
      lab = await FaultLab.up({ log, signal: stop });
    }, UP_LIMIT);

    afterAll(async () => {
      await lab?.down();
    }, 90_000);

    for (const fault of quickFaults.filter((_, index) => index % PARTS === part - 1)) {
      test(
        `${fault.name}: ${fault.about}`,
        async () => {
          const played = await lab!.play(fault, RATE);
          expect(harmsOf(played)).toEqual([]);
          expect(isFine(figuresOf(played))).toBe(true);
        },
        FAULT_LIMIT,
      );
    }
  });
}
