/** The mirror to use if the machine's own apt sources name none. */
export const DEFAULT_DEBIAN_MIRROR = 'http://deb.debian.org/debian';

interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string;
}

/** The text of one file of apt sources; its name determines the format. */
export interface AptSourcesFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The Debian mirror that this machine already uses, so that a machine behind a company mirror stays behind
 * it. Third parties use the same suite names. A source is Debian's only if it has Debian's keyring, an
 * `-updates` suite at the same place, or a path that ends in /debian.
 */
export function findDebianMirror(files: readonly AptSourcesFile[]): string {
  const sources = files.flatMap(({ name, text }) =>
    name.endsWith('.sources') ? parseDeb822(text) : parseOneLineFormat(text),
  );
  const usable = sources.filter(
    ({ uri, suites, components }) =>
      /^https?:\/\//.test(uri) &&
      components.includes('main') &&
      suites.some((suite) => !suite.includes('-security') && !suite.endsWith('/')) &&
      !uri.includes('security') &&
      !uri.includes('ubuntu'),
  );
  const score = (source: AptSource): number =>
    (source.signedBy.includes('debian-archive') ? 4 : 0) +
    (usable.some(
      (other) => other.uri === source.uri && other.suites.some((s) => s.endsWith('-updates')),
    )
      ? 2
      : 0) +
    (/\/debian$/.test(source.uri) ? 1 : 0);
  const [best] = usable.filter((source) => score(source) > 0).sort((a, b) => score(b) - score(a));
  return best?.uri ?? DEFAULT_DEBIAN_MIRROR;
}

function parseOneLineFormat(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    return [
      {
        uri: withoutTrailingSlash(uri),
        suites: [suite],
        components: words(components),
        signedBy: /signed-by=(\S+)/i.exec(options)?.[1] ?? '',
      },
    ];
  });
}

function parseDeb822(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = parseStanza(stanza);
    if (!words(fields.get('types') ?? '').includes('deb')) return [];
    if (/^(no|false|off|0)$/i.test(fields.get('enabled') ?? '')) return [];
    return words(fields.get('uris') ?? '').map((uri) => ({
      uri: withoutTrailingSlash(uri),
      suites: words(fields.get('suites') ?? ''),
      components: words(fields.get('components') ?? ''),
      signedBy: fields.get('signed-by') ?? '',
    }));
  });
}

function parseStanza(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^([A-Za-z][\w-]*):\s*(.*)$/.exec(line);
    if (match) {
      current = (match[1] ?? '').toLowerCase();
      fields.set(current, (match[2] ?? '').trim());
    } else if (/^\s/.test(line) && current) {
      fields.set(current, `${fields.get(current) ?? ''} ${line.trim()}`);
    }
  }
  return fields;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

function withoutTrailingSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}
