import { DEFAULT_DEBIAN_MIRROR, findDebianMirror } from '../../../../lab/provision/debian/mirror';

const oneLine = (text: string): string => findDebianMirror([{ name: 'sources.list', text }]);
const deb822 = (text: string): string => findDebianMirror([{ name: 'debian.sources', text }]);

describe('findDebianMirror', () => {
  test('falls back on the default when nothing is said', () => {
    expect(findDebianMirror([])).toBe(DEFAULT_DEBIAN_MIRROR);
    expect(oneLine('# deb http://mirror.example/debian trixie main')).toBe(DEFAULT_DEBIAN_MIRROR);
  });

  test('reads the one-line format with and without options', () => {
    expect(oneLine('deb http://mirror.example/debian/ trixie main')).toBe(
      'http://mirror.example/debian',
    );
    expect(
      oneLine(
        'deb [arch=amd64 signed-by=/k/debian-archive-keyring.gpg] https://m.example/d t main',
      ),
    ).toBe('https://m.example/d');
  });

  test('reads deb822 with comments, continuation lines and more stanzas', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://mirror.example/pub/linux/debian/
Suites: bookworm
 bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
    expect(deb822(text)).toBe('http://mirror.example/pub/linux/debian');
  });

  test('knows a company mirror of any name by its -updates suite', () => {
    const text = `deb https://repo.example/artifactory/os-packages trixie main
deb https://repo.example/artifactory/os-packages trixie-updates main`;
    expect(oneLine(text)).toBe('https://repo.example/artifactory/os-packages');
  });

  test('takes no third party, security suite, disabled or foreign source for Debian', () => {
    expect(
      oneLine(`deb https://apt.vendor.example bookworm main
deb http://security.debian.org/debian-security bookworm-security main
deb http://archive.ubuntu.com/ubuntu noble main
deb http://archive.ubuntu.com/ubuntu noble-updates main
deb mirror+file:/etc/apt/mirrors/debian.list bookworm main`),
    ).toBe(DEFAULT_DEBIAN_MIRROR);
    expect(
      deb822('Enabled: no\nTypes: deb\nURIs: http://m.example/debian\nSuites: t\nComponents: main'),
    ).toBe(DEFAULT_DEBIAN_MIRROR);
  });

  test('prefers the source that the Debian keyring signs', () => {
    expect(
      oneLine(`deb https://dl.vendor.example/debian stable main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://m.example/x trixie main`),
    ).toBe('http://m.example/x');
  });
});
