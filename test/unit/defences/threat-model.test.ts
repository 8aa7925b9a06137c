import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECRETS } from '../../../src/settings/secrets';
import { VARIABLES } from '../../../src/settings/settings-schema';
import { DEFENCES } from '../../defences/list';
import { readThreats, threatModel, titlePattern } from '../../defences/threat-model';

const ROOT = join(__dirname, '../../..');
const document = threatModel(ROOT);
const threats = readThreats(document);

describe('docs/threat-model.md', () => {
  it.each(threats.map((one) => [one.defence, one.attack, one] as const))(
    '%s (%s): its tests exist',
    (_, __, { tests }) => {
      for (const { file, title } of tests) {
        expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
        const literal = [`'${title}'`, `"${title}"`, `\`${title}\``];
        const source = readFileSync(join(ROOT, file), 'utf8');
        expect([title, literal.some((one) => source.includes(one))]).toEqual([title, true]);
      }
    },
  );

  it('names every defence that can be removed, and no other', () => {
    const named = new Set(threats.map(({ defence }) => defence));
    expect([...named].sort()).toEqual(DEFENCES.map(({ id }) => id).sort());
  });

  it('has a test without a lab for each of them: the lab is no part of removing', () => {
    const without = DEFENCES.filter(
      ({ id }) =>
        !threats.some(
          ({ defence, tests }) =>
            defence === id && tests.some(({ file }) => /^test\/(?!lab\/)/.test(file)),
        ),
    );
    expect(without).toEqual([]);
  });

  it('covers every setting of a socket or a secret', () => {
    const doors = VARIABLES.filter((name) => /_(?:URL|HOST|PORT|PEERS)$/.test(name));
    for (const name of [...doors, ...SECRETS, 'CRANKBACK_POLICY', 'CRANKBACK_STATE_FILE'])
      expect(document).toContain(`\`${name}\``);
    expect(doors.length).toBeGreaterThan(8);
  });
});

describe('a row of the threat model', () => {
  it('has an attack, a defence and tests', () => {
    const row =
      '| a flood | a bound | `some-bound` | `test/a.ts` “keeps %i”, “says so”, `test/b.ts` “$name” |';
    expect(readThreats(`# x\n\n| a | b | c | d |\n|---|---|---|---|\n${row}`)).toEqual([
      {
        line: 5,
        attack: 'a flood',
        defence: 'some-bound',
        tests: [
          { file: 'test/a.ts', title: 'keeps %i' },
          { file: 'test/a.ts', title: 'says so' },
          { file: 'test/b.ts', title: '$name' },
        ],
      },
    ]);
  });

  it('without a test is refused by its line', () => {
    expect(() => readThreats('| a flood | a bound | `some-bound` | by reading |')).toThrow(
      'docs/threat-model.md:1: no test; expected `test/…` “title”, “title”',
    );
  });

  it('names tests as jest names them', () => {
    expect('with a (b) is 400').toMatch(new RegExp(`^${titlePattern('with %s is 400')}$`));
    expect('not to 112').toMatch(new RegExp(`^${titlePattern('not to ${user}')}$`));
    expect('is it so?').not.toMatch(new RegExp(`^${titlePattern('is it so')}$`));
  });
});
