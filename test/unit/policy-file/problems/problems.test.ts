import {
  listed,
  pathText,
  quote,
  renderProblem,
} from '../../../../src/policy-file/problems/problems';
import type { Problem } from '../../../../src/policy-file/problems/problems';

const problem: Problem = {
  file: 'policy.yaml',
  line: 12,
  column: 15,
  finding: 'CB1204',
  path: 'routes[1].trunks[0]',
  message: 'unknown trunk "carrier-x"',
  expected: 'Known trunks: carrier-a, carrier-b',
  suggestion: 'carrier-a',
  sourceLine: '    trunks: [carrier-x]',
};

describe('a problem is written out', () => {
  it('with place, path, what is wrong, what was meant, what is legal, the line and a caret', () => {
    expect(renderProblem({ ...problem, column: 14 })).toBe(
      'policy.yaml:12:14: routes[1].trunks[0]: unknown trunk "carrier-x"; did you mean "carrier-a"? Known trunks: carrier-a, carrier-b [CB1204]\n' +
        '    trunks: [carrier-x]\n' +
        '             ^',
    );
  });

  it('without what it does not have', () => {
    const bare: Omit<Problem, 'sourceLine'> = {
      finding: 'CB1003',
      file: 'policy.yaml',
      line: 1,
      column: 1,
      path: '',
      message: 'the file is empty',
    };
    expect(renderProblem({ ...bare, sourceLine: '' })).toBe(
      'policy.yaml:1:1: the file is empty [CB1003]',
    );
  });

  it('with the caret under its column behind tabs', () => {
    const tabbed = { ...problem, column: 4, sourceLine: '\t- {x: 1}' };
    expect(renderProblem(tabbed).split('\n').slice(1)).toEqual(['\t- {x: 1}', '\t  ^']);
  });

  it('with a piece of a very long line', () => {
    const long = {
      ...problem,
      column: 1001,
      sourceLine: `${'-'.repeat(1000)}X${'-'.repeat(1000)}`,
    };
    const [, line, caret] = renderProblem(long).split('\n');
    expect(line).toHaveLength(120);
    expect(line?.charAt(caret?.indexOf('^') ?? -1)).toBe('X');
  });

  it('without control characters that would steer the terminal', () => {
    const hostile = { ...problem, message: '\u009b31m', sourceLine: 'a: \u001b[2Jb' };
    expect(renderProblem(hostile)).not.toMatch(/[\u001b\u009b]/);
  });
});

describe('a path', () => {
  it.each([
    [[], ''],
    [['routes', 1, 'trunks', 0], 'routes[1].trunks[0]'],
    [['trunks', 'carrier-a', 'asterisk'], 'trunks.carrier-a.asterisk'],
    [['trunks', 'a b', 'asterisk'], 'trunks["a b"].asterisk'],
  ])('%j reads %s', (path, expected) => {
    expect(pathText(path)).toBe(expected);
  });
});

describe('what could be very long', () => {
  it('is cut in quotes', () => {
    expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(60)}…"`);
  });

  it('is cut in lists', () => {
    const names = Array.from({ length: 32 }, (_, index) => `t${index}`);
    expect(listed(names)).toMatch(/^t0, t1, .*, t29 and 2 more$/);
  });
});
