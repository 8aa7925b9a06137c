import { productionPackages } from '../../../../lab/provision/production-packages';

const locked = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
    'node_modules/tester': { version: '3.0.0', dev: true },
    'node_modules/tester-and-optional': { version: '3.0.0', devOptional: true },
  },
};
const installed = {
  packages: {
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/tester': { version: '3.0.0' },
  },
};

describe('productionPackages', () => {
  test('lists what is needed at run time, nested packages on their own', () => {
    expect(productionPackages(locked, installed)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
    ]);
  });

  test('refuses packages other than the locked ones', () => {
    const other = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } } };
    expect(() => productionPackages(locked, other)).toThrow(/node_modules\/a .*npm ci/);
    expect(() => productionPackages(locked, { packages: {} })).toThrow(/found nothing/);
  });
});
