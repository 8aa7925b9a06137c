/** What can be known of docs/guides without a machine; test/debian/guides follows them on one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asteriskReader } from '../../../adapters/asterisk/init/reader';
import { readSettings } from '../../../src/settings/settings';
import { configTree } from '../../doubles/config-tree';
import { blocksOf, PAGES, ROOT } from '../../doubles/docs';
import { GUIDES, stepsOf, type FileStep, type Step } from '../../doubles/guides';

const FOLDER = '/etc/asterisk';
const SHIPPED = join(ROOT, 'adapters/asterisk/dialplan');
const steps = GUIDES.flatMap(stepsOf);
const files = steps.filter((step): step is FileStep => step.kind === 'file');
const at = ({ page, line }: Step): string => `${page}:${line}`;

/** The dialplan lines of a context, without comments. */
function contextOf(name: string, text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\s*;.*$/, '').trim());
  const from = lines.indexOf(`[${name}]`);
  if (from < 0) return [];
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => line.startsWith('['));
  return (end < 0 ? rest : rest.slice(0, end)).filter((line) => line !== '');
}

const shipped = readdirSync(SHIPPED)
  .map((name) => readFileSync(join(SHIPPED, name), 'utf8'))
  .join('\n');
const contextsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\[([\w-]+)\]/gm)].map(([, name = '']) => name);

describe('a guide', () => {
  it.each(GUIDES)('%s says of each block what it is', (page) => {
    expect(
      stepsOf(page)
        .filter(({ kind }) => kind === 'unmarked')
        .map(at),
    ).toEqual([]);
    expect(readFileSync(join(ROOT, 'docs/guides/README.md'), 'utf8')).toContain(
      `](${page.replace('docs/guides/', '')})`,
    );
  });

  it('has files, commands, outputs and calls', () => {
    const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;
    expect(count('file')).toBeGreaterThan(8);
    expect(count('shell')).toBeGreaterThan(10);
    expect(count('seen')).toBeGreaterThan(4);
    expect(count('calls')).toBeGreaterThan(5);
  });

  const settings = files.filter(({ path }) => path.endsWith('crankback.env'));
  it.each(settings.map((file) => [at(file), file] as const))(
    'has settings that the service takes: %s',
    (_, { text }) => {
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s) as [string, string]));
      const pbx = {
        CRANKBACK_POLICY: 'policy.yaml',
        CRANKBACK_ARI_URL: 'http://127.0.0.1:8088',
        CRANKBACK_ARI_USER: 'crankback',
        CRANKBACK_ARI_PASSWORD: 'secret',
      };
      expect(readSettings({ ...pbx, ...env }, {}, () => '')).toMatchObject({
        ok: true,
        warnings: [],
      });
    },
  );

  const dialplans = files.filter(({ text }) => /^exten => /m.test(text));
  it.each(dialplans.map((file) => [at(file), file] as const))(
    'leads calls to contexts that exist: %s',
    (_, { text }) => {
      const known = new Set([
        ...contextsIn(shipped),
        ...files.flatMap((one) => contextsIn(one.text)),
      ]);
      const named = [...text.matchAll(/\b(?:Goto|Gosub)\((crankback[\w-]*),/g)];
      for (const [, name = ''] of named) expect([...known]).toContain(name);
    },
  );

  const variables = new Set(shipped.match(/CRANKBACK_[A-Z_]+/g));
  it.each(dialplans.map((file) => [at(file), file] as const))(
    'sets variables that the dialplan reads: %s',
    (_, { text }) => {
      for (const name of text.match(/CRANKBACK_[A-Z_]+/g) ?? [])
        expect([...variables]).toContain(name);
    },
  );
});

it.each(PAGES)('the PBX’s files in %s are named in their first lines', (page) => {
  const blocks = [...blocksOf('ini', page), ...blocksOf('xml', page)];
  const named = /^(?:;|#|<!--) .*[\w…-]\.(?:conf|env|xml)\b/;
  const unnamed = blocks.filter(({ text }) => !named.test(text));
  expect(unnamed.map(({ line }) => `${page}:${line}`)).toEqual([]);
});

describe('emergency calls and the fallback', () => {
  const emergency = (text: string): readonly string[] =>
    contextOf('crankback-emergency', text.replace(/^; ?/gm, ''));
  const shippedExample = emergency(readFileSync(join(SHIPPED, 'emergency.conf'), 'utf8')).slice(
    0,
    5,
  );

  it.each(
    PAGES.flatMap((page) => blocksOf('ini', page))
      .filter(({ text }) => text.includes('[crankback-emergency]'))
      .map((block) => [`${block.page}:${block.line}`, block.text] as const),
  )('are dialled as the shipped file tells: %s', (_, text) => {
    expect(shippedExample).toHaveLength(5);
    expect(emergency(text)).toEqual(shippedExample);
  });

  it('are on the page of plain Asterisk what `crankback init` writes for its files', async () => {
    const own = files.filter(({ page }) => page === 'docs/guides/asterisk.md');
    const texts = Object.fromEntries(own.slice(0, 2).map(({ path, text }) => [path, text]));
    const read = await asteriskReader.read(configTree(texts), FOLDER);
    const { trunks } = read.survey;
    const { wanted } = read.needs({
      dialplan: true,
      emergency: ['112'],
      trunks,
      secret: () => 'made-secret',
      shipped: () => [],
    });
    const written = wanted.find(({ path }) => path.endsWith('ways-out.conf'));
    const text = written?.kind === 'file' ? written.text : '';
    const [page] = own.filter(({ how }) => how === 'now');
    for (const name of ['crankback-fallback', 'crankback-emergency']) {
      expect(contextOf(name, text).length).toBeGreaterThan(4);
      expect(contextOf(name, page?.text ?? '')).toEqual(contextOf(name, text));
    }
  });
});
