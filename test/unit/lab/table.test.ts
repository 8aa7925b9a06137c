import { renderTable } from '../../../lab/runner/table';

test('columns are as wide as their widest line, cells may have several lines', () => {
  expect(
    renderTable(
      ['a', 'second'],
      [
        ['one\ntwo', 'x'],
        ['', 'longer text'],
      ],
    ),
  ).toBe(['a   │ second', '────┼────────────', 'one │ x', 'two │', '    │ longer text'].join('\n'));
});
