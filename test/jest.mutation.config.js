'use strict';
// The tests that mutation testing asks: those of the policy, run as in the unit project. Without the
// properties: a mutant that only chance finds would count as found.
const unit = require('../jest.config').projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
  ...unit,
  testMatch: ['<rootDir>/test/unit/policy/**/*.test.ts'],
  testPathIgnorePatterns: ['properties.test.ts'],
};
