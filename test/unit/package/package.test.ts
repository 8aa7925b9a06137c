import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atLeast, PATCHED } from '../../doubles/patched';

const ROOT = join(__dirname, '../../..');

interface Locked {
  readonly version?: string;
  readonly name?: string;
  readonly dev?: boolean;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;
}

const manifest = json<{
  name: string;
  license: string;
  engines: { node: string };
  dependencies: Record<string, string>;
  overrides: Record<string, string>;
}>('package.json');
const { packages } = json<{ packages: Record<string, Locked> }>('package-lock.json');

/** Every place where a package of this name is installed, from node_modules itself. */
function installed(name: string): { path: string; name: string; version: string }[] {
  const found: { path: string; name: string; version: string }[] = [];
  const search = (folder: string): void => {
    if (!existsSync(join(ROOT, folder))) return;
    const own = join(folder, name, 'package.json');
    if (existsSync(join(ROOT, own))) {
      found.push({ path: own, ...json<{ name: string; version: string }>(own) });
    }
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      const inside = join(folder, entry.name);
      if (entry.name.startsWith('@')) {
        for (const scoped of readdirSync(join(ROOT, inside))) {
          search(join(inside, scoped, 'node_modules'));
        }
      } else {
        search(join(inside, 'node_modules'));
      }
    }
  };
  search('node_modules');
  return found;
}

describe('comparing versions', () => {
  it.each([
    ['8.23.0', '8.23.0', true],
    ['8.23.1', '8.23.0', true],
    ['9.0.0', '8.23.0', true],
    ['8.22.9', '8.23.0', false],
    ['7.99.99', '8.23.0', false],
    ['0.4.19', '0.5.0', false],
  ])('%s is at least %s: %p', (version, least, expected) => {
    expect(atLeast(version, least)).toBe(expected);
  });
});

describe('the overrides', () => {
  it('are there for every package that needs one', () => {
    expect(Object.keys(manifest.overrides)).toEqual(expect.arrayContaining(Object.keys(PATCHED)));
  });

  it.each(Object.entries(PATCHED))('%s: no unpatched copy is locked', (name, { least, is }) => {
    const copies = Object.entries(packages).filter(([path]) =>
      path.endsWith(`node_modules/${name}`),
    );
    expect(copies.length).toBeGreaterThan(0);
    for (const [path, locked] of copies) {
      expect([path, locked.name ?? name]).toEqual([path, is ?? name]);
      expect([path, atLeast(locked.version ?? '0', least)]).toEqual([path, true]);
    }
  });

  it.each(Object.entries(PATCHED))('%s: no unpatched copy is installed', (name, { least, is }) => {
    const copies = installed(name);
    expect(copies.length).toBeGreaterThan(0);
    for (const copy of copies) {
      expect([copy.path, copy.name]).toEqual([copy.path, is ?? name]);
      expect([copy.path, atLeast(copy.version, least)]).toEqual([copy.path, true]);
    }
  });

  it('also hold for what the clients themselves require', () => {
    const from = (client: string, name: string) =>
      json<{ name: string }>(
        require
          .resolve(`${name}/package.json`, { paths: [join(ROOT, 'node_modules', client)] })
          .slice(ROOT.length + 1),
      ).name;
    expect(from('ari-client', 'request')).toBe('@cypress/request');
    expect(from('ari-client', 'ws')).toBe('ws');
  });
});

describe('the package', () => {
  it('has its name, licence and Node version', () => {
    expect(manifest).toMatchObject({
      name: 'crankback',
      license: 'Apache-2.0',
      engines: { node: '>=20.19' },
    });
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/);
  });

  it('is locked as it is declared', () => {
    expect(packages['']).toMatchObject({
      name: manifest.name,
      license: manifest.license,
      dependencies: manifest.dependencies,
    });
  });

  it('needs the PBX clients exactly as they were tested', () => {
    expect(manifest.dependencies).toMatchObject({ 'ari-client': '2.2.0', modesl: '1.2.1' });
  });
});
