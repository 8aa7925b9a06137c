'use strict';
const tseslint = require('typescript-eslint');

/** Folders that hold the pure core: no I/O, no clock, no randomness that is not handed in. */
const PURE = ['src/model', 'src/normalize', 'src/policy', 'src/trunks', 'src/codecs'];
const NODE_IO = [
  'fs',
  'net',
  'http',
  'https',
  'dgram',
  'tls',
  'dns',
  'child_process',
  'timers',
  'os',
];

module.exports = tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      'node_modules/',
      '.cache/',
      'lab/.run/',
      'eslint.config.js',
      'jest.config.js',
      'test/jest.mutation.config.js',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Adapters are wired in one place only, so that the core can be read without any PBX in mind.
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/adapters/**'], message: 'Only src/main.ts may import adapters.' },
          ],
        },
      ],
    },
  },
  {
    // Adapters translate, never decide.
    files: ['adapters/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/src/policy/**', '**/src/http/**', '**/src/cli/**', '**/src/app/**'],
              allowTypeImports: true,
              message: 'Adapters translate, never decide.',
            },
          ],
        },
      ],
    },
  },
  {
    files: PURE.map((folder) => `${folder}/**/*.ts`),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: NODE_IO.flatMap((name) => [name, `node:${name}`]).map((name) => ({
            name,
            message: 'The core is pure: no I/O.',
          })),
          patterns: [
            {
              group: [
                '**/adapters/**',
                '**/policy-file/**',
                '**/settings/**',
                '**/calls/**',
                '**/records/**',
                '**/app/**',
                '**/http/**',
                '**/cli/**',
                'winston',
                'ioredis',
                'ari-client',
                'modesl',
              ],
              message: 'The core is pure.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        ...[
          'process',
          'console',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'fetch',
          'performance',
        ].map((name) => ({ name, message: 'The core is pure: hand it in.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Hand the clock in.' },
        { object: 'Math', property: 'random', message: 'Hand randomness in.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Hand the clock in.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'lab/**/*.ts', 'src/cli/**/*.ts', 'src/app/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
