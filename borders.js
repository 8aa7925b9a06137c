'use strict';
/**
 * Which folder may import from which: read by .dependency-cruiser.cjs (imports) and eslint.config.js
 * (clock, randomness and I/O). A name here whose folder is gone would allow everything without a word,
 * so it is an error.
 */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** The pure core: no I/O, no clock, no randomness that is not handed in. */
const PURE = [
  'src/model',
  'src/normalize',
  'src/codecs',
  'src/sip',
  'src/policy',
  'src/trunks',
  'src/figures',
  'src/observe',
  'src/findings',
  'src/alerts',
];

/** What is around the core. The core imports nothing from here. */
const AROUND = [
  'adapters',
  'src/policy-file',
  'src/settings',
  'src/state-file',
  'src/calls',
  'src/records',
  'src/journal',
  'src/events',
  'src/explain',
  'src/simulate',
  'src/replay',
  'src/report',
  'src/scenario',
  'src/suggest',
  'src/doctor',
  'src/init',
  'src/import',
  'src/app',
  'src/notify',
  'src/threads',
  'src/tracing',
  'src/http',
  'src/cli',
];

/** Where decisions are made or shown. Adapters translate and never decide: types only. */
const DECIDING = ['src/policy', 'src/http', 'src/cli', 'src/app'];

/** The only files that import adapters, so that everything else can be read without any PBX in mind. */
const COMPOSITION_ROOTS = [
  'src/service.ts',
  'src/dialects.ts',
  'src/pbx-readers.ts',
  'src/examine.ts',
];

/** Node's modules that do I/O or keep time. */
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

/** Packages that do I/O. */
const IO_PACKAGES = [
  'winston',
  'ioredis',
  'ari-client',
  'modesl',
  'undici',
  'fastify',
  '@fastify/static',
  'nodemailer',
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

/** Throws if a folder or file named above does not exist below `root`. */
function checkNames(root) {
  const missing = [...new Set([...PURE, ...AROUND, ...DECIDING, ...COMPOSITION_ROOTS])].filter(
    (name) => !existsSync(join(root, name)),
  );
  if (missing.length > 0) {
    throw new Error(`borders.js names what does not exist: ${missing.join(', ')}`);
  }
}

checkNames(__dirname);

module.exports = { PURE, AROUND, DECIDING, COMPOSITION_ROOTS, NODE_IO, IO_PACKAGES };
