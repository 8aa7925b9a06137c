'use strict';
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

/** Suites that need a program of this machine. */
const SET_UP = new Set(['metrics', 'redis', 'browser']);
/** Suites on the lab, a lab for each worker. */
const ON_LAB = new Set(['lab', 'lab-faults']);

module.exports = {
  // `npm run coverage`: the unit suite alone. The floor is a little below what it covers today; raise it
  // when that grows.
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
  coverageReporters: ['text-summary', 'html'],
  collectCoverageFrom: ['src/**/*.ts', 'adapters/**/*.ts'],
  coverageThreshold: { global: { statements: 79, lines: 79, branches: 93, functions: 87 } },
  projects: [
    'unit',
    'library',
    'faults',
    'metrics',
    'redis',
    'freeswitch',
    'lab',
    'lab-faults',
    'package',
    'debian',
    'browser',
    'long',
  ].map((name) => ({
    displayName: name,
    rootDir: __dirname,
    testEnvironment: 'node',
    transform,
    // Node wants the ending in import(), where the compiler has written it as it stands; here the file is TypeScript.
    moduleNameMapper: { '^(\\.\\./explain/[\\w-]+)\\.js$': '$1' },
    modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/dist/'],
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    ...(SET_UP.has(name) && { globalSetup: `<rootDir>/test/${name}/global-setup.ts` }),
    ...(ON_LAB.has(name) && {
      globalSetup: '<rootDir>/test/lab/global-setup.ts',
      setupFiles: ['<rootDir>/test/lab/setup.ts'],
    }),
  })),
};
