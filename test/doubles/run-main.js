'use strict';
// Runs src/main.ts as it is, without a build: node test/doubles/run-main.js run --policy …
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

// Before all others: `./classes` shall mean classes.ts, not classes.json.
const others = Object.entries(require.extensions);
for (const [extension] of others) delete require.extensions[extension];
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, filename);
};
for (const [extension, load] of others) require.extensions[extension] = load;
require(join(__dirname, '../../src/main.ts'));
