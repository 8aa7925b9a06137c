import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logLines } from '../../../lab/docs/log-lines';
import { logsPage } from '../../../lab/docs/logs-page';
import { LOG_FIELDS } from '../../../src/records/log-field-names';
import { failed, routed, setUp } from '../../doubles/call-pipeline';

const ROOT = join(__dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const known = new Set(Object.values(LOG_FIELDS).flatMap((fields) => Object.keys(fields)));
const lines = logLines(ROOT);

it('docs/logs.md is as it is generated', () => {
  const page = logsPage(lines, read('docs/logs/rsyslog.conf'), read('docs/logs/loki.alloy'));
  expect(read('docs/logs.md')).toBe(page);
});

it('every field that the sources write is in the list', () => {
  expect(lines.length).toBeGreaterThan(50);
  const written = new Set(lines.flatMap(({ fields }) => fields));
  expect(written.size).toBeGreaterThan(40);
  expect([...written].filter((name) => !known.has(name))).toEqual([]);
});

it('and so is every field of the lines of calls', () => {
  const { listener, lines: logged } = setUp();
  for (const handover of [routed(), failed(503), failed(488), failed(603), failed(404)])
    listener.handover(handover);
  const names = new Set(logged.flatMap((line) => Object.keys(line)));
  expect(names.size).toBeGreaterThan(15);
  expect([...names].filter((name) => !known.has(name))).toEqual([]);
});
