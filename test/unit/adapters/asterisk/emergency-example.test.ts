import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../../..');

/** The lines of the emergency context that dial, without comment signs and indents. */
function example(path: string): string[] {
  const lines = readFileSync(join(ROOT, path), 'utf8')
    .split('\n')
    .map((line) => line.replace(/^;/, '').trim());
  const from = lines.indexOf('[crankback-emergency]') + 1;
  expect(from).toBeGreaterThan(0);
  const first = lines.findIndex(
    (line, index) => index >= from && line.startsWith('exten => 112,1,'),
  );
  return lines.slice(first, lines.indexOf('same => n,Hangup()', first) + 1);
}

it('what the page tells to write is what the dialplan tells, and what the lab plays', () => {
  const page = example('docs/asterisk.md');
  expect(page).toHaveLength(4);
  expect(example('adapters/asterisk/dialplan/emergency.conf')).toEqual(page);
  expect(example('lab/pbx/asterisk/extensions.conf')).toEqual(page);
});
