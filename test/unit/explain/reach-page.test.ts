import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reachPage } from '../../../src/explain/reach-page';
import { SIP_CODES } from '../../../src/model/registries/sip-codes';

const page = readFileSync(join(__dirname, '../../../docs/sip-statuses.md'), 'utf8');

it('is committed as it is generated: run `npm run docs` after a change', () => {
  expect(page).toBe(reachPage());
});

it('has a row for each final status', () => {
  for (const { code, phrase } of SIP_CODES.filter(({ code }) => code >= 300))
    expect(page).toContain(`\n| ${code} ${phrase} |`);
});
