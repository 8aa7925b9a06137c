import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defence, removed } from '../../defences/defence';
import { DEFENCES } from '../../defences/list';

const ROOT = join(__dirname, '../../..');

describe('the defences that `npm run test:defences` removes', () => {
  it.each(DEFENCES.map((one) => [one.id, one] as const))('%s: its text stands there', (_, one) => {
    expect(one.removals.length).toBeGreaterThan(0);
    for (const removal of one.removals) {
      const source = readFileSync(join(ROOT, removal.file), 'utf8');
      expect(removed(source, removal)).not.toBe(source);
    }
  });

  it('have a name each', () => {
    expect(new Set(DEFENCES.map(({ id }) => id)).size).toBe(DEFENCES.length);
  });
});

describe('a defence whose text', () => {
  const [removal] = defence('limit', 'src/a.ts', 'if (x > 3) return;', '$&').removals;

  it('stands there once is removed, whatever is put in its place', () => {
    expect(removal && removed('a\nif (x > 3) return;\nb', removal)).toBe('a\n$&\nb');
  });

  it.each([
    ['has changed', 'if (x > 4) return;', 0],
    ['stands there twice', 'if (x > 3) return;if (x > 3) return;', 2],
  ])('%s is refused, and says what to do', (_, source, times) => {
    expect(() => removal && removed(source, removal)).toThrow(
      `src/a.ts: "if (x > 3) return;" stands there ${times} times, expected once. Name the defence's present text in test/defences/list.`,
    );
  });
});
