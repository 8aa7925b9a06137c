import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const [asteriskPart = '', freeswitchPart = ''] = read('docs/dialplan-variables.md').split(
  '\n## FreeSWITCH\n',
);
const SETTINGS = read('docs/settings.md');

it('lists every variable of the Asterisk dialplan and its adapter, and no other', () => {
  const name = /\b(?:CB|CRANKBACK)_[A-Z0-9]+(?:_[A-Z0-9]+)*_?/g;
  const dialplan = names(withoutComments(filesOf('adapters/asterisk/dialplan', '.conf')), name);
  // Environment variables of the service are named in the adapter too; docs/settings.md has these.
  const adapter = names(filesOf('adapters/asterisk', '.ts'), name).filter(
    (one) => !SETTINGS.includes(`\`${one}\``),
  );
  expect(listed(asteriskPart)).toEqual(sorted([...dialplan, ...adapter].map(ofAStatus)));
});

it('lists every variable of the FreeSWITCH dialplan and its adapter, and no other', () => {
  const name = /\bcrankback_[a-z][a-z_]*/g;
  const contexts = ['crankback_steps', 'crankback_failed', 'crankback_fallback'];
  const xml = filesOf('adapters/freeswitch/dialplan', '.xml').replace(/<!--[\s\S]*?-->/g, '');
  const used = names(`${xml}\n${filesOf('adapters/freeswitch', '.ts')}`, name);
  expect(listed(freeswitchPart)).toEqual(sorted(used.filter((one) => !contexts.includes(one))));
});

it('says of each who sets it, who reads it and what it may hold', () => {
  for (const row of rowsOf(`${asteriskPart}\n${freeswitchPart}`)) {
    expect(row).toHaveLength(4);
    expect(row.filter((cell) => cell === '')).toEqual([]);
  }
});

it('makes the text for the CDRs of Asterisk alike in all ways in', () => {
  const dialplan = withoutComments(filesOf('adapters/asterisk/dialplan', '.conf'));
  const made =
    dialplan.match(
      /\$\{IF\(\$\{ISNULL\(\$\{CRANKBACK_CDR_FIELD\}\)\}\?-:.*?sip=%24\{CRANKBACK_SIP\}\)\}\)\}\)\}/g,
    ) ?? [];
  expect(made).toHaveLength(4);
  expect(new Set(made).size).toBe(1);
  expect(dialplan.match(/outcome=/g)).toHaveLength(4);
});

/** Names in the first column; `CB_BEFORE_<status>` is that before the bracket. */
function listed(part: string): string[] {
  return rowsOf(part)
    .map(([name = '']) => name.replace(/^`([^`<]+).*$/, '$1'))
    .sort();
}

function rowsOf(part: string): string[][] {
  return part
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

function names(text: string, name: RegExp): string[] {
  return text.match(name) ?? [];
}

/** `CB_BEFORE_503` and its like are one variable for each planned status. */
function ofAStatus(name: string): string {
  return name.replace(/^(CB_BEFORE_|CB_AFTER_|CB_TRUNK_|CRANKBACK_SAID_)\d{3}$/, '$1');
}

function sorted(all: readonly string[]): string[] {
  return [...new Set(all)].sort();
}

function withoutComments(dialplan: string): string {
  return dialplan.replace(/^;.*$/gm, '');
}

function filesOf(folder: string, ending: string): string {
  const found = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const wanted = found.filter((path) => path.endsWith(ending));
  expect(wanted).not.toEqual([]);
  return wanted.map((path) => read(join(folder, path))).join('\n');
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
