import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicy } from '../../../src/policy-file/policy-file';
import { renderProblem } from '../../../src/policy-file/problems/problems';

/** Each broken policy stands beside the text that the command line shows for it. */
const FOLDER = join(__dirname, '../../policies/broken');
const DEFAULTS = { file: 'built-in/defaults.yaml', text: 'rules: []\n' };

function read(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** All problems of a file as the command line shows them. */
function shown(name: string): string {
  const loaded = parsePolicy({ file: name, text: read(name) }, DEFAULTS);
  return loaded.ok ? 'no problems\n' : `${loaded.problems.map(renderProblem).join('\n')}\n`;
}

const files = readdirSync(FOLDER);
const broken = files.filter((name) => name.endsWith('.yaml'));

describe('a broken policy', () => {
  it.each(broken)('%s is refused with exactly the text beside it', (name) => {
    expect(shown(name)).toBe(read(name.replace(/yaml$/, 'txt')));
  });

  it('has its text for each of at least thirty ways to be broken, and no text is left over', () => {
    expect(broken.length).toBeGreaterThanOrEqual(30);
    const texts = files.filter((name) => name.endsWith('.txt'));
    expect(texts).toEqual(broken.map((name) => name.replace(/yaml$/, 'txt')));
  });
});
