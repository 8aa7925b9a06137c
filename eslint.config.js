'use strict';
const tseslint = require('typescript-eslint');

// What imports may do is checked by .dependency-cruiser.cjs; here only what is no import.
const { PURE } = require('./borders.js');

module.exports = tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      'node_modules/',
      '.cache/',
      'lab/.run/',
      'web/api/v1.d.ts',
      'eslint.config.js',
      'borders.js',
      '.dependency-cruiser.cjs',
      'jest.config.js',
      'test/jest.mutation.config.js',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './web/tsconfig.json'],
        tsconfigRootDir: __dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: PURE.map((folder) => `${folder}/**/*.ts`),
    rules: {
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
