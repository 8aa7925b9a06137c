import {
  containerProxyVariables,
  readAptProxies,
} from '../../../../lab/provision/debian/apt-proxy';

describe('readAptProxies', () => {
  test('takes proxy settings and nothing else out of a dump', () => {
    const dump = `APT::Architecture "amd64";
Acquire::http::Proxy "http://proxy.example:3142";
Acquire::https::Proxy::repo.example "DIRECT";
Acquire::http::Proxy-Auto-Detect "/usr/bin/detect";
Acquire::ftp::Proxy "";
`;
    expect(readAptProxies(dump)).toEqual({
      settings: [
        'Acquire::http::Proxy "http://proxy.example:3142"',
        'Acquire::https::Proxy::repo.example "DIRECT"',
      ],
      unusable: [],
    });
  });

  test('sets aside what means this machine only', () => {
    const setting = 'Acquire::http::Proxy "http://127.0.0.1:3142"';
    expect(readAptProxies(`${setting};`)).toEqual({ settings: [], unusable: [setting] });
  });
});

test('containerProxyVariables keeps what a container can reach', () => {
  expect(
    containerProxyVariables({
      HTTP_PROXY: 'http://proxy.example:8080',
      https_proxy: 'http://user@localhost:8080',
      no_proxy: '.example',
      ftp_proxy: '',
      PATH: '/bin',
    }),
  ).toEqual([
    ['HTTP_PROXY', 'http://proxy.example:8080'],
    ['no_proxy', '.example'],
  ]);
});
