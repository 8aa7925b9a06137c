import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { APART } from '../../../lab/release/bundle';

const ROOT = join(__dirname, '../../..');

/** What is loaded with a file of the project: all that it imports before anything is asked of it. */
function loadedWith(entry: string): readonly string[] {
  const { metafile } = buildSync({
    ...{ entryPoints: [entry], absWorkingDir: ROOT, bundle: true, write: false, metafile: true },
    ...{ platform: 'node', format: 'cjs', outdir: 'nowhere', logLevel: 'silent' },
    // Where functions load these when they are called.
    external: APART,
  });
  const found = new Set<string>();
  const look = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? [])
      if (kind !== 'dynamic-import' && external !== true) look(path);
  };
  look(entry);
  return [...found];
}

describe('what a start loads', () => {
  const service = loadedWith('src/service.ts');

  it.each([
    ['the adapter of Asterisk and its packages', /^adapters\/asterisk\/|\/(?:ari-client|undici)\//],
    ['the adapter of FreeSWITCH and its packages', /^adapters\/freeswitch\/|\/modesl\//],
    ['Redis', /^adapters\/redis\/|\/ioredis\//],
    ['mail', /\/nodemailer\//],
    ['what sends traces', /\/@opentelemetry\/(?!api\/)/],
    ['SQLite, which the journal’s thread has', /node-sqlite3-wasm/],
  ])('has nothing of %s until the settings ask for it', (_, unused) => {
    expect(service.filter((file) => unused.test(file))).toEqual([]);
    // Not by another name: it is there.
    expect(service.length).toBeGreaterThan(100);
  });

  it('has neither service nor doctor with the commands', () => {
    const commands = loadedWith('src/main.ts');
    expect(commands.filter((file) => /fastify|\/zod\/|winston|^adapters\//.test(file))).toEqual([]);
  });
});
