import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carriersPage } from '../../../src/explain/carriers-page';
import { CARRIERS } from '../../../src/model/carriers';

const page = readFileSync(join(__dirname, '../../../docs/carriers.md'), 'utf8');

it('is committed as it is generated: run `npm run docs` after a change', () => {
  expect(page).toBe(carriersPage());
});

it('names every carrier, every page, and what holds on every trunk', () => {
  for (const [carrier, { entries }] of CARRIERS) {
    expect(page).toContain(`\`carrier: ${carrier}\``);
    for (const { source } of entries) expect(page).toContain(`<${source}>`);
  }
  expect(page).toContain('| 403 User channel limit exceeded D1 * | trunk-congested | trunk |');
  expect(page).toContain('| 404 No Route Found | invalid-number | number |');
});
