import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedDialplan } from '../../../src/init/files/shipped';

const ADAPTERS = join(__dirname, '../../../adapters');

describe('the shipped dialplan', () => {
  it.each([
    ['freeswitch', ['crankback.xml', 'crankback/travel.xml']],
    ['asterisk', ['emergency.conf', 'extensions.conf', 'planned.conf']],
  ] as const)('of %s is found with its folders, whole', (pbx, names) => {
    const texts = names.map((name) => [
      name,
      readFileSync(join(ADAPTERS, pbx, 'dialplan', name), 'utf8'),
    ]);
    expect(shippedDialplan(pbx)).toEqual(texts);
  });

  it('is missed by a sentence that says where it was looked for', () => {
    expect(() => shippedDialplan('freeswitch', '/nowhere/at/all/of/it/program')).toThrow(
      /^the dialplan for freeswitch is in none of .*\/nowhere\/at\/all/,
    );
  });
});
