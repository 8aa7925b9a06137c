import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFilesIn } from '../../../src/init/files/config-files';

describe('a file of the PBX', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'crankback-config-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is read', () => {
    writeFileSync(join(root, 'pjsip.conf'), '[a]');
    expect(configFilesIn(root).read('/pjsip.conf')).toBe('[a]');
  });

  it('is not read where it is too large for a configuration, or no plain file', () => {
    writeFileSync(join(root, 'large.conf'), '');
    truncateSync(join(root, 'large.conf'), 8_000_001);
    symlinkSync('/dev/null', join(root, 'device.conf'));
    const files = configFilesIn(root);
    const names = ['/large.conf', '/device.conf', '/none.conf'];
    expect(names.filter((name) => files.read(name) !== undefined)).toEqual([]);
  });
});
