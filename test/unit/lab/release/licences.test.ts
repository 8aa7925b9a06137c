import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOf } from '../../../../lab/release/bill-of-materials';
import {
  BY_READING,
  requireLicences,
  shippedPackages,
  type Shipped,
} from '../../../../lab/release/licences';
import { notices, statementsOf } from '../../../../lab/release/notices';
import type { PackageLock } from '../../../../lab/release/package-lock';

const ROOT = join(__dirname, '../../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const lock = JSON.parse(read('package-lock.json')) as PackageLock;
const page = read('docs/dependencies.md');

describe('the packages that come with crankback', () => {
  const shipped = shippedPackages(lock);

  it('have an accepted licence each, in their field or by reading', () => {
    expect(shipped.length).toBeGreaterThan(100);
    expect(() => requireLicences(shipped)).not.toThrow();
  });

  it('were read only where the field says nothing usable, and are named with the reason', () => {
    const byReading = shipped.filter(({ stated }) => stated !== undefined);
    const names = byReading.map(({ name, version }) => `${name}@${version}`);
    expect(names).toEqual(Object.keys(BY_READING).sort());
    for (const name of names) expect(page).toContain(`| \`${name}\` |`);
  });

  it.each(Object.entries(BY_READING))('%s states its licence where we say', (name, { stated }) => {
    const one = shipped.find((it) => `${it.name}@${it.version}` === name);
    const path = join(ROOT, one?.path ?? '', stated);
    expect([path, existsSync(path)]).toEqual([path, true]);
    expect(readFileSync(path, 'utf8')).toMatch(
      /licen[cs]e|Redistribution and use in source and binary forms/i,
    );
  });

  it('that replace others are named with the hole', () => {
    const { overrides } = JSON.parse(read('package.json')) as { overrides: object };
    for (const name of Object.keys(overrides)) expect(page).toContain(`| \`${name}\` |`);
  });
});

describe('a package', () => {
  const locked = (entry: object): readonly Shipped[] =>
    shippedPackages({ packages: { '': { version: '1.0.0' }, 'node_modules/a': entry } });

  it.each([
    ['without a licence field', {}],
    ['whose field is no SPDX name', { license: 'Apache2' }],
    ['under a licence that nobody has looked at', { license: 'GPL-3.0-only' }],
  ])('%s is not shipped, and the message says what to do', (_, entry) => {
    expect(() => requireLicences(locked({ version: '2.0.0', ...entry }))).toThrow(
      'no accepted licence: a@2.0.0. Read its licence and add it to lab/release/licences.ts',
    );
  });

  it('for development is none that is shipped', () => {
    expect(locked({ version: '2.0.0', dev: true })).toEqual([]);
  });

  it('goes by the name of what is installed, not by that of what it replaces', () => {
    const [one] = locked({ name: '@b/a', version: '2.0.0', license: 'MIT' });
    expect(one).toMatchObject({ name: '@b/a', path: 'node_modules/a', licence: 'MIT' });
  });
});

describe('the notices', () => {
  it('have each package with its licence and its own words', () => {
    const shipped: readonly Shipped[] = [
      { path: 'node_modules/a', name: 'a', version: '1.0.0', licence: 'MIT' },
      { path: 'node_modules/b', name: 'b', version: '2.0.0', licence: 'ISC' },
    ];
    const words = [{ file: 'LICENSE', text: '\ufeff# MIT\r\n\r\nDo what you want.\n' }];
    expect(notices(shipped, ({ name }) => (name === 'a' ? words : []))).toBe(
      [
        '# Third-party notices\n\ncrankback comes with these packages. Each is under its own licence.\n',
        '## a 1.0.0\n\nLicence: MIT\n\nLICENSE:\n\n    # MIT\n\n    Do what you want.\n',
        '## b 2.0.0\n\nLicence: ISC\n',
      ].join('\n'),
    );
  });

  it('find the words of a package that keeps them elsewhere', () => {
    const [one] = shippedPackages(lock).filter(({ name }) => name === 'sprintf');
    const [words] = one ? statementsOf(ROOT, one) : [];
    expect(words?.file).toBe('lib/sprintf.js');
    expect(words?.text).toContain('Redistribution and use in source and binary forms');
  });
});

describe('the bill of materials', () => {
  const component = (name: string, version: string, more: object = {}) => ({
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...more,
  });
  const MIT = { licenses: [{ license: { id: 'MIT' } }] };
  const all = {
    metadata: { component: { name: 'folder' } },
    components: [
      component('jest', '30.0.0', MIT),
      component('sprintf', '0.1.1'),
      { ...component('@b/zod', '4.0.0', MIT), name: 'zod' },
    ],
    dependencies: [
      { ref: 'crankback@1.0.0', dependsOn: ['@b/zod@4.0.0', 'jest@30.0.0'] },
      { ref: '@b/zod@4.0.0', dependsOn: ['sprintf@0.1.1'] },
      { ref: 'jest@30.0.0', dependsOn: [] },
    ],
  };
  const zod = { path: 'node_modules/zod', name: '@b/zod', version: '4.0.0', licence: 'MIT' };
  const sprintf = { path: '', name: 'sprintf', version: '0.1.1', licence: 'BSD-3-Clause' };

  it('has what is shipped and nothing else, by its own names, each with its licence', () => {
    expect(billOf(all, 'crankback', [zod, sprintf])).toEqual({
      metadata: { component: { name: 'crankback' } },
      components: [
        component('sprintf', '0.1.1', { licenses: [{ license: { id: 'BSD-3-Clause' } }] }),
        component('@b/zod', '4.0.0', MIT),
      ],
      dependencies: [
        { ref: 'crankback@1.0.0', dependsOn: ['@b/zod@4.0.0'] },
        { ref: '@b/zod@4.0.0', dependsOn: ['sprintf@0.1.1'] },
      ],
    });
  });

  it('is refused where npm leaves out a package that is shipped', () => {
    expect(() => billOf(all, 'crankback', [{ ...zod, version: '5.0.0' }])).toThrow(
      'npm sbom does not list @b/zod@5.0.0',
    );
  });
});
