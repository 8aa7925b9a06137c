import { lastingIdentity } from '../../../src/app/lasting-identity';
import { readSettings, type Settings } from '../../../src/settings/settings';

function settings(env: Readonly<Record<string, string>> = {}): Settings {
  const required = {
    CRANKBACK_POLICY: 'policy.yaml',
    CRANKBACK_ARI_URL: 'http://127.0.0.1:8088',
    CRANKBACK_ARI_USER: 'u',
    CRANKBACK_ARI_PASSWORD: 'p',
  };
  const read = readSettings({ ...required, ...env }, {}, () => '');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

const machine = (id: string) => () => `${id}\n`;
const none = () => {
  throw new Error('ENOENT');
};
const REDIS = { CRANKBACK_REDIS_URL: 'redis://127.0.0.1', CRANKBACK_JOURNAL_FLEET: 'true' };

it('what an instance is stays the same over its restarts, also without a machine-id', () => {
  expect(lastingIdentity(settings(), machine('a'))).toBe(lastingIdentity(settings(), machine('a')));
  expect(lastingIdentity(settings(), none)).toBe(lastingIdentity(settings(), none));
  expect(lastingIdentity(settings())).toMatch(/^[0-9a-f]{32}$/);
});

it.each([
  ['another machine of the same name', settings(), machine('b')],
  ['a machine without an id', settings(), none],
  ['another port', settings({ CRANKBACK_HTTP_PORT: '8091' }), machine('a')],
  ['another address', settings({ CRANKBACK_HTTP_HOST: '::1' }), machine('a')],
  ['another name', settings({ ...REDIS, CRANKBACK_INSTANCE: 'pbx-2' }), machine('a')],
])('%s is another instance', (_, other, read) => {
  expect(lastingIdentity(other, read)).not.toBe(lastingIdentity(settings(), machine('a')));
});

it('with any free port every start is another instance', () => {
  const any = settings({ CRANKBACK_HTTP_PORT: '0' });
  expect(lastingIdentity(any, machine('a'))).not.toBe(lastingIdentity(any, machine('a')));
});
