import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const ROOT = join(__dirname, '../../..');

/** Says for each collection of the young generation how many threads took part. */
function threadsOfCollections(begin: string): number {
  const source = readFileSync(join(ROOT, 'src/app/collected-alone.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' });
  const work = `let kept = []; for (let i = 0; i < 1e6; i++) { kept.push({ i }); if (kept.length > 2e5) kept = []; }`;
  const flags = ['--trace-gc', '--trace-parallel-scavenge', '--max-semi-space-size=2'];
  const said = execFileSync(process.execPath, [...flags, '-e', `${code}\n${begin}\n${work}`], {
    encoding: 'utf8',
  });
  const count = (what: RegExp): number => said.match(what)?.length ?? 0;
  const collections = count(/: Scavenge /g);
  expect(collections).toBeGreaterThan(3);
  return count(/ scavenge\[/g) / collections;
}

it('a young generation is collected by its own thread alone', () => {
  expect(threadsOfCollections('collectedAlone();')).toBe(1);
});
