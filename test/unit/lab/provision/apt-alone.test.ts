import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aptAlone } from '../../../../lab/provision/debian/apt-alone';
import { run, tryRun } from '../../../../lab/provision/run-command';

test('commands of apt of suites that run at once come one after the other, each with its own end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-apt-'));
  const log = join(folder, 'log');
  try {
    const command = ['sh', '-c', `echo begin >>${log}; sleep 0.1; echo end >>${log}`];
    const alone = async () => run(await aptAlone(command), 'see');
    await Promise.all([alone(), alone(), alone()]);
    expect(readFileSync(log, 'utf8')).toBe('begin\nend\n'.repeat(3));
    expect(await tryRun(await aptAlone(['sh', '-c', 'exit 100']))).toMatchObject({ exitCode: 100 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
