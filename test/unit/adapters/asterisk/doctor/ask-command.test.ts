import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askCommand } from '../../../../../adapters/asterisk/doctor/ask-command';
import type { AsteriskWanted } from '../../../../../adapters/asterisk/doctor/seen';

/** Writes down the words that it is given, and has an empty dialplan. */
const ASTERISK = `require('node:fs').appendFileSync(process.argv[2], JSON.stringify(process.argv.slice(3)) + '\\n');`;

describe('Asterisk’s command', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'crankback-command-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function askedFor(numbers: readonly string[], emergency: readonly string[]) {
    const [program, log] = [join(folder, 'asterisk.js'), join(folder, 'asked')];
    writeFileSync(program, ASTERISK);
    const wanted = { numbers, emergency } as AsteriskWanted;
    await askCommand([process.execPath, program, log], wanted);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as readonly string[]);
  }

  it('is asked for the dialplan, and for each number that matters', async () => {
    expect(await askedFor(['4930'], ['112'])).toEqual([
      ['-rx', 'dialplan show'],
      ['-rx', 'dialplan show 4930@crankback-fallback'],
      ['-rx', 'dialplan show 112@crankback-emergency'],
    ]);
  });

  it('is never given what is no number, and no shell reads what it is given', async () => {
    const asked = await askedFor(
      ['4930@x; core stop now', '$(touch /tmp/x)', '4930\ncore'],
      ['1 2'],
    );
    expect(asked).toEqual([['-rx', 'dialplan show']]);
  });

  it.each([
    [
      'VoiceMail: Leave a Voicemail message.\n  VoiceMailMain: Check.\n -= 2 Applications Matching =-',
      true,
    ],
    ['VoiceMailMain: Check.\n    -= 1 Applications Matching =-', false],
    ['    -= 0 Applications Matching =-', false],
    ["No such command 'core show applications like VoiceMail'", undefined],
  ])('is asked for voicemail where the policy leads there: %j', async (says, has) => {
    const program = join(folder, 'asterisk.js');
    writeFileSync(
      program,
      `if (/applications like VoiceMail$/.test(process.argv[3])) console.log(${JSON.stringify(says)})`,
    );
    const wanted = { numbers: [], emergency: [], voicemail: true } as unknown as AsteriskWanted;
    expect((await askCommand([process.execPath, program], wanted)).hasVoiceMail).toBe(has);
  });
});
