import { readSettings, type ReadSettings, type SettingFlags } from '../../../src/settings/settings';
import { readOperatorSettings } from '../../../src/settings/operator-settings';
import { renderSettingProblem } from '../../../src/settings/setting-problem';

const SECRETS: Readonly<Record<string, string>> = {
  '/run/berlin': 'hunter2\n',
  '/run/fs': 'ClueCon',
};

function read(
  yaml: string,
  env: Readonly<Record<string, string>> = {},
  flags: SettingFlags = {},
): ReadSettings {
  return readSettings({ CRANKBACK_CONFIG: 'crankback.yaml', ...env }, flags, fileOf(yaml));
}

function fileOf(yaml: string) {
  return (path: string): string => {
    const text = path === 'crankback.yaml' ? yaml : SECRETS[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  };
}

function settingsOf(result: ReadSettings) {
  if (!result.ok) throw new Error(result.problems.map(renderSettingProblem).join('\n'));
  return result.settings;
}

function problemsOf(result: ReadSettings): readonly string[] {
  return result.ok ? [] : result.problems.map(renderSettingProblem);
}

const THREE = `policy: /etc/crankback/policy.yaml
http_port: 8099
http_names: [pbx.example.org, 192.0.2.7]
mask_numbers: true
pbxes:
  berlin:
    asterisk: { url: http://192.0.2.10:8088/, user: crankback, password_file: /run/berlin }
  hamburg:
    asterisk: { url: "http://192.0.2.11:8088", user: crankback, password: other }
  edge:
    freeswitch: { password_file: /run/fs, listen_port: 8093, peers: [192.0.2.20, "::1"] }
`;

describe('crankback.yaml', () => {
  it('has PBXes by name, and any other setting by the name of its variable', () => {
    expect(settingsOf(read(THREE))).toMatchObject({
      policyFile: '/etc/crankback/policy.yaml',
      http: { host: '127.0.0.1', port: 8099 },
      httpNames: ['pbx.example.org', '192.0.2.7'],
      maskNumbers: true,
      pbxes: [
        {
          ...{ name: 'berlin', kind: 'asterisk' },
          ari: { url: 'http://192.0.2.10:8088', user: 'crankback', password: 'hunter2' },
        },
        { name: 'hamburg', kind: 'asterisk', ari: { password: 'other' } },
        {
          ...{ name: 'edge', kind: 'freeswitch' },
          esl: {
            ...{ host: '127.0.0.1', port: 8021, password: 'ClueCon' },
            listen: { host: '127.0.0.1', port: 8093, peers: ['192.0.2.20', '::1'] },
          },
        },
      ],
    });
  });

  it('is overridden by the environment, and that by the command line', () => {
    const env = { CRANKBACK_HTTP_PORT: '8100', CRANKBACK_POLICY: 'other.yaml' };
    const { http, policyFile } = settingsOf(read(THREE, env, { httpPort: '8101' }));
    expect(http.port).toBe(8101);
    expect(policyFile).toBe('other.yaml');
  });

  it('may be named on the command line', () => {
    const result = readSettings({}, { config: 'crankback.yaml' }, fileOf(THREE));
    expect(settingsOf(result).pbxes).toHaveLength(3);
  });

  it('has the PBX of the environment beside its own', () => {
    const env = {
      CRANKBACK_ARI_URL: 'http://127.0.0.1:8088',
      CRANKBACK_ARI_USER: 'crankback',
      CRANKBACK_ARI_PASSWORD: 'third',
    };
    const { pbxes } = settingsOf(read(THREE, env));
    expect(pbxes.map(({ name }) => name)).toEqual(['asterisk', 'berlin', 'hamburg', 'edge']);
  });

  it('calls a PBX by its kind where the environment may describe it too, setting by setting', () => {
    const yaml = `policy: p.yaml
pbxes: { asterisk: { asterisk: { url: http://192.0.2.10:8088, user: crankback, password_file: /run/berlin } } }
`;
    expect(settingsOf(read(yaml)).pbxes).toMatchObject([
      { name: 'asterisk', ari: { url: 'http://192.0.2.10:8088', password: 'hunter2' } },
    ]);
    const env = { CRANKBACK_ARI_PASSWORD: 'changed' };
    expect(settingsOf(read(yaml, env)).pbxes).toMatchObject([
      { ari: { url: 'http://192.0.2.10:8088', password: 'changed' } },
    ]);
  });

  it('tells commands where the service is', () => {
    const result = readOperatorSettings(
      { CRANKBACK_CONFIG: 'crankback.yaml' },
      {},
      fileOf('{ http_port: 8099, http_token: a-token-of-the-tests }'),
    );
    expect(result).toEqual({
      ok: true,
      settings: { url: 'http://127.0.0.1:8099', token: 'a-token-of-the-tests' },
    });
  });
});

describe('what is wrong in crankback.yaml is said with its line and key', () => {
  const one = (connection: string, name = 'berlin') => `policy: p.yaml
pbxes:
  ${name}: ${connection}
`;
  const URL_EXPECTED =
    'Expected http:// or https://, host and port, such as http://127.0.0.1:8088; no user, no password, no path';

  it.each([
    ['policy: [', [expect.stringMatching(/^crankback\.yaml:1:\d+: .* \[CB1004\]$/)]],
    [
      'polcy: p.yaml\npbxes: {}',
      [
        expect.stringMatching(
          /^crankback\.yaml:1:1: unknown key "polcy"; did you mean "policy"\?.*\[CB1101\]$/,
        ),
      ],
    ],
    ['ari_url: http://127.0.0.1:8088', [expect.stringContaining('unknown key "ari_url"')]],
    [
      one('{ asterisk: { url: ftp://192.0.2.1, user: u, password: p } }'),
      [`crankback.yaml:3:30: pbxes.berlin.asterisk.url: not usable. ${URL_EXPECTED} [CB2002]`],
    ],
    [
      one('{ asterisk: { url: http://192.0.2.1:8088, password_file: /run/none } }'),
      [
        "crankback.yaml:3:68: pbxes.berlin.asterisk.password_file: cannot be read: ENOENT: no such file or directory, open '/run/none' [CB2004]",
        "crankback.yaml:3:23: pbxes.berlin.asterisk.user: missing. Expected a user of Asterisk's ari.conf [CB2001]",
      ],
    ],
    [one('{}'), [expect.stringContaining('pbxes.berlin: not one kind of PBX. Expected one of')]],
    [
      one('{ freeswitch: { password: p } }', '"a b"'),
      [
        'crankback.yaml:3:3: pbxes["a b"]: not a name for a PBX. Expected the name of a PBX: up to 32 of A-Z a-z 0-9 . _ -, such as berlin [CB2002]',
      ],
    ],
    [
      one('{ freeswitch: { password: p } }', 'asterisk'),
      [expect.stringContaining('the name of another kind of PBX than freeswitch')],
    ],
    [
      'policy: p.yaml\nhttp_port: 99999\npbxes: { a: { freeswitch: { password: p } } }',
      [
        'crankback.yaml:2:12: CRANKBACK_HTTP_PORT (--http-port): unexpected "99999". Expected a port from 0 to 65535; 0 takes any free one [CB2002]',
      ],
    ],
    [
      'policy: p.yaml\npbxes: { a: { freeswitch: { password: p } }, b: { freeswitch: { port: 8022, password: p } } }',
      [
        'pbxes.b.freeswitch.listen_port: the same as pbxes.a.freeswitch.listen_port. Expected places of its own for each PBX [CB2009]',
      ],
    ],
    [
      'policy: p.yaml\npbxes: { a: { asterisk: { url: "http://localhost:8088", user: u, password: p } }, b: { asterisk: { url: "http://127.0.0.1:8088/", user: u, password: p } } }',
      [
        'pbxes.b.asterisk.url: the same as pbxes.a.asterisk.url. Expected places of its own for each PBX [CB2009]',
      ],
    ],
  ])('%j', (yaml, problems) => {
    expect(problemsOf(read(yaml))).toEqual(problems);
  });

  it('no secret is shown', () => {
    const yaml = one('{ freeswitch: { password: p, secret: "short" } }');
    const [problem] = problemsOf(read(yaml));
    expect(problem).toContain('pbxes.berlin.freeswitch.secret: not usable');
    expect(problem).not.toContain('short');
  });

  it('a file that is not there is named by its setting', () => {
    const result = readSettings({ CRANKBACK_CONFIG: 'nowhere.yaml' }, {}, fileOf(''));
    expect(problemsOf(result)).toEqual([
      "CRANKBACK_CONFIG: cannot be read: ENOENT: no such file or directory, open 'nowhere.yaml' [CB2008]",
    ]);
  });

  it('without any PBX the variables are asked for, as without the file', () => {
    expect(problemsOf(read('policy: p.yaml')).join('\n')).toContain(
      'CRANKBACK_ARI_URL (--ari-url): missing',
    );
  });
});
