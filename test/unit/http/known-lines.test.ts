import { knownLines } from '../../../src/http/desk/known-lines';

const THEN = { hash: 'abc', file: '/etc/crankback/policy.yaml', lines: ['version: 1', '  x: 2'] };

describe('the lines that a call is told with', () => {
  it('are those of the policies of then, and of the shipped rules', () => {
    const lineAt = knownLines([THEN]);
    expect(lineAt({ file: THEN.file, line: 2, column: 1 })).toBe('x: 2');
    expect(lineAt({ file: 'built-in/defaults.yaml', line: 1, column: 1 })).not.toBe('');
  });

  it.each([[[THEN]], [[{ hash: 'abc', file: __filename }]]])(
    'are of no other file, whatever the record names',
    (policies) => {
      expect(knownLines(policies)({ file: __filename, line: 1, column: 1 })).toBe('');
    },
  );
});
