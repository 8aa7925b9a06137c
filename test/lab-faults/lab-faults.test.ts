import { FAULTS } from '../../lab/faults/catalogue';
import { FaultLab } from '../../lab/faults/fault-lab';
import { figuresOf, harmsOf, isFine } from '../../lab/faults/report';

/** Images that have to be built first, on a machine that has nothing. Milliseconds. */
const UP_LIMIT = 400_000;
/** Below the suite's budget, so that the lab is still taken down. Milliseconds. */
const ALL_LIMIT = 400_000;
/** Of one fault: the longest of the quick ones lasts for half a minute. Milliseconds. */
const FAULT_LIMIT = 90_000;
/** Begun per second. */
const RATE = 10;

// The quick ones of `npm run test:faults -- --lab`; without Docker they fail, they are never skipped.
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

  for (const fault of FAULTS.filter(({ quick }) => quick)) {
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
