import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
/** All that starts the service. */
const STARTS = [
  'lab/release/debian/template/crankback.service',
  'lab/release/image/Dockerfile',
  'lab/images/crankback/Dockerfile',
];

it.each(STARTS)('%s starts the service with a small young generation', (file) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(
    /^(?:Environment=|ENV )NODE_OPTIONS=--max-semi-space-size=2$/m,
  );
});
