'use strict';
/**
 * What imports may not do; part of `npm run lint`. The folders are named in borders.js.
 * Type imports count as well, so that each folder can be read without the others.
 */
const { PURE, AROUND, DECIDING, COMPOSITION_ROOTS, NODE_IO, IO_PACKAGES } = require('./borders.js');

const escaped = (name) => name.replace(/[.]/g, '\\.');
const inside = (folders) => `^(?:${folders.map(escaped).join('|')})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment:
        'Files that import each other in a circle can only be read together. Move what both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-imports-only-core',
      comment: 'The core is pure: it knows no PBX, no file, no settings, no HTTP.',
      severity: 'error',
      from: { path: inside(PURE) },
      to: { path: inside(AROUND) },
    },
    {
      name: 'core-does-no-io',
      // `node:net` is asked for address ranges alone there (`BlockList`), which is no I/O.
      comment: 'The core is pure: hand in what it needs.',
      severity: 'error',
      from: { path: inside(PURE), pathNot: '^src/codecs/private-address\\.ts$' },
      to: {
        path: [
          `^(?:node:)?(?:${NODE_IO.join('|')})(?:/|$)`,
          `(?:^|/)node_modules/(?:${IO_PACKAGES.join('|')})(?:/|$)`,
          `^(?:${IO_PACKAGES.join('|')})(?:/|$)`,
        ],
      },
    },
    {
      name: 'adapters-only-in-main',
      comment: `Only ${COMPOSITION_ROOTS.join(' and ')} import adapters.`,
      severity: 'error',
      from: { path: '^src/', pathNot: `^(?:${COMPOSITION_ROOTS.map(escaped).join('|')})$` },
      to: { path: '^adapters/' },
    },
    {
      name: 'adapters-never-decide',
      comment: 'Adapters translate; of what decides they know the types alone.',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: inside(DECIDING), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-without-tests',
      comment: 'What is shipped needs neither lab nor tests.',
      severity: 'error',
      from: { path: '^(?:src|adapters)/' },
      to: { path: '^(?:lab|test)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
