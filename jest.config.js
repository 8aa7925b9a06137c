'use strict';
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

module.exports = {
  projects: ['unit', 'library', 'faults', 'redis', 'freeswitch', 'lab', 'long'].map((name) => ({
    displayName: name,
    rootDir: __dirname,
    testEnvironment: 'node',
    transform,
    modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/dist/'],
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    ...(name === 'redis' && { globalSetup: '<rootDir>/test/redis/global-setup.ts' }),
  })),
};
