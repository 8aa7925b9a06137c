import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELDS } from '../../../adapters/asterisk/handover/contract-fields';
import { EVENTS } from '../../../adapters/shared/contract';
import { withContract } from '../../../adapters/contract-page';

const page = read('docs/architecture.md');

it('is committed as it is generated: run `npm run docs` after a change', () => {
  expect(page).toBe(withContract(page));
});

it('refuses a page that has no place for it', () => {
  expect(() => withContract('# Architecture\n')).toThrow('no marks');
});

it('has each field that the Asterisk dialplan sends, and no other', () => {
  const lines = read('adapters/asterisk/dialplan/extensions.conf').split('\n');
  const sending = lines.filter((line) =>
    /^[^;]*(Stasis\(crankback,1,|Set\(CB_REPORT=,)/.test(line),
  );
  const names = sending.flatMap((line) =>
    [...line.matchAll(/,([a-z_]+)=/g)].map(([, name]) => name),
  );
  expect(new Set(names)).toEqual(new Set(FIELDS.map(({ name }) => name)));
});

it.each(EVENTS.map(({ name }) => name))('has the event %s as both dialplans send it', (name) => {
  expect(read('adapters/asterisk/dialplan/extensions.conf')).toMatch(
    new RegExp(`CB_EVENT=${name}[,)]`),
  );
  expect(read('adapters/freeswitch/dialplan/crankback.xml')).toMatch(
    new RegExp(`crankback_event=${name}["|;~]`),
  );
});

function read(path: string): string {
  return readFileSync(join(__dirname, '../../..', path), 'utf8');
}
