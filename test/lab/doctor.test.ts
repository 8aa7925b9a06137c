import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DoctorBench } from './doctor/bench';
import { LAB_FAULTS } from './doctor/faults';

/** An image that has to be built first, on a machine that has nothing. Milliseconds. */
const UP_LIMIT = 400_000;
const FAULT_LIMIT = 90_000;

// Without Docker these tests fail with what to do about it; they are never skipped.
describe('on a real Asterisk with one thing wrong', () => {
  let bench: DoctorBench;

  beforeAll(async () => {
    bench = await DoctorBench.up((line) => void process.stderr.write(`${line}\n`));
  }, UP_LIMIT);
  afterAll(() => bench?.down(), 30_000);

  it(
    'finds nothing before',
    async () => {
      expect(await bench.lookByProgram()).toMatchObject({ code: 0, codes: [] });
    },
    FAULT_LIMIT,
  );

  // That a fault is taken out again is shown by the next one, of which nothing else is found.
  it.each(LAB_FAULTS.map((one) => [one.found.join(', '), one.fault, one] as const))(
    'finds %s, and nothing else: %s',
    async (_codes, _fault, { put, found, byProgram }) => {
      const { takeOut, env } = await put(bench);
      try {
        const look = await (byProgram ? bench.lookByProgram(env) : bench.look(env));
        expect([look.codes, look.found]).toEqual([found, expect.anything()]);
      } finally {
        await takeOut?.();
        await bench.untilReady();
      }
    },
    FAULT_LIMIT,
  );

  it(
    'mends what --fix may, keeps what was there, and has nothing to mend then',
    async () => {
      const ours = bench.path('crankback/extensions.conf');
      const extensions = bench.path('extensions.conf');
      const withoutInclude = (text = '') => text.replace(/#include.*\n/, '');
      await bench.change((files) => {
        files.set('extensions.conf', withoutInclude(files.get('extensions.conf')));
        files.delete('crankback/planned.conf');
      }, 'dialplan reload');
      await chmod(ours, 0o666);
      const journal = join(bench.folder, 'new', 'journal.db');
      const env = { CRANKBACK_JOURNAL_FILE: journal };
      const { code, codes, mended } = await bench.lookByProgram(env, '--fix');
      expect({ code, codes }).toEqual({ code: 0, codes: [] });
      expect([...mended].sort()).toEqual([
        'asterisk: dialplan reload',
        `chmod 664 ${ours}`,
        expect.stringMatching(/^cp \S+planned\.conf \S+\/crankback\/planned\.conf$/),
        `echo '#include crankback/extensions.conf' >>${extensions}`,
        `mkdir -p -m 750 ${dirname(journal)}`,
      ]);
      expect(await readFile(`${extensions}.before-crankback-doctor`, 'utf8')).not.toContain('#inc');
      expect(await bench.tell('dialplan show crankback-after-503')).toContain('crankback-attempt');
      expect((await bench.lookByProgram(env, '--fix')).mended).toEqual([]);
      await bench.change(() => undefined, 'dialplan reload');
    },
    FAULT_LIMIT,
  );

  it(
    'finds nothing afterwards',
    async () => {
      expect(await bench.lookByProgram()).toMatchObject({ code: 0, codes: [] });
    },
    FAULT_LIMIT,
  );
});
