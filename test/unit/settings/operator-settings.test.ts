import { readOperatorSettings } from '../../../src/settings/operator-settings';

function read(env: Record<string, string>, flags = {}) {
  return readOperatorSettings(env, flags, (path) => `token-of-${path}\n`);
}

describe('settings of a command that speaks to the service', () => {
  it('are where the service listens by default', () => {
    expect(read({})).toEqual({ ok: true, settings: { url: 'http://127.0.0.1:8090' } });
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:8090'],
    ['::', 'http://[::1]:8090'],
    ['::1', 'http://[::1]:8090'],
    ['pbx.example.org', 'http://pbx.example.org:8090'],
  ])('reach a service that listens on %s', (host, url) => {
    expect(read({ CRANKBACK_HTTP_HOST: host })).toMatchObject({ settings: { url } });
  });

  it('take flags and the tokens', () => {
    const env = {
      CRANKBACK_HTTP_PORT: '1',
      CRANKBACK_HTTP_TOKEN_FILE: '/t/0123456789',
      CRANKBACK_HTTP_READ_TOKEN_FILE: '/r/0123456789',
    };
    expect(read(env, { httpPort: '9000' })).toEqual({
      ok: true,
      settings: {
        url: 'http://127.0.0.1:9000',
        token: 'token-of-/t/0123456789',
        readToken: 'token-of-/r/0123456789',
      },
    });
  });

  it('say what is wrong with them', () => {
    expect(read({ CRANKBACK_HTTP_PORT: 'x', CRANKBACK_HTTP_TOKEN: 'short' })).toEqual({
      ok: false,
      problems: [
        'CRANKBACK_HTTP_PORT (--http-port): not usable. Expected a port from 0 to 65535; 0 takes any free one [CB2002]',
        'CRANKBACK_HTTP_TOKEN: not usable. Expected 16 to 256 visible ASCII characters without spaces [CB2002]',
      ],
    });
  });
});
