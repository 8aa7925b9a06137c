import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faultPolicy } from '../../../../lab/faults/policy';
import { loadPolicy } from '../../../../src/policy-file/policy-file';

test.each([
  ['the usual one', faultPolicy()],
  ['with another order', faultPolicy({ order: ['carrier-c', 'carrier-b', 'carrier-a'] })],
  ['with held trunks', faultPolicy({ holds: true })],
])('the policy is in order: %s', (_, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-test-'));
  try {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text);
    expect(loadPolicy(file)).toMatchObject({ ok: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
