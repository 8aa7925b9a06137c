'use strict';
// The tests that mutation testing asks: those of the policy, the unit project's way to run them.
const unit = require('../jest.config').projects.find(({ displayName }) => displayName === 'unit');

module.exports = { ...unit, testMatch: ['<rootDir>/test/unit/policy/**/*.test.ts'] };
