import { replaceGenerated } from '../../../../lab/faults/docs-page';
import { sumOf, valuesOf } from '../../../../lab/faults/metrics';

const METRICS = `# TYPE crankback_tracked gauge
crankback_tracked{pbx="asterisk",kind="hunts"} 3
crankback_tracked{pbx="asterisk",kind="listeners"} 7
crankback_tracked_other 5
process_open_fds 12
`;

test('a metric is summed over its labels, and no other with a longer name', () => {
  expect(sumOf(METRICS, 'crankback_tracked')).toBe(10);
  expect(sumOf(METRICS, 'process_open_fds')).toBe(12);
  expect(sumOf(METRICS, 'nothing')).toBe(0);
});

test('the values of a metric by a label', () => {
  expect(valuesOf(METRICS, 'crankback_tracked', 'kind')).toEqual({ hunts: 3, listeners: 7 });
});

test('what stands between the marks of a command is replaced, and nothing else', () => {
  const page = 'a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n';
  expect(replaceGenerated(page, 'x', 'new')).toBe(
    'a\n<!-- begin: x -->\n\nnew\n\n<!-- end: x -->\nb\n',
  );
  expect(() => replaceGenerated(page, 'y', 'new')).toThrow('<!-- begin: y -->');
});
